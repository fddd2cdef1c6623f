"""Tablets or liquid that were dispensed, which tell when they run out."""

from datetime import date, datetime
from fractions import Fraction

from titration.domain.errors import DomainError
from titration.domain.record import FactKind
from titration.models import Membership, Patient, PatientFact
from titration.services.drafts import Key
from titration.services.facts import FactDraft, write_fact
from titration.services.writing import check_codes, journey


@journey("supply.dispensed")
def record_dispensing(
    *,
    actor: Membership,
    patient: Patient,
    product: str,
    quantity: Fraction,
    on: date,
    now: datetime,
    note: str = "",
    key: Key | None = None,
) -> PatientFact:
    """quantity: whole tablets, or mL with at most one decimal."""
    known = patient.clinic.known_products
    check_codes([product], known, "product")
    if quantity.denominator != 1 and not known[product].is_liquid:
        raise DomainError("Write whole tablets: a dispensed half is not counted.")
    fact = FactDraft(kind=FactKind.SUPPLY, code=product, amount=quantity, since=on, note=note)
    return write_fact(fact, actor=actor, patient=patient, action="supply.dispensed", now=now)
