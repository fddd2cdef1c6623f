"""Other medicines by class, alcohol among them: from a day on and until their last day, unknown allowed."""

from datetime import date, datetime

from titration.domain.record import FactKind
from titration.domain.vocabulary import COMEDICATIONS
from titration.models import Membership, Patient, PatientFact
from titration.services.drafts import Key
from titration.services.facts import FactDraft, ended, write_fact
from titration.services.writing import check_codes, journey


@journey("medicine.recorded")
def record_medicine(
    *,
    actor: Membership,
    patient: Patient,
    code: str,
    now: datetime,
    since: date | None = None,
    note: str = "",
    key: Key | None = None,
) -> PatientFact:
    check_codes([code], COMEDICATIONS, "medicine")
    fact = FactDraft(kind=FactKind.MEDICINE, code=code, since=since, note=note)
    return write_fact(fact, actor=actor, patient=patient, action="medicine.recorded", now=now)


@journey("medicine.ended")
def end_medicine(
    *, actor: Membership, entry: PatientFact, until: date, now: datetime, key: Key | None = None
) -> PatientFact:
    """The medicine with its last day, as a new entry that supersedes the open one."""
    return ended(entry, until, actor=actor, action="medicine.ended", now=now)
