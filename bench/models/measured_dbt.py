"""Runs dbt with the given arguments, and writes what the process used to the file that SUPTASK_BENCH_USAGE names."""

import json
import os
import resource
import sys

from dbt.cli.main import dbtRunner

succeeded = dbtRunner().invoke(sys.argv[1:]).success
used = resource.getrusage(resource.RUSAGE_SELF)
with open(os.environ["SUPTASK_BENCH_USAGE"], "w") as file:
    json.dump({"cpuSeconds": used.ru_utime + used.ru_stime, "peakMebibytes": used.ru_maxrss / 1024}, file)
sys.exit(not succeeded)
