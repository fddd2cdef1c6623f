"""Settings count only when the running parts obey them: pragmas are read back, checks fire, sign-in is tried."""

import logging
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import IntegrityError, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from titration import settings as product_settings
from titration.checks import check_mail_leaves, check_no_demo_people, check_production
from titration.databases import database_settings
from titration.logs import NamelessFormatter, RouteNameFilter
from titration.mailers import mailer_settings
from titration.models import Session, User
from titration.sessions import GRACE

CANARY = "Quince"


@pytest.fixture
def sqlite_connection(tmp_path: Path, db: None) -> Iterator[DatabaseWrapper]:
    """A connection to a file, made as the product makes it: tests run in memory, where there is no WAL."""
    given = database_settings(f"sqlite:///{tmp_path}/a.sqlite3")
    connection = DatabaseWrapper(connections.configure_settings({"default": given})["default"], "a_file")
    with connection.cursor():
        yield connection
    connection.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("busy_timeout", 5000),
    ],
)
def test_a_live_sqlite_connection_answers(sqlite_connection: DatabaseWrapper, pragma: str, value: str | int) -> None:
    assert sqlite_connection.connection.execute(f"PRAGMA {pragma}").fetchone()[0] == value


def test_sqlite_takes_its_write_lock_at_the_start_of_a_transaction(sqlite_connection: DatabaseWrapper) -> None:
    assert sqlite_connection.transaction_mode == "IMMEDIATE"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"DEBUG": True}, "titration.E001"),
        ({"DEMO": True}, "titration.E002"),
        ({"SECRET_KEY": "short"}, "titration.E003"),
        ({"ALLOWED_HOSTS": []}, "titration.E004"),
        ({"ALLOWED_HOSTS": ["*"]}, "titration.E004"),
        ({"SECOND_FACTOR_REQUIRED": False}, "titration.E005"),
    ],
)
def test_the_deployment_check_refuses(changes: dict[str, Any], code: str) -> None:
    with override_settings(**{"SECOND_FACTOR_REQUIRED": True, **changes}):
        assert [message.id for message in check_production()] == [code]


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_the_deployment_check_accepts_a_sound_production() -> None:
    assert check_production() == []


@pytest.mark.django_db
def test_the_deployment_check_refuses_a_database_with_people_of_the_demo() -> None:
    assert check_no_demo_people() == []
    User.objects.create_user("somebody@demo.invalid", full_name="Somebody")
    assert [message.id for message in check_no_demo_people()] == ["titration.E006"]


@pytest.mark.parametrize(
    ("url", "told"),
    [("", ["titration.W001"]), ("smtp://mail.clinic.example", [])],
    ids=["the terminal", "a mail server"],
)
def test_mail_to_the_terminal_is_told(url: str, told: list[str]) -> None:
    with override_settings(MAILERS={"default": mailer_settings(url)}):
        assert [message.id for message in check_mail_leaves()] == told


def test_passwords_are_hashed_by_argon2_with_19_mib() -> None:
    with override_settings(PASSWORD_HASHERS=product_settings.PASSWORD_HASHERS):
        hashed = make_password("calm-steps-down")
        assert hashed.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
        assert not identify_hasher(hashed).must_update(hashed)


@pytest.mark.django_db
def test_a_person_signs_in_whatever_case_the_address_is_typed_in() -> None:
    alice = User.objects.create_user("Alice@Clinic.Example", "calm-steps-down", full_name="Alice Arnold")
    assert authenticate(RequestFactory().post("/"), email="ALICE@clinic.example", password="calm-steps-down") == alice


@pytest.mark.django_db
def test_the_database_refuses_an_address_that_is_not_in_lower_case() -> None:
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="Alice@clinic.example", full_name="Alice Arnold")])


@pytest.mark.django_db
def test_the_row_of_a_session_outlives_its_twelve_hours_by_its_grace_alone_however_busy_it_was() -> None:
    client = Client()
    client.force_login(User.objects.create_user("alice@clinic.example", full_name="Alice Arnold"))
    at_sign_in = Session.objects.get().expire_date
    session = client.session
    session["later"] = "a write that would have started the age anew"
    session.save()
    assert Session.objects.get().expire_date == at_sign_in
    assert abs(at_sign_in - GRACE - timezone.now() - timedelta(hours=12)) < timedelta(minutes=1)


@pytest.fixture
def log_record() -> logging.LogRecord:
    try:
        raise ValueError(CANARY)
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord(
        "django.request", logging.ERROR, __file__, 1, "%s: %s", ("Gone", f"/find/?q={CANARY}"), error
    )
    record.request = RequestFactory().get("/find/", {"q": CANARY})
    record.status_code = 500
    return record


def test_a_log_line_names_neither_path_nor_patient(log_record: logging.LogRecord) -> None:
    assert RouteNameFilter().filter(log_record)
    line = NamelessFormatter("{levelname} {message}", style="{").format(log_record)
    assert line.startswith("ERROR 500 GET unresolved")
    assert "builtins.ValueError" in line
    assert CANARY not in line
