"""Entered in error.

The entry stays visible with who, when and why, and no longer counts. Nothing that was entered is changed: a dose that
it had superseded stays superseded, and can be entered again as a new entry in the same act.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from titration.domain.errors import DomainError
from titration.domain.record import EntryStatus
from titration.domain.vocabulary import DOSE_REASONS
from titration.models import (
    Entry,
    Membership,
    Patient,
    RegimenChange,
    Review,
    SubmissionKey,
    TreatmentChange,
    TreatmentStatus,
)
from titration.permissions import Action, check_can
from titration.selectors import patient_record, superseded_dose
from titration.services.audit import record_event
from titration.services.doses import record_dose_change
from titration.services.drafts import Key
from titration.services.errors import AnswerNeeded
from titration.services.flags import refresh_flags
from titration.services.plans.ending import reopen_with_treatment, stop_with_treatment
from titration.services.plans.following import hold_for_correction
from titration.services.reviews import take_review_back
from titration.services.submissions import Role, counting_rows
from titration.services.treatment import restore_status
from titration.services.writing import journey, locked, moved

CORRECTED = "Corrected by a form that was sent again with other content."
ENTERED_AGAIN = "Entered again: the entry that superseded it was in error."


@journey("entry.entered_in_error")
def mark_entered_in_error[Row: Entry](
    *, actor: Membership, entry: Row, reason: str, now: datetime, enter_again: bool = False, key: Key | None = None
) -> Row:
    """A prescribed regimen and the end of a treatment are corrected by a clinician, every other entry by whoever may
    record it. enter_again: the dose that this one superseded is entered as a new change of the same date.
    """
    check_can(actor, right_to_correct(entry))
    patient = locked(entry.patient, actor)
    if not reason.strip():
        raise DomainError("Say what is wrong with this entry.")
    entries, before = type(entry)._default_manager, patient_record(patient, now)
    moved(
        entries.filter(pk=entry.pk, status=EntryStatus.CURRENT),
        status=EntryStatus.ENTERED_IN_ERROR,
        status_reason=reason,
        status_by=actor.user,
        status_at=now,
    )
    record_event(
        clinic=actor.clinic,
        actor=actor,
        action="entry.entered_in_error",
        subject=entry,
        patient=patient,
        detail={"recorded_at": entry.recorded_at},
        now=now,
    )
    if isinstance(entry, TreatmentChange):
        _follow_treatment(patient, entry, reason=reason, actor=actor, now=now)
    hold_for_correction(before=before, patient=patient, actor=actor, now=now)
    refresh_flags(patient=patient, now=now, actor=actor, corrected=True)
    if enter_again:
        _enter_again(superseded_dose(entry), actor=actor, patient=patient, now=now)
    return entries.get(pk=entry.pk)


def _follow_treatment(
    patient: Patient, entry: TreatmentChange, *, reason: str, actor: Membership, now: datetime
) -> None:
    """Where it stands without that entry; no plan is under way where it is over then."""
    restore_status(patient)
    if patient.treatment_status == TreatmentStatus.UNDER_TREATMENT:
        reopen_with_treatment(patient=patient, ended_at=_told_at(entry), actor=actor, now=now)
    else:
        stop_with_treatment(patient=patient, reason=reason, actor=actor, now=now)


def _told_at(entry: TreatmentChange) -> list[datetime]:
    """When it was recorded, first as it was said earlier: a plan stopped with the first of them."""
    found = [entry.recorded_at]
    for earlier in entry.supersedes.all():
        found += _told_at(earlier)
    return found


def take_back(claim: SubmissionKey, *, said: Mapping[str, Any]) -> None:
    """What an earlier form made and what still stands of it, before another form takes its place. said: what the other
    one asks for. The caller holds the transaction.
    """
    actor, now = said["actor"], said["now"]
    for row in counting_rows(claim, Role.ANSWER):
        if _is_superseded_by(said, row):
            continue
        if isinstance(row, Entry):
            mark_entered_in_error(actor=actor, entry=row, reason=CORRECTED, now=now)
        elif isinstance(row, Review) and row.done_on is None:
            take_review_back(actor=actor, review=row, reason=CORRECTED, now=now)


def _is_superseded_by(said: Mapping[str, Any], row: models.Model) -> bool:
    """A dose change for the same date, and the same end of a treatment, supersede by themselves."""
    if isinstance(row, RegimenChange):
        return bool(row.starts_on == said.get("starts_on"))
    return isinstance(row, TreatmentChange) and row.kind == said["draft"].kind


def _enter_again(dose: RegimenChange | None, *, actor: Membership, patient: Patient, now: datetime) -> None:
    """Judged anew, since what is known may have changed; what must be answered is entered in the form that asks."""
    if dose is None:
        raise DomainError("This entry superseded no dose. Mark it as entered in error alone.")
    try:
        record_dose_change(
            actor=actor,
            patient=patient,
            starts_on=dose.starts_on,
            regimen=dose.regimen,
            reason=dose.reason if dose.reason in DOSE_REASONS else "other",
            note=dose.note,
            backdate_reason=ENTERED_AGAIN,
            now=now,
        )
    except AnswerNeeded as needed:
        raise DomainError(
            "The dose entered before must be answered for. Log it as a dose change for the same date: "
            "it then supersedes this entry."
        ) from needed


def right_to_correct(entry: Entry) -> Action:
    """Marking an end, or the return after one, as an error starts or stops what is prescribed."""
    if isinstance(entry, RegimenChange) and not entry.as_told:
        return Action.PRESCRIBE
    orders = (TreatmentStatus.ENDED, TreatmentStatus.UNDER_TREATMENT)
    return Action.END_TREATMENT if isinstance(entry, TreatmentChange) and entry.kind in orders else Action.LOG
