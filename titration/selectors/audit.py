"""The audit of one clinic, newest first, for its administrators. Another clinic's rows do not exist here.

A page goes on after the digest of the last row shown: new rows above move nothing. Patients stand by the clinic's own
identifier, never by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from titration.models import AuditEvent, Membership, Patient
from titration.permissions import Action, check_can
from titration.selectors.objects import visible_patients

PAGE_ROWS = 50
MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What is wanted; None or empty: everything. Days are the clinic's, both included."""

    person: Membership | None = None
    action: str = ""
    patient: Patient | None = None
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """patient: the identifier, empty where the row is about none. found: identifiers that a search listed."""

    at: datetime
    who: str
    action: str
    patient: str
    object_type: str
    object_id: str
    detail: dict[str, Any]
    found: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """after: the digest to go on from, empty on the last page."""

    rows: tuple[AuditRow, ...]
    after: str


def audit_page(membership: Membership, wanted: AuditFilter, after: str = "") -> AuditPage:
    events = list(_after(_wanted(membership, wanted), membership, after)[: PAGE_ROWS + 1])
    shown = events[:PAGE_ROWS]
    return AuditPage(rows=tuple(_rows(membership, shown)), after=shown[-1].digest if len(events) > PAGE_ROWS else "")


def audit_rows(membership: Membership, wanted: AuditFilter) -> tuple[AuditRow, ...] | None:
    """Every row of the filter, newest first; None where there are more than one file holds."""
    events = list(_wanted(membership, wanted)[: MOST_EXPORTED + 1])
    return None if len(events) > MOST_EXPORTED else tuple(_rows(membership, events))


def outside_clinics(since: datetime) -> QuerySet[AuditEvent]:
    """What stands on no clinic's page, oldest first: sign-ins of unknown addresses, acts of people without a clinic.
    For whoever runs the server; no patient is in them.
    """
    return AuditEvent.objects.filter(clinic=None, at__gte=since).select_related("actor").order_by("pk")


def members(membership: Membership) -> list[Membership]:
    """Everybody who works or worked here, by name."""
    here = Membership.objects.filter(clinic_id=membership.clinic_id).select_related("user")
    return list(here.order_by("user__full_name", "pk"))


def patient_by_identifier(membership: Membership, identifier: str) -> Patient | None:
    return visible_patients(membership).filter(identifier=identifier.strip()).first()


def patient_by_id(membership: Membership, public_id: UUID) -> Patient | None:
    return visible_patients(membership).filter(public_id=public_id).first()


def _wanted(membership: Membership, wanted: AuditFilter) -> QuerySet[AuditEvent]:
    check_can(membership, Action.READ_AUDIT)
    zone = membership.clinic.zone
    events = AuditEvent.objects.filter(clinic_id=membership.clinic_id).select_related("actor")
    if wanted.person is not None:
        events = events.filter(actor_id=wanted.person.user_id)
    if wanted.action:
        events = events.filter(action=wanted.action)
    if wanted.patient is not None:
        events = events.filter(patient_public_id=wanted.patient.public_id)
    if wanted.first_on is not None:
        events = events.filter(at__gte=datetime.combine(wanted.first_on, time(), tzinfo=zone))
    if wanted.last_on is not None:
        events = events.filter(at__lt=datetime.combine(wanted.last_on + timedelta(days=1), time(), tzinfo=zone))
    return events.order_by("-pk")


def _after(events: QuerySet[AuditEvent], membership: Membership, digest: str) -> QuerySet[AuditEvent]:
    if not digest:
        return events
    here = AuditEvent.objects.filter(clinic_id=membership.clinic_id, digest=digest).values("pk")[:1]
    return events.filter(pk__lt=here)


def _rows(membership: Membership, events: list[AuditEvent]) -> Iterable[AuditRow]:
    ids = {event.patient_public_id for event in events if event.patient_public_id}
    ids |= {UUID(found) for event in events for found in event.detail.get("found", ())}
    identifiers = {str(patient): identifier for patient, identifier in _identifiers(membership, ids)}
    for event in events:
        yield AuditRow(
            at=event.at.astimezone(membership.clinic.zone),
            who=str(event.actor) if event.actor else "",
            action=event.action,
            patient=identifiers.get(str(event.patient_public_id), ""),
            object_type=event.object_type,
            object_id=event.object_id,
            detail={name: value for name, value in event.detail.items() if name != "found"},
            found=tuple(identifiers[each] for each in event.detail.get("found", ()) if each in identifiers),
            digest=event.digest,
        )


def _identifiers(membership: Membership, ids: set[UUID]) -> Iterable[tuple[UUID, str]]:
    """In pieces: a database takes only so many values in one question."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        rows = visible_patients(membership).filter(public_id__in=wanted[start : start + 500])
        yield from rows.values_list("public_id", "identifier")
