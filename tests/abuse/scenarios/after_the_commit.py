"""The database fails at one statement after an entry was committed, or while a page is read: really, by its own means.

On PostgreSQL the connection's backend is ended, or turned read-only; on SQLite the connection may only read from then
on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import close_old_connections, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.abuse.scratch_site import HTTPS, Site
from titration.models import AuditEvent, ResponseScore, Session
from titration.services.audit import broken_links
from titration.sessions import SEEN

SESSION, AUDIT = 'UPDATE "titration_session"', 'INSERT INTO "titration_auditevent"'


def scenario(site: Site) -> dict[str, Any]:
    return {
        "saved, gone at the session": _saved_and_failed(site, gone),
        "saved, read-only at the session": _saved_and_failed(site, read_only),
        "saved, session ended meanwhile": _saved_and_failed(site, end_session),
        "read, gone at the session": _read(site, SESSION, gone),
        "read, read-only": _read_while_read_only(site),
        "refused, read-only": _refused_while_read_only(site),
        "saving, read-only": _save_while_read_only(site),
        "signing in, read-only": _sign_in_while_read_only(),
        "late": [event.detail["page"] for event in AuditEvent.objects.order_by("pk") if event.detail.get("late")],
        "breaks": sum(1 for _ in broken_links()),
    }


def gone() -> None:
    if connection.vendor == "sqlite":
        read_only()
        return
    with psycopg.connect(**_address()) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])


def read_only() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=1" if connection.vendor == "sqlite" else "SET transaction_read_only = on")


def end_session() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM titration_session")


def _address() -> dict[str, Any]:
    known = connection.settings_dict
    return {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"],
            "dbname": known["NAME"]}  # fmt: skip


@contextmanager
def failing_at(beginning: str, fail: Callable[[], None]) -> Iterator[list[str]]:
    """The fault comes once, just before the first statement that begins so."""
    met: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(beginning) and not met:
            met.append(sql)
            fail()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield met
    connection.close()


@contextmanager
def database_that_may_only_be_read() -> Iterator[None]:
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA query_only=1" if sqlite else "SET default_transaction_read_only = on")
    yield
    connection.close()


def _score() -> dict[str, str]:
    return {"key": str(uuid4()), "spasticity": "4", "at": "2026-01-02T10:00", "note": "typed words"}


def _saved_and_failed(site: Site, fail: Callable[[], None]) -> dict[str, Any]:
    before, fields = ResponseScore.objects.count(), _score()
    with failing_at(SESSION, fail) as met:
        first = site.post("log_response", fields)
    close_old_connections()
    again = site.post("log_response", fields)
    return {
        "met": len(met),
        "answers": [first.status_code, again.status_code],
        "rows": ResponseScore.objects.count() - before,
    }


def _idle_for_two_minutes(site: Site) -> None:
    session = Session.objects.get(session_key=site.client.cookies[settings.SESSION_COOKIE_NAME].value)
    data = session.get_decoded()
    data[SEEN] = (timezone.now() - timedelta(minutes=2)).timestamp()
    session.session_data = type(site.client.session)().encode(data)
    session.save()


def _read(site: Site, beginning: str, fail: Callable[[], None]) -> dict[str, Any]:
    _idle_for_two_minutes(site)
    with failing_at(beginning, fail) as met:
        status = site.get("patient").status_code
    return {"met": len(met), "status": status}


def _read_while_read_only(site: Site) -> dict[str, Any]:
    """With a message that was not shown yet, and a session that is to be written for being used."""
    site.post("log_response", _score())
    _idle_for_two_minutes(site)
    with database_that_may_only_be_read():
        statuses = [site.get("patient").status_code for _ in range(2)]
    return {"statuses": statuses, "afterwards": site.get("patient").status_code}


def _refused_while_read_only(site: Site) -> dict[str, Any]:
    with database_that_may_only_be_read():
        nowhere = site.client.get(reverse("patient", args=[uuid4()]), headers=HTTPS).status_code
        unreadable = site.post("log_response", {**_score(), "spasticity": "eleven"}).status_code
    return {"nowhere": nowhere, "unreadable": unreadable, "afterwards": site.get("patient").status_code}


def _save_while_read_only(site: Site) -> dict[str, Any]:
    before, fields = ResponseScore.objects.count(), _score()
    with database_that_may_only_be_read():
        refused = site.post("log_response", fields)
    page = refused.content.decode()
    return {
        "status": refused.status_code,
        "retry_after": refused.headers.get("Retry-After"),
        "cannot be reached": "cannot be reached just now" in page,
        "disk": "disk" in page,
        "kept": "typed words" in page and fields["key"] in page,
        "again": site.post("log_response", fields).status_code,
        "rows": ResponseScore.objects.count() - before,
    }


def _sign_in_while_read_only() -> int:
    browser = Client(raise_request_exception=False)
    with database_that_may_only_be_read():
        form = {"login": "writer.0@example.org", "password": "not the password"}
        return browser.post(reverse("sign_in"), form, headers=HTTPS).status_code
