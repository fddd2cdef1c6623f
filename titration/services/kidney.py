"""Kidney readings: an estimated filtration rate of a day. A later reading of the same day counts."""

from datetime import date, datetime
from fractions import Fraction

from titration.domain.record import FactKind
from titration.models import Membership, Patient, PatientFact
from titration.services.drafts import Key
from titration.services.facts import FactDraft, write_fact
from titration.services.writing import journey


@journey("kidney.recorded")
def record_kidney_reading(
    *,
    actor: Membership,
    patient: Patient,
    egfr: Fraction,
    on: date,
    now: datetime,
    note: str = "",
    key: Key | None = None,
) -> PatientFact:
    fact = FactDraft(kind=FactKind.KIDNEY, code="egfr", amount=egfr, since=on, note=note)
    return write_fact(fact, actor=actor, patient=patient, action="kidney.recorded", now=now)
