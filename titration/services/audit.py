"""The one way an audit row is written: inside the caller's transaction, chained to the row before it.

PostgreSQL takes a transaction lock, so that parallel writers wait for each other's row; SQLite's immediate
transactions do the same. Callers lock the patient first, so that no two writers wait for each other. Detail holds
codes, counts and dates: no name, no free text.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection, models

from titration.models import AuditEvent, Clinic, Membership, Patient, User

FIRST_LINK = "0" * 64
_CHAIN_LOCK = 7_424_201


def record_event(
    *,
    clinic: Clinic | None,
    actor: Membership | User | None,
    action: str,
    now: datetime,
    subject: models.Model | None = None,
    patient: Patient | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one row to the chain. subject is the row that was written; its public id is kept, never its text."""
    _wait_for_chain()
    event = AuditEvent(
        clinic=clinic,
        actor=actor.user if isinstance(actor, Membership) else actor,
        at=now.astimezone(UTC),
        action=action,
        object_type=subject._meta.model_name or "" if subject is not None else "",
        object_id=str(getattr(subject, "public_id", subject.pk)) if subject is not None else "",
        patient_public_id=patient.public_id if patient is not None else None,
        detail=_plain(detail or {}),
        previous_digest=_last_digest(),
    )
    event.digest = event.own_digest()
    event.save(force_insert=True)
    return event


def broken_links() -> Iterator[AuditEvent]:
    """Rows, in order, whose digest is not their own or which do not follow the row before them."""
    previous = FIRST_LINK
    for event in AuditEvent.objects.order_by("pk").iterator(chunk_size=2000):
        if event.previous_digest != previous or event.digest != event.own_digest():
            yield event
        previous = event.digest


def _wait_for_chain() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])


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
