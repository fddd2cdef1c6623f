"""Runs the demo's two processes, the web server and the loop that re-assesses with time, and ends both together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType

HOST = "127.0.0.1"
FIRST_PORT = 8000
LAST_PORT = 8099
WORKERS = 2
SECONDS_TO_SERVE = 60
SECONDS_TO_END = 10
GRANIAN = (
    sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--workers", str(WORKERS),
    "--respawn-failed-workers", "--http1-header-read-timeout", "5000", "--backpressure", "32",
    "--blocking-threads", "4", "--log-level", "warning",
)  # fmt: skip

type Server = subprocess.Popen[bytes]


class ServerEnded(Exception):
    """The web server stopped by itself."""


def free_port() -> int:
    """The first free port from 8000; raises ServerEnded when none is."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise ServerEnded(f"No port from {FIRST_PORT} to {LAST_PORT} is free.")


@contextmanager
def running(server: Sequence[str], *background: Sequence[str]) -> Iterator[Server]:
    """Starts the commands and yields the server; on leaving, each is asked to end and, if it will not, made to."""
    with ExitStack() as ends:
        processes = [_start(command, ends) for command in (server, *background)]
        yield processes[0]


def wait_until_serving(server: Server, port: int) -> None:
    until = time.monotonic() + SECONDS_TO_SERVE
    while time.monotonic() < until:
        check(server)
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise ServerEnded("The web server did not answer.")


def watch(server: Server) -> None:
    """Returns never; raises ServerEnded when the server is gone."""
    while True:
        check(server)
        time.sleep(0.5)


def check(server: Server) -> None:
    code = server.poll()
    if code is not None:
        raise ServerEnded(f"The web server ended with code {code}.")


def end_on_signals() -> None:
    """SIGTERM ends the demo the way Ctrl-C does, and Ctrl-C does so even where a parent process ignores it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Heeds the first signal only: a second one, as make passes on, would cut short the ending of the servers."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _start(command: Sequence[str], ends: ExitStack) -> Server:
    """Starts a group of its own, out of Ctrl-C's reach: granian told twice to end leaves its workers behind."""
    process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own commands
    ends.callback(_end, process)
    return process


def _end(process: Server) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_END)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
