"""Rows of readings that waited for the database: they follow, and one that is refused keeps nobody from their page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW
from titration.models import AuditEvent, Membership
from titration.services.access import Asked, record_read
from titration.services.late_reads import _waiting, record_read_or_keep


@pytest.fixture(autouse=True)
def queue() -> Iterator[None]:
    _waiting.clear()
    yield
    _waiting.clear()


def read_by(member: Membership, page: str) -> dict[str, Any]:
    return {"actor": member, "user": member.user, "asked": Asked(page=page, action=page), "now": NOW, "detail": None}


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_what_waited_follows_the_next_reading(alice: Membership) -> None:
    _waiting.append((record_read, read_by(alice, "earlier")))
    record_read_or_keep(**read_by(alice, "now"))
    assert actions()[-2:] == ["now", "earlier"]
    assert not _waiting


@pytest.mark.sqlite
def test_a_waiting_row_that_is_refused_stays_and_the_page_is_shown(alice: Membership) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TRIGGER refuse_one BEFORE INSERT ON main.titration_auditevent WHEN NEW.action = 'refused one' "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    _waiting.append((record_read, read_by(alice, "refused one")))
    record_read_or_keep(**read_by(alice, "now"))
    assert actions()[-1] == "now"
    assert len(_waiting) == 1
