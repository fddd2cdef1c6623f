"""The one way an audit row is written: inside the caller's transaction, chained to the row before it.

Parallel writers wait for each other at the chain alone: rows told during an `audited` transaction are put into the
chain as its last act, so that nobody waits while a patient is assessed. PostgreSQL takes a transaction lock for it;
SQLite has one writer anyway. Detail holds codes, counts and dates: no name, no free text.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from titration.models import AuditEvent, Clinic, Membership, Patient, User
from titration.services.clock import BEFORE, Clock, ClockBehind, instant_to_pass, is_before

FIRST_LINK = "0" * 64
_CHAIN_LOCK = 7_424_201
_waiting: ContextVar[list[AuditEvent] | None] = ContextVar(
    "rows that wait for the end of their transaction", default=None
)
_heard: ContextVar[list[AuditEvent] | None] = ContextVar("rows written since somebody listens", default=None)


def record_event(
    *,
    clinic: Clinic | None,
    actor: Membership | User | None,
    action: str,
    now: datetime,
    subject: models.Model | None = None,
    patient: Patient | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one row to the chain. subject is the row that was written; its public id is kept, never its text."""
    record_row(
        AuditEvent(
            clinic=clinic,
            actor=actor.user if isinstance(actor, Membership) else actor,
            at=now,
            action=action,
            object_type=subject._meta.model_name or "" if subject is not None else "",
            object_id=str(getattr(subject, "public_id", subject.pk)) if subject is not None else "",
            patient_public_id=patient.public_id if patient is not None else None,
            detail=detail or {},
        )
    )


def record_row(row: AuditEvent) -> None:
    """At once, or at the end of the audited transaction that is under way."""
    row.at, row.detail = row.at.astimezone(UTC), _plain(row.detail)
    waiting = _waiting.get()
    if waiting is None:
        _append([row], Clock.ANY)
        _tell([row])
    else:
        waiting.append(row)


@contextmanager
def audited(clock: Clock = Clock.RIGHT) -> Iterator[None]:
    """A transaction whose audit rows are chained as its last act. One inside another leaves its rows to the outer one;
    what is rolled back takes its rows with it. Raises ClockBehind where only a right clock will do, as for every entry.
    """
    outer = _waiting.get()
    rows: list[AuditEvent] = []
    token = _waiting.set(rows)
    try:
        with transaction.atomic():
            yield
            if outer is None:
                _append(rows, clock)
    finally:
        _waiting.reset(token)
    if outer is None:
        _tell(rows)
    else:
        outer += rows


@contextmanager
def heard_events() -> Iterator[list[AuditEvent]]:
    """Every row written meanwhile, so that a request which left none can be told from one that did."""
    rows: list[AuditEvent] = []
    token = _heard.set(rows)
    try:
        yield rows
    finally:
        _heard.reset(token)


def _append(rows: Sequence[AuditEvent], clock: Clock) -> None:
    if not rows:
        return
    with transaction.atomic(savepoint=False):
        _wait_for_chain()
        newest = _newest()
        previous = newest.digest if newest else FIRST_LINK
        if newest is not None:
            _look_at_clock(newest, rows, clock)
        for row in rows:
            row.previous_digest = previous
            row.digest = previous = row.own_digest()
        AuditEvent.objects.bulk_create(rows)


def _tell(rows: Sequence[AuditEvent]) -> None:
    heard = _heard.get()
    if heard is not None:
        heard += rows


def _look_at_clock(newest: AuditEvent, rows: Sequence[AuditEvent], clock: Clock) -> None:
    """Refuses entries by a clock that stands before the newest row; other rows say so and carry its instant on."""
    instant = instant_to_pass(newest.at, newest.detail)
    if not is_before(instant) or clock is Clock.ACCEPTED:
        return
    if clock is Clock.RIGHT:
        raise ClockBehind
    for row in rows:
        row.detail = {**row.detail, BEFORE: instant.isoformat()}


def newest_instant() -> datetime | None:
    """The instant that the clock must have passed; None for an empty audit."""
    newest = _newest()
    return instant_to_pass(newest.at, newest.detail) if newest else None


def broken_links() -> Iterator[AuditEvent]:
    """Rows, in order, whose digest is not their own or which do not follow the row before them."""
    previous = FIRST_LINK
    for event in AuditEvent.objects.order_by("pk").iterator(chunk_size=2000):
        if event.previous_digest != previous or event.digest != event.own_digest():
            yield event
        previous = event.digest


def head_digest() -> str:
    """The digest of the newest row, which stands for all rows before it; kept elsewhere, it proves them later."""
    return _last_digest()


def holds(digest: str) -> bool:
    """Whether a digest that was kept elsewhere is still one of the chain's."""
    return digest == FIRST_LINK or AuditEvent.objects.filter(digest=digest).exists()


def _wait_for_chain() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])


def _newest() -> AuditEvent | None:
    return AuditEvent.objects.order_by("-pk").only("digest", "at", "detail").first()


def _last_digest() -> str:
    return AuditEvent.objects.order_by("-pk").values_list("digest", flat=True).first() or FIRST_LINK


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, date | datetime | UUID) else value
