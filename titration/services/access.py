"""Who looked at what, and who was refused what: the audit rows of requests that wrote nothing.

A patient is named only where it is one of the person's own clinic; another clinic's id does not enter this clinic's
audit. An address stands by its name, never by what was typed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from titration.models import AuditEvent, Membership, User
from titration.selectors import visible_patients
from titration.services.audit import audited, record_event, record_row
from titration.services.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """page: the address by its name. patient_id and the object as they stand in the address, believed by nobody yet."""

    page: str
    action: str
    patient_id: UUID | None = None
    object_type: str = ""
    object_id: str = ""


def record_read(
    *, actor: Membership | None, user: User, asked: Asked, now: datetime, detail: dict[str, Any] | None = None
) -> None:
    """What was shown to whom. Called after the page was made for this very person, so that its ids are their own."""
    _record(asked, actor, user, asked.action, asked.patient_id, {"page": asked.page, **(detail or {})}, now)


def record_refusal(
    *,
    actor: Membership | None,
    user: User,
    asked: Asked,
    refusal: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    own = visible_patients(actor).filter(public_id=asked.patient_id).exists() if asked.patient_id else False
    patient_id = asked.patient_id if own else None
    attempt = asked if own or not asked.patient_id else Asked(page=asked.page, action=asked.action)
    told = {"attempt": asked.action, "page": asked.page, "refusal": refusal, **(detail or {})}
    _record(attempt, actor, user, "refused", patient_id, told, now)


def _record(
    asked: Asked,
    actor: Membership | None,
    user: User,
    action: str,
    patient_id: UUID | None,
    detail: dict[str, Any],
    now: datetime,
) -> None:
    with audited(Clock.ANY):
        record_row(
            AuditEvent(
                clinic=actor.clinic if actor else None,
                actor=user,
                at=now,
                action=action,
                object_type=asked.object_type,
                object_id=asked.object_id,
                patient_public_id=patient_id,
                detail=detail,
            )
        )


def record_sign(*, action: str, user: User | None, actor: Membership | None, now: datetime, **detail: Any) -> None:
    """In, out, or refused at the door. What was typed is not kept: it can be a password in the wrong field."""
    with audited(Clock.ANY):
        record_event(clinic=actor.clinic if actor else None, actor=user, action=action, detail=detail, now=now)
