"""What a deployment may choose: production gets no weak default, and the demo never runs as production."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from titration.databases import database_settings
from titration.environment import ConfigurationError, Mode, read_environment

STRONG = "kR7-vbQ2_xTz9LmN4pWs8YdFg3HjUc6AeXo1Ii5Kq0Ba7VtZyEwMnCrJ"
PRODUCTION = {"TITRATION_SECRET_KEY": STRONG, "TITRATION_ALLOWED_HOSTS": "a.example, b.example"}
ROOT = Path(__file__).parent.parent


def test_production_is_what_remains_when_no_other_mode_is_asked_for(tmp_path: Path) -> None:
    environment = read_environment(PRODUCTION, var=tmp_path)
    assert environment.mode is Mode.PRODUCTION
    assert environment.allowed_hosts == ("a.example", "b.example")
    assert environment.secret_key == STRONG


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"TITRATION_SECRET_KEY": ""}, "TITRATION_SECRET_KEY is missing", id="no key"),
        pytest.param({"TITRATION_SECRET_KEY": STRONG[:49]}, "shorter than 50", id="key one character short"),
        pytest.param({"TITRATION_SECRET_KEY": "abcdefghi" * 9}, "fewer than 10", id="key of few characters"),
        pytest.param({"TITRATION_SECRET_KEY": f"django-insecure-{STRONG}"}, "example key", id="Django's example key"),
        pytest.param({"TITRATION_ALLOWED_HOSTS": " , "}, "TITRATION_ALLOWED_HOSTS is missing", id="no host"),
        pytest.param({"TITRATION_ALLOWED_HOSTS": "a.example,*"}, "names every host", id="every host"),
        pytest.param({"TITRATION_DEMO": "1"}, "never runs as production", id="demo where production is configured"),
        pytest.param({"TITRATION_DEMO": "1", "TITRATION_DEBUG": "1"}, "exclude each other", id="two modes"),
        pytest.param({"TITRATION_DEBUG": "perhaps"}, "TITRATION_DEBUG must be 1 or 0", id="not a flag"),
        pytest.param({"TITRATION_ASSETS": "elsewhere"}, "must be one of: cdn, local", id="unknown source of assets"),
    ],
)
def test_refuses_to_start_with(changes: dict[str, str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        read_environment(PRODUCTION | changes, var=tmp_path)


def test_a_key_of_fifty_characters_is_accepted(tmp_path: Path) -> None:
    read_environment(PRODUCTION | {"TITRATION_SECRET_KEY": STRONG[:50]}, var=tmp_path)


@pytest.mark.parametrize("name", ["TITRATION_SECRET_KEY", "TITRATION_ALLOWED_HOSTS", "TITRATION_DATABASE_URL"])
def test_the_demo_refuses_each_sign_of_production(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read_environment({"TITRATION_DEMO": "1", name: "x"}, var=tmp_path)


def test_the_demo_brings_its_own_key_hosts_and_database(tmp_path: Path) -> None:
    demo = read_environment({"TITRATION_DEMO": "1"}, var=tmp_path)
    assert demo.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert demo.database_url == f"sqlite:///{tmp_path}/demo.sqlite3"
    assert demo.secret_key == read_environment({"TITRATION_DEMO": "1"}, var=tmp_path).secret_key
    assert stat.S_IMODE((tmp_path / "demo-secret-key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["demo-secret-key"]


def test_a_start_that_is_refused_says_why_in_one_line() -> None:
    asked = {"TITRATION_DEMO": "1", "TITRATION_SECRET_KEY": STRONG}
    answer = subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=asked, capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Cannot start: The demo never runs as production")
    assert answer.stderr.count("\n") == 1


def test_a_server_without_any_choice_made_does_not_start() -> None:
    command = [sys.executable, "-c", "import titration.wsgi"]
    answer = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True)
    assert answer.returncode == 1
    assert "TITRATION_SECRET_KEY is missing" in answer.stderr


def test_the_content_policy_names_no_cdn_when_the_copies_are_local() -> None:
    asked = {"TITRATION_DEBUG": "1", "TITRATION_ASSETS": "local"}
    command = [sys.executable, "-c", "from titration import settings; print(*settings.SECURE_CSP['script-src'])"]
    answer = subprocess.run(command, cwd=ROOT, env=asked, capture_output=True, text=True, check=True)
    assert answer.stdout == "'self'\n"


def test_reads_a_postgresql_address() -> None:
    found = database_settings("postgresql://ti%40tration:p%2Fw@db.example:5433/clinic?sslmode=require")
    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "clinic",
        "USER": "ti@tration",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "5", "tcp_user_timeout": "15000", "sslmode": "require"},
    }


@pytest.mark.parametrize(
    ("url", "file"),
    [("sqlite:///var/a.sqlite3", "var/a.sqlite3"), ("sqlite:////srv/a%20b.sqlite3", "/srv/a b.sqlite3")],
)
def test_reads_a_sqlite_address(url: str, file: str) -> None:
    assert database_settings(url)["NAME"] == file


@pytest.mark.parametrize("url", ["mysql://a/b", "var/a.sqlite3", "sqlite://", "sqlite://host/a"])
def test_refuses_another_database(url: str) -> None:
    with pytest.raises(ConfigurationError, match="TITRATION_DATABASE_URL"):
        database_settings(url)
