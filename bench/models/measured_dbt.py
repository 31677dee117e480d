"""Runs dbt with the given arguments, and writes what the process used to the file that SUPTASK_BENCH_USAGE names."""

import json
import os
import re
import resource
import sys

from dbt.cli.main import dbtRunner


def used_by_spark():
    """What the Java process used in which Spark runs, where one does: CPU seconds and the most memory, in MiB, at one time."""
    pyspark = sys.modules.get("pyspark")
    gateway = pyspark and pyspark.SparkContext._gateway
    if not gateway:
        return 0, 0
    java = gateway.jvm.java.lang
    with open(f"/proc/{java.ProcessHandle.current().pid()}/status") as status:
        peak = int(re.search(r"VmHWM:\s*(\d+) kB", status.read())[1])
    return java.management.ManagementFactory.getOperatingSystemMXBean().getProcessCpuTime() / 1e9, peak / 1024


succeeded = dbtRunner().invoke(sys.argv[1:]).success
used = resource.getrusage(resource.RUSAGE_SELF)
spark_seconds, spark_mebibytes = used_by_spark()
with open(os.environ["SUPTASK_BENCH_USAGE"], "w") as file:
    json.dump({"cpuSeconds": used.ru_utime + used.ru_stime + spark_seconds, "peakMebibytes": used.ru_maxrss / 1024 + spark_mebibytes}, file)
sys.exit(not succeeded)
