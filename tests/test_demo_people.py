"""Production does not start where people of the demo are in its database; nor do they come in where they came later."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from tests.abuse.doors import PASSWORD, give_password, is_in
from tests.abuse.scratch_site import ROOT, run, scratch_environment, server_url
from tests.test_probes import operator  # noqa: F401 - a fixture
from titration.demo_people import SECONDS_TO_ANSWER, is_of_the_demo
from titration.models import Membership, User

START = "import time; began = time.monotonic(); import titration.wsgi; print('started')"
HIRE = (
    "import django; django.setup(); from titration.models import User;"
    "User.objects.create_user('varga@demo.invalid', 'x', full_name='T. Varga')"
)


@contextmanager
def production(url: str | None = None) -> Iterator[dict[str, str]]:
    with scratch_environment(server_url()) as environment:
        environment["DJANGO_SETTINGS_MODULE"] = "titration.bench.settings"
        yield {**environment, **({"TITRATION_DATABASE_URL": url} if url else {})}


def test_a_database_with_people_of_the_demo_is_not_served() -> None:
    with production() as environment:
        assert run(environment, "manage.py", "migrate", "-v0").returncode == 0
        assert run(environment, "-c", START).stdout == "started\n"
        assert run(environment, "-c", HIRE).returncode == 0
        refused = run(environment, "-c", START)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "People of the demo are in this database" in refused.stderr
        served = _ended([sys.executable, "-m", "titration.serving", "--port", "0"], environment)
        assert served.returncode != 0
        assert "Cannot start: People of the demo are in this database" in served.stderr
        assert "Traceback" not in served.stderr


def _ended(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_an_empty_database_starts() -> None:
    with production() as environment:
        assert run(environment, "-c", START).stdout == "started\n"


def test_a_database_that_never_answers_is_waited_for_two_seconds_and_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with production(f"postgresql://titration:x@127.0.0.1:{port}/record") as environment:
            timed = "import titration.settings, psycopg; " + START + "; print(time.monotonic() - began)"
            done = run(environment, "-c", timed)
    assert done.returncode == 0, done.stderr
    assert "did not say in time whether people of the demo are in it" in done.stderr
    assert float(done.stdout.splitlines()[1]) < SECONDS_TO_ANSWER + 10, "the modules of a busy machine included"


def test_a_database_that_refuses_is_told_and_served() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with production(f"postgresql://titration:x@127.0.0.1:{port}/record") as environment:
        done = run(environment, "-c", START)
    assert done.stdout == "started\n"
    assert "OperationalError" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["okafor@demo.invalid", "alice@clinic.example"])
def test_whoever_comes_from_the_demo_later_is_refused(settings: Any, alice: Membership, address: str) -> None:
    User.objects.filter(pk=alice.user_id).update(email=address, password=make_password(PASSWORD))
    inside = Client()
    give_password(inside, address)
    assert is_in(inside)
    settings.PRODUCTION = True
    stays = address.endswith("clinic.example")
    assert is_in(inside) is stays, "a session that began before"
    give_password(again := Client(), address)
    assert is_in(again) is stays


def test_readiness_tells_them(operator: Client, alice: Membership, settings: Any) -> None:  # noqa: F811
    settings.PRODUCTION = True
    assert operator.get("/readyz").status_code == 200
    User.objects.create_user("varga@demo.invalid", full_name="T. Varga")
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["people"]) == (503, "of the demo")


def test_an_address_is_known_in_any_case_and_no_other_one() -> None:
    assert is_of_the_demo("Varga@DEMO.invalid")
    assert not is_of_the_demo("varga@notdemo.invalid")
