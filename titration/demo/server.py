"""Runs the demo's two processes, the web server and the loop that re-assesses with time, and ends both together."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from types import FrameType

from titration.serving import HOST, PortTaken, command_for, listen, port_of

FIRST_PORT = 8000
LAST_PORT = 8099
SECONDS_TO_SERVE = 60
SECONDS_TO_ANSWER = 2
SECONDS_TO_END = 10

type Server = subprocess.Popen[bytes]


class ServerEnded(Exception):
    """The web server stopped by itself."""


def listen_on_a_free_port() -> socket.socket:
    """The first free port from 8000, opened at once, so that nobody takes it meanwhile. Raises ServerEnded when none
    is free.
    """
    for port in range(FIRST_PORT, LAST_PORT + 1):
        with suppress(PortTaken):
            return listen(HOST, port)
    raise ServerEnded(f"No port from {FIRST_PORT} to {LAST_PORT} is free. End a program that serves one of them.")


@contextmanager
def serving(listening: socket.socket, *background: Sequence[str]) -> Iterator[Server]:
    """The web server on a port that is open already, and what runs beside it."""
    with listening, running(command_for(listening), *background, hands_on=(listening.fileno(),)) as server:
        wait_until_serving(server, port_of(listening))
        yield server


@contextmanager
def running(server: Sequence[str], *background: Sequence[str], hands_on: Sequence[int] = ()) -> Iterator[Server]:
    """Starts the commands and yields the server, which alone gets the open files; on leaving, each is asked to end
    and, if it will not, made to.
    """
    with ExitStack() as ends:
        started = _start(server, ends, hands_on)
        for command in background:
            _start(command, ends)
        yield started


def wait_until_serving(server: Server, port: int) -> None:
    """Until it answers a request, whatever it says: an open port alone may still wait for the first worker."""
    until = time.monotonic() + SECONDS_TO_SERVE
    while time.monotonic() < until:
        check(server)
        if _answers(port):
            return
        time.sleep(0.05)
    raise ServerEnded("The web server did not answer.")


def _answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=SECONDS_TO_ANSWER)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


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


def _start(command: Sequence[str], ends: ExitStack, hands_on: Sequence[int] = ()) -> Server:
    """Starts a group of its own, out of Ctrl-C's reach: granian told twice to end leaves its workers behind."""
    process = subprocess.Popen(command, start_new_session=True, pass_fds=hands_on)  # noqa: S603 - our own commands
    ends.callback(_end, process)
    return process


def _end(process: Server) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_END)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
