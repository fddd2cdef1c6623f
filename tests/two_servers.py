"""Run as a module in a process of its own, which may open sockets: real servers, two on one port. Prints JSON.

The second of two refuses this machine's name, so a request that it was dealt would be answered 400.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from titration.serving import HOST, port_of
from titration.torture.server import Served, reserved_port, wait_until_free

REQUESTS = 60
SECONDS = 60
GRANIAN = (sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "error", "titration.wsgi:application")
OURS = (sys.executable, "-m", "titration.serving")
SPAWNING = "import multiprocessing, sys; multiprocessing.set_start_method('spawn')\nif __name__ == '__main__':\n"
SPAWNING += "    from titration.serving import main; sys.exit(main(sys.argv[1:]))"
STRANGER = {**os.environ, "TITRATION_ALLOWED_HOSTS": "another.invalid"}


def main() -> dict[str, Any]:
    with reserved_port() as held:
        port = port_of(held)
    told = dict(_while_ours_serves(port))
    with _server(port, *GRANIAN):
        told["ours after granian"] = _second(port, *OURS)
    wait_until_free(port)
    with _server(port, sys.executable, "-c", SPAWNING):
        told["spawned"] = _ask(port)
    return told


def _while_ours_serves(port: int) -> Iterator[tuple[str, Any]]:
    first = Served(port)
    first.start()
    try:
        yield "ours", _second(port, *OURS)
        yield "granian", _second(port, *GRANIAN)
        yield "ours on every address", _second(port, *OURS, host="0.0.0.0")
        first.kill_a_worker()
        yield "refused while a worker is replaced", sum(_ask(port) == -1 for _ in range(REQUESTS))
        first.kill_all()
        first.start()
        yield "again", _ask(port)
    finally:
        first.kill_all()


def _second(port: int, *command: str, host: str = HOST) -> dict[str, Any]:
    """How it ended, what it said, and who answered meanwhile."""
    second = subprocess.Popen(
        [*command, "--host", host, "--port", str(port)], env=STRANGER, stderr=subprocess.PIPE, text=True
    )
    try:
        answers = [_ask(port) for _ in range(REQUESTS)]
        _wait(lambda: second.poll() is not None)
        said = second.communicate(timeout=SECONDS)[1] if second.poll() is not None else ""
    finally:
        second.kill()
    return {"code": second.returncode, "answers": answers, "said": said.strip()}


@contextmanager
def _server(port: int, *command: str) -> Iterator[None]:
    process = subprocess.Popen([*command, "--port", str(port)])
    try:
        _wait(lambda: _ask(port) == 200)
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


def _wait(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not is_so() and time.monotonic() < until:
        time.sleep(0.05)


def _ask(port: int) -> int:
    """-1 where nobody listens, 0 where the answer was cut off."""
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        connection.connect()
    except OSError:
        return -1
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()) + "\n")
