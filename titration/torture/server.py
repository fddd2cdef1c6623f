"""The real server of a run: started as in production, killed without warning, started again."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from titration.demo.server import Server, wait_until_serving
from titration.serving import HOST, PortTaken, listen

SECONDS_FOR_WORKERS = 20


def reserved_port() -> socket.socket:
    """A port of the run's own: held, but not open, so that no other program is given it while the server is dead."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((HOST, 0))
    return held


def wait_until_free(port: int) -> None:
    """Until the last worker that was killed has let go of the port."""
    until = time.monotonic() + SECONDS_FOR_WORKERS
    while time.monotonic() < until:
        with suppress(PortTaken), listen(HOST, port):
            return
        time.sleep(0.02)


class Served:
    """One granian with its workers, in a process group of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._server: Server | None = None

    def start(self) -> None:
        command = (sys.executable, "-m", "titration.serving", "--port", str(self.port))
        self._server = subprocess.Popen(  # noqa: S603 - our own command
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until_serving(self._server, self.port)

    def kill_a_worker(self) -> bool:
        """Whether there was one to kill."""
        workers = self._workers()
        if not workers:
            return False
        os.kill(random.choice(workers), signal.SIGKILL)  # noqa: S311 - any worker will do
        return True

    def kill_all(self) -> None:
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
            self._server = None
            wait_until_free(self.port)

    def revive(self) -> bool:
        """Whether it had given up, as granian does where a worker dies twice within seconds; then it is started again,
        as systemd would.
        """
        if self._server is None or self._server.poll() is None:
            return False
        self.start()
        return True

    def wait_for_workers(self) -> None:
        until = time.monotonic() + SECONDS_FOR_WORKERS
        while not self.revive() and not self._workers() and time.monotonic() < until:
            time.sleep(0.1)

    def _workers(self) -> list[int]:
        assert self._server is not None  # noqa: S101 - narrows the type for the checker
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children")
        return [int(pid) for pid in children.read_text().split() if _is_worker(int(pid))]


def _is_worker(pid: int) -> bool:
    """Python's own resource tracker is a child too, and serves nobody."""
    try:
        return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
