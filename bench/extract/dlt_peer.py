"""Tickets to Parquet with dlt, tuned as its documentation recommends: pages instead of rows, a
parallelized transformer, several files so that two processes normalize, nested values left whole."""

import json
import os
import resource
import sys

from requests.adapters import HTTPAdapter

WORKERS = 20
PAGE = 100

os.environ.update(
    {
        "EXTRACT__WORKERS": str(WORKERS),
        "EXTRACT__MAX_PARALLEL_ITEMS": str(WORKERS),
        "DATA_WRITER__BUFFER_MAX_ITEMS": "10000",
        "DATA_WRITER__FILE_MAX_ITEMS": "10000",
        "NORMALIZE__WORKERS": "2",
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
    }
)

import dlt  # noqa: E402
from dlt.sources.helpers import requests  # noqa: E402


def main() -> None:
    url, count, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    session = requests.Client().session
    session.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=WORKERS))

    @dlt.resource
    def numbers():
        for first in range(1, count + 1, PAGE):
            yield list(range(first, min(first + PAGE, count + 1)))

    @dlt.transformer(parallelized=True, max_table_nesting=0, write_disposition="append")
    def tickets(page):
        return [session.get(f"{url}/ticket/{number}").json() for number in page]

    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.filesystem(bucket_url=f"file://{folder}/landed"),
        dataset_name="suptask",
        pipelines_dir=f"{folder}/pipelines",
    )
    pipeline.run(numbers | tickets, loader_file_format="parquet")


if __name__ == "__main__":
    main()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    kibibytes = 1024 if sys.platform == "darwin" else 1
    with open(os.environ["SUPTASK_BENCH_USAGE"], "w") as file:
        json.dump(
            {
                "cpuSeconds": sum(each.ru_utime + each.ru_stime for each in used),
                "peakMebibytes": max(each.ru_maxrss for each in used) / kibibytes / 1024,
            },
            file,
        )
