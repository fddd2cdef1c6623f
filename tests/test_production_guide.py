"""The guide's start command serves, its probes answer, and the commands of its units exist with these words."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.abuse.scratch_site import ROOT, run, scratch_environment, server_url
from titration.serving import command_for, listen, port_of
from titration.torture.server import reserved_port

DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "production.md").read_text()
TOKEN = "a-token-of-the-operator-of-this-server"
CHOICES = {
    "TITRATION_PROBE_TOKEN": TOKEN,
    "TITRATION_MAIL_URL": "smtp://mail.clinic.example",
    "DJANGO_SETTINGS_MODULE": "titration.bench.settings",
}
ASK = """
import sys, time, urllib.request, urllib.error
def ask(path, **headers):
    request = urllib.request.Request(sys.argv[1] + path, headers={"Host": "127.0.0.1", **headers})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0
until = time.monotonic() + 90
while ask("/healthz") != 200 and time.monotonic() < until:
    time.sleep(0.3)
bearer = {"Authorization": "Bearer " + sys.argv[2]}
print(ask("/healthz"), ask("/readyz"), ask("/readyz", **bearer), ask("/metrics", **bearer),
      ask("/sign-in/", **{"X-Forwarded-Proto": "https"}))
"""


def start_command() -> list[str]:
    (line,) = [line for line in GUIDE.splitlines() if line.startswith("python -m titration.serving")]
    return shlex.split(line)


def test_the_guide_the_unit_the_container_and_the_demo_start_the_same_server() -> None:
    unit = (DEPLOY / "titration.service").read_text()
    assert " ".join(start_command()[1:]) in unit
    (container,) = [line for line in (DEPLOY / "Containerfile").read_text().splitlines() if line.startswith("CMD ")]
    own_address = ["0.0.0.0" if word == "127.0.0.1" else word for word in start_command()]
    assert json.loads(container.removeprefix("CMD ")) == own_address
    with listen("127.0.0.1", 0) as listening:
        assert list(command_for(listening)[1:3]) == start_command()[1:3]


def test_a_fresh_installation_is_prepared_checked_and_served_as_the_guide_says() -> None:
    with scratch_environment(server_url()) as environment:
        environment |= CHOICES
        for words in ("migrate -v0", "collectstatic --no-input -v0", "check --deploy --fail-level WARNING", "reassess"):
            done = run(environment, "manage.py", *words.split())
            assert done.returncode == 0, done.stderr
        assert _answers(environment) == "200 404 200 200 200"


def _answers(environment: dict[str, str]) -> str:
    with reserved_port() as held:
        port = str(port_of(held))
        command = [sys.executable, *start_command()[1:]]
        command[command.index("8000")] = port
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            return run(environment, "-c", ASK, f"http://127.0.0.1:{port}", TOKEN).stdout.strip()
        finally:
            server.terminate()
            server.wait(30)


def test_the_container_replaces_a_worker_that_dies_and_its_check_tells_a_server_that_is_gone() -> None:
    with scratch_environment(server_url()) as environment, reserved_port() as held:
        environment |= {**CHOICES, "TITRATION_ALLOWED_HOSTS": "127.0.0.1, clinic.example"}
        port = str(port_of(held))
        command, check = (_of_the_container(word, port) for word in ("CMD ", "HEALTHCHECK "))
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            assert _becomes_well(check, environment)
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            for worker in children:
                os.kill(int(worker), signal.SIGKILL)
            assert _becomes_well(check, environment)
            assert server.poll() is None
        finally:
            server.terminate()
            server.wait(30)
        assert run(environment, *check[1:]).returncode != 0


def _of_the_container(beginning: str, port: str) -> list[str]:
    """A command of the file, for this machine's Python and a port of the test's own."""
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(beginning)]
    words = json.loads(line[line.index("[") :])
    return [sys.executable, *(word.replace("0.0.0.0", "127.0.0.1").replace("8000", port) for word in words[1:])]


def _becomes_well(check: list[str], environment: dict[str, str]) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if run(environment, *check[1:]).returncode == 0:
            return True
        time.sleep(0.3)
    return False


def test_the_container_runs_nothing_as_root() -> None:
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    assert lines.index("USER titration") < min(
        number for number, line in enumerate(lines) if line.startswith(("CMD", "HEALTHCHECK"))
    )


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda file: file.stem)
def test_a_unit_runs_a_command_that_exists(unit: Path) -> None:
    (line,) = [line for line in unit.read_text().splitlines() if line.startswith("ExecStart=")]
    if "manage.py " in line:
        name = line.split("manage.py ")[1].split()[0]
        assert load_command_class(get_commands()[name], name).help


@pytest.mark.parametrize("timer", sorted(DEPLOY.glob("*.timer")), ids=lambda file: file.stem)
def test_a_timer_has_its_service_and_stands_in_the_guide(timer: Path) -> None:
    assert timer.with_suffix(".service").is_file()
    assert timer.name in GUIDE


def test_what_was_not_tried_says_so() -> None:
    assert GUIDE.lower().count("not tried") >= 3
