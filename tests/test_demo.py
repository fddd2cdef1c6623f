"""The demo command: it refuses to run as production, takes a free port, and ends what it started."""

import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from titration.demo.server import ServerEnded, check, free_port, running


def test_refuses_to_run_outside_demo_mode() -> None:
    with pytest.raises(CommandError, match="never runs as production"):
        call_command("demo", prepare_only=True)


def test_passes_over_a_port_that_is_taken() -> None:
    first = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert free_port() > first


def test_ends_every_process_when_the_demo_ends() -> None:
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    started = _run_and_leave(sleeper)
    assert started.returncode is not None


def _run_and_leave(sleeper: tuple[str, ...]) -> subprocess.Popen[bytes]:
    with running(sleeper, sleeper) as server:
        check(server)
    return server


def test_notices_a_server_that_ended_by_itself() -> None:
    with running((sys.executable, "-c", "raise SystemExit(3)")) as server:
        server.wait(30)
        with pytest.raises(ServerEnded, match="code 3"):
            check(server)
