"""Planned times in which doses may be left out, and the note that says how baclofen goes on."""

from datetime import date, datetime

from titration.domain.errors import DomainError
from titration.domain.record import FactKind
from titration.domain.vocabulary import INTERRUPTIONS
from titration.models import Membership, Patient, PatientFact
from titration.services.drafts import Key
from titration.services.facts import FactDraft, supersede_fact, write_fact
from titration.services.writing import check_codes, journey


@journey("interruption.recorded")
def record_interruption(
    *,
    actor: Membership,
    patient: Patient,
    code: str,
    first_on: date,
    now: datetime,
    last_on: date | None = None,
    note: str = "",
    key: Key | None = None,
) -> PatientFact:
    check_codes([code], INTERRUPTIONS, "interruption")
    fact = FactDraft(kind=FactKind.INTERRUPTION, code=code, since=first_on, until=last_on, note=note)
    return write_fact(fact, actor=actor, patient=patient, action="interruption.recorded", now=now)


@journey("interruption.note_written")
def write_continuity_note(
    *, actor: Membership, entry: PatientFact, note: str, now: datetime, key: Key | None = None
) -> PatientFact:
    """The interruption with its note, as a new entry that supersedes the one without."""
    if not note.strip():
        raise DomainError("Write how baclofen goes on: by which form or route, and who sees to it.")
    fact = FactDraft(
        kind=FactKind.INTERRUPTION, code=entry.code, since=entry.since, until=entry.until, note=note
    )  # fmt: skip
    return supersede_fact(
        entry, fact, actor=actor, action="interruption.note_written", reason="A continuity note was written.", now=now
    )
