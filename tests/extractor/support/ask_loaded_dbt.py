"""Asks the process of loaded_dbt.py for a dbt with these arguments, and this process's environment, folder and outputs."""

import json
import os
import socket
import sys

connection = socket.socket(socket.AF_UNIX)
connection.connect(os.environ["SUPTASK_TESTS_DBT"])
asked = {"arguments": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd()}
socket.send_fds(connection, [json.dumps(asked).encode()], [1, 2])
sys.exit(int(connection.recv(1) or b"1"))
