"""A worker that can be killed often: a warm parent forks a child that does jobs, at once and as often as it is asked.

Started by the tests with the test database's address in the environment. Each line on stdin forks a child that drains the queue
until it is killed; its pid is the answer on stdout. Real handlers, real transactions, real files; only the lease is short (LEASE, seconds).
"""

import os
import signal
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import connections  # noqa: E402  # the settings come first

from core import jobs, printing  # noqa: E402


def main() -> None:
    jobs.LEASE = timedelta(seconds=float(os.environ["LEASE"]))
    printing.warm()
    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    print("ready", flush=True)  # noqa: T201  # the answer to the test
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            work()
        print(pid, flush=True)  # noqa: T201


def work() -> None:
    parent = os.getppid()
    while os.getppid() == parent:  # ends with its parent
        jobs.drain()
        time.sleep(0.02)
    os._exit(0)


if __name__ == "__main__":
    main()
