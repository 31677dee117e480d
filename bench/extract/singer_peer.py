"""Tickets with singer-sdk: one stream, one request a record. Its messages are what lands: no target
reads them, which can only make it faster than it is."""

import json
import os
import resource
import sys

import requests
from singer_sdk import Stream, Tap
from singer_sdk import typing as th

URL, COUNT, FOLDER = sys.argv[1], int(sys.argv[2]), sys.argv[3]


class Tickets(Stream):
    name = "tickets"
    primary_keys = ("ticketNumber",)
    schema = th.PropertiesList(
        th.Property("ticketNumber", th.IntegerType), additional_properties=True
    ).to_dict()

    def get_records(self, context):
        session = requests.Session()
        for number in range(1, COUNT + 1):
            yield session.get(f"{URL}/ticket/{number}").json()


class TicketTap(Tap):
    name = "tap-tickets"
    config_jsonschema = th.PropertiesList().to_dict()

    def discover_streams(self):
        return [Tickets(self)]


if __name__ == "__main__":
    sys.stdout = open(os.path.join(FOLDER, "tickets.jsonl"), "w", encoding="utf-8")
    TicketTap(config={}).sync_all()
    sys.stdout.close()
    used = resource.getrusage(resource.RUSAGE_SELF)
    kibibytes = 1024 if sys.platform == "darwin" else 1
    with open(os.environ["SUPTASK_BENCH_USAGE"], "w") as file:
        json.dump({"cpuSeconds": used.ru_utime + used.ru_stime, "peakMebibytes": used.ru_maxrss / kibibytes / 1024}, file)
