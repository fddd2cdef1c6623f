"""What two granian workers hold when nobody asks anything: the resident memory of the server and all its children, as
/proc tells it.

Pages that processes share are counted once for each, so the sum is an upper bound.
"""

import os
import urllib.request
from pathlib import Path

from titration.demo.server import Server, listen_on_a_free_port, serving
from titration.serving import HOST, port_of

REQUESTS = 20
_KB = 1024


def two_workers_bytes() -> int:
    """Starts the server on a free loopback port, lets every worker load the application, measures, ends it."""
    listening = listen_on_a_free_port()
    port = port_of(listening)
    with serving(listening) as server:
        for _ in range(REQUESTS):
            _ask(port)
        return resident_bytes(server)


def _ask(port: int) -> None:
    request = urllib.request.Request(f"http://{HOST}:{port}/sign-in/", headers={"X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server on loopback
        answer.read()


def resident_bytes(server: Server, *, children: bool = True) -> int:
    below = _descendants(server.pid) if children else []
    return sum(_resident_of(pid) for pid in (server.pid, *below))


def _descendants(pid: int) -> list[int]:
    children = [child for child in _processes() if _parent_of(child) == pid]
    return [*children, *(below for child in children for below in _descendants(child))]


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - names, not paths


def _parent_of(pid: int) -> int:
    return _number(pid, "PPid:")


def _resident_of(pid: int) -> int:
    return _number(pid, "VmRSS:") * _KB


def _number(pid: int, field: str) -> int:
    """One number of a process's status; 0 where the process is gone or has no such line."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)
