"""A round of `reassess` that is killed, repeated or run twice at once: nothing half done, nothing said twice."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.reassessing import SIZE
from titration.bench.scratch import Scratch, scratch

KILLED_AT = 40
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def server_url() -> str | None:
    return os.environ["TITRATION_DATABASE_URL"] if connection.vendor == "postgresql" else None


@pytest.fixture
def place(server_url: str | None) -> Iterator[Scratch]:
    with scratch(server_url) as made:
        assert ran(made, "prepare") == 0
        yield made


def child(place: Scratch, *act: str) -> dict[str, Any]:
    environment = {**place.environment, "PYTHONPATH": str(ROOT)}
    return {"args": [sys.executable, "-m", "tests.reassessing", *act], "env": environment, "cwd": ROOT}


def ran(place: Scratch, *act: str) -> int:
    return subprocess.run(**child(place, *act), stdout=subprocess.DEVNULL, check=False, timeout=240).returncode


def told(place: Scratch) -> dict[str, Any]:
    out = subprocess.run(**child(place, "tell"), stdout=subprocess.PIPE, check=True, text=True, timeout=60).stdout
    return dict(json.loads(out))


def test_a_killed_round_leaves_nothing_half_done_and_is_finished_by_the_next(place: Scratch) -> None:
    assert ran(place, "run_killed_at", str(KILLED_AT)) == -signal.SIGKILL
    killed = told(place)
    assert killed["due"] == SIZE - (KILLED_AT - 1)
    assert killed["broken_links"] == killed["ended_twice"] == 0
    assert 0 < killed["patients_told"] < KILLED_AT
    assert ran(place, "run") == 0
    finished = told(place)
    assert (finished["due"], finished["broken_links"], finished["ended_twice"]) == (0, 0, 0)
    assert finished["open_past_their_time"] == 0
    assert ran(place, "run") == 0
    assert told(place) == finished


def test_two_rounds_at_once_say_nothing_twice(place: Scratch) -> None:
    rounds = [subprocess.Popen(**child(place, "run"), stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [each.wait(120) for each in rounds] == [0, 0]
    both = told(place)
    assert (both["due"], both["broken_links"], both["ended_twice"]) == (0, 0, 0)
    assert ran(place, "run") == 0
    assert told(place) == both


@pytest.mark.sqlite
def test_the_loop_outlives_a_record_that_is_busy(place: Scratch) -> None:
    """Another process holds the file for longer than the loop waits for it."""
    holder = sqlite3.connect(place.database_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    loop = subprocess.Popen(**child(place, "loop"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert loop.stderr is not None
    assert "The next round tries again." in loop.stderr.readline()
    holder.rollback()
    holder.close()
    until = time.monotonic() + 120
    while told(place)["due"] and time.monotonic() < until:
        time.sleep(0.2)
    loop.terminate()
    loop.communicate(timeout=30)
    assert (loop.returncode, told(place)["due"]) == (0, 0)
