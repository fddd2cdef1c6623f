"""The demo command: it refuses to run as production, takes a free port, and ends what it started."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from titration.demo.server import ServerEnded, check, listen_on_a_free_port, running
from titration.serving import port_of


def test_refuses_to_run_outside_demo_mode() -> None:
    with pytest.raises(CommandError, match="never runs as production"):
        call_command("demo", prepare_only=True)


def test_passes_over_a_port_that_is_taken() -> None:
    with listen_on_a_free_port() as first, listen_on_a_free_port() as second:
        assert port_of(second) > port_of(first)


def test_ends_every_process_and_its_children_when_the_demo_ends(tmp_path: Path) -> None:
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    parent = ("bash", "-c", f"sleep 60 & echo $! > {tmp_path}/child; wait")
    with running(sleeper, parent) as server:
        child = int(_written(tmp_path / "child"))
    assert server.returncode is not None
    assert not _is_alive(child)


def _written(file: Path) -> str:
    until = time.monotonic() + 20
    while not (file.is_file() and file.read_text().strip()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return file.read_text()


def _is_alive(number: int) -> bool:
    """Whether the process still runs; one that ended and waits to be collected does not."""
    status = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True).stdout.strip()
    return bool(status) and not status.startswith("Z")


def test_notices_a_server_that_ended_by_itself() -> None:
    with running((sys.executable, "-c", "raise SystemExit(3)")) as server:
        server.wait(30)
        with pytest.raises(ServerEnded, match="code 3"):
            check(server)
