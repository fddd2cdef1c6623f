"""Conditions that the rules ask for, from a day on and until a day, unknown allowed."""

from datetime import date, datetime

from titration.domain.record import FactKind
from titration.domain.vocabulary import CONDITIONS
from titration.models import Membership, Patient, PatientFact
from titration.services.drafts import Key
from titration.services.facts import FactDraft, ended, write_fact
from titration.services.writing import check_codes, journey


@journey("condition.recorded")
def record_condition(
    *,
    actor: Membership,
    patient: Patient,
    code: str,
    now: datetime,
    since: date | None = None,
    note: str = "",
    key: Key | None = None,
) -> PatientFact:
    check_codes([code], CONDITIONS, "condition")
    fact = FactDraft(kind=FactKind.CONDITION, code=code, since=since, note=note)
    return write_fact(fact, actor=actor, patient=patient, action="condition.recorded", now=now)


@journey("condition.ended")
def end_condition(
    *, actor: Membership, entry: PatientFact, until: date, now: datetime, key: Key | None = None
) -> PatientFact:
    """The condition with its end, as a new entry that supersedes the open one."""
    return ended(entry, until, actor=actor, action="condition.ended", now=now)
