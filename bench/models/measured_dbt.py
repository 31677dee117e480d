"""Runs dbt with the given arguments, and writes what the process used to the file that SUPTASK_BENCH_USAGE names."""

import json
import os
import re
import resource
import sys

from dbt.cli.main import dbtRunner


def used_by_spark():
    """What the Java process used in which Spark runs, where one does: CPU seconds, and the most memory at one time in MiB."""
    pyspark = sys.modules.get("pyspark")
    gateway = pyspark and pyspark.SparkContext._gateway
    if not gateway:
        return 0, 0
    process = f"/proc/{gateway.jvm.java.lang.ProcessHandle.current().pid()}"
    with open(f"{process}/stat") as file:
        ticks = file.read().rpartition(")")[2].split()[11:13]
    with open(f"{process}/status") as file:
        peak = int(re.search(r"VmHWM:\s*(\d+) kB", file.read())[1])
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), peak / 1024


succeeded = dbtRunner().invoke(sys.argv[1:]).success
used = resource.getrusage(resource.RUSAGE_SELF)
spark_seconds, spark_mebibytes = used_by_spark()
with open(os.environ["SUPTASK_BENCH_USAGE"], "w") as file:
    json.dump({"cpuSeconds": used.ru_utime + used.ru_stime + spark_seconds, "peakMebibytes": used.ru_maxrss / 1024 + spark_mebibytes}, file)
sys.exit(not succeeded)
