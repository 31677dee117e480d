"""dbt for the tests, as forks of a process that has loaded it and parsed the project for DuckDB: both take longer than a small build.

Listens on the Unix socket that it is given, says so on its standard output, and ends with its standard input. See ask_loaded_dbt.py.
"""

import gc
import json
import os
import select
import signal
import socket
import sys

import dbt.adapters.postgres  # noqa: F401
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.clients.jinja import template_cache

# A collector that walks seldom through the thousands of objects of a project that all stay.
gc.set_threshold(200_000, 20, 20)


def run(connection, parsed):
    """Does in this process what a client asks for, and answers with the exit code."""
    message, outputs, _, _ = socket.recv_fds(connection, 1 << 20, 2)
    asked = json.loads(message)
    os.dup2(outputs[0], 1)
    os.dup2(outputs[1], 2)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    result = dbtRunner(manifest=parsed if "SUPTASK_TESTS_PARSED" in os.environ else None).invoke(asked["arguments"])
    if result.exception is not None:
        print(result.exception, file=sys.stderr)
    # As a process does that ends by itself: what stands in the write-ahead log goes into the file.
    if DuckDBConnectionManager._ENV:
        DuckDBConnectionManager._ENV.close()
    sys.stdout.flush()
    sys.stderr.flush()
    connection.send(b"0" if result.success else b"1")


def main(address, *parse):
    parsed = dbtRunner().invoke(list(parse)).result
    # Else each fork compiles again the macros that it calls.
    for macro in parsed.macros.values():
        template_cache.get_node_template(macro)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen(64)
    print("listening", flush=True)
    while sys.stdin not in select.select([server, sys.stdin], [], [])[0]:
        connection, _ = server.accept()
        if os.fork() == 0:
            server.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                run(connection, parsed)
            finally:
                os._exit(0)
        connection.close()


main(*sys.argv[1:])
