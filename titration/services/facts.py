"""What every fact that the rules use shares: written once with its audit event, then the flags are judged again.

Kinds differ in what they may hold; each journey checks that before it comes here. What was entered is never changed:
an end or a note is a new entry that supersedes the one before.
"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from titration.domain.errors import DomainError
from titration.domain.record import FactKind
from titration.models import Membership, Patient, PatientFact
from titration.permissions import check_can_log
from titration.services.entries import supersede, tell_and_judge
from titration.services.reports import check_day
from titration.services.writing import locked, store, today_in

TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDraft:
    """The columns of a fact; amount in whole tenths or None."""

    kind: FactKind
    code: str
    amount: Fraction | None = None
    since: date | None = None
    until: date | None = None
    note: str = ""

    @property
    def tenths(self) -> int | None:
        if self.amount is None:
            return None
        tenths = self.amount * TENTHS
        if tenths.denominator != 1:
            raise DomainError("Write the amount with at most one decimal.")
        return tenths.numerator


def write_fact(fact: FactDraft, *, actor: Membership, patient: Patient, action: str, now: datetime) -> PatientFact:
    """The fact as a row of its own. The caller is a journey, which holds the transaction."""
    check_can_log(actor)
    patient = locked(patient, actor)
    check_lived(fact, patient, now)
    row = store(_row(fact, patient, actor, now))
    _tell(row, action, actor=actor, now=now)
    return row


def check_lived(fact: FactDraft, patient: Patient, now: datetime) -> None:
    """Only an interruption is planned; everything else has been when it is recorded."""
    if fact.kind is FactKind.INTERRUPTION:
        if fact.since is not None and fact.since < patient.birth_date:
            raise DomainError("Check the date: it is before the patient was born.")
        return
    check_day(fact.since, patient, now)
    check_day(fact.until, patient, now)


def supersede_fact(
    entry: PatientFact, fact: FactDraft, *, actor: Membership, action: str, reason: str, now: datetime
) -> PatientFact:
    """The fact as a new entry in the place of an earlier one, which stays with the reason."""
    check_can_log(actor)
    patient = locked(entry.patient, actor)
    row = supersede(PatientFact.objects.filter(pk=entry.pk), _row(fact, patient, actor, now), reason=reason)
    _tell(row, action, actor=actor, now=now)
    return row


def ended(entry: PatientFact, until: date, *, actor: Membership, action: str, now: datetime) -> PatientFact:
    """A condition or another medicine with its last day."""
    if until > today_in(entry.patient.clinic, now) or (entry.since is not None and until < entry.since):
        raise DomainError("Choose an end that is not in the future and not before the beginning.")
    fact = FactDraft(kind=FactKind(entry.kind), code=entry.code, since=entry.since, until=until, note=entry.note)
    return supersede_fact(entry, fact, actor=actor, action=action, reason="Ended by a later entry.", now=now)


def _row(fact: FactDraft, patient: Patient, actor: Membership, now: datetime) -> PatientFact:
    return PatientFact(
        patient=patient,
        kind=fact.kind,
        code=fact.code,
        tenths=fact.tenths,
        since=fact.since,
        until=fact.until,
        note=fact.note,
        recorded_by=actor.user,
        recorded_at=now,
    )


def _tell(row: PatientFact, action: str, *, actor: Membership, now: datetime) -> None:
    detail = {"code": row.code, "tenths": row.tenths, "since": row.since, "until": row.until}
    tell_and_judge(row, action, detail, patient=row.patient, actor=actor, now=now)
