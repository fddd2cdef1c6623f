"""A form counts once, and is never called saved for what it did not save.

Its key is claimed with a digest of the action, the patient, the person and the cleaned content, before anything is
written; every row stored meanwhile is kept with the claim. The same form again is answered with the rows that stand.
Other content, another patient or person, and rows that no longer stand are a conflict: `UsedAlready` says which.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

from titration.domain.record import EntryStatus
from titration.models import Entry, Flag, ImportState, Membership, Patient, SubmissionKey
from titration.services.content import digest_of_content
from titration.services.drafts import FormKey
from titration.services.errors import Used, UsedAlready

IMPORTED = "history.imported"
_stored: ContextVar[list[models.Model] | None] = ContextVar("rows stored by the submission under way", default=None)
_repeats: ContextVar[list[SubmissionKey] | None] = ContextVar("forms that came again", default=None)


class Role(StrEnum):
    """What a row is to a submission: made and answered, answered though it stood before, or made beside."""

    ANSWER = "answer"
    CHANGED = "changed"
    MADE = "made"


def note_stored(*rows: models.Model) -> None:
    """Told by whatever stores rows. Flags are judged, not submitted."""
    stored = _stored.get()
    if stored is not None:
        stored += [row for row in rows if hasattr(row, "public_id") and not isinstance(row, Flag)]


@contextmanager
def heard_repeats() -> Iterator[list[SubmissionKey]]:
    """The forms that came again meanwhile, so that none of them is said to be saved just now."""
    heard: list[SubmissionKey] = []
    token = _repeats.set(heard)
    try:
        yield heard
    finally:
        _repeats.reset(token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One form that is sent: its key, what it asks for, by whom and about whom."""

    key: FormKey
    action: str
    actor: Membership
    patient: Patient | None
    now: datetime
    digest: str


def submission_of(action: str, said: Mapping[str, Any], patient: Patient | None) -> Submission:
    """said: the arguments of the journey, defaults included."""
    actor = said["actor"]
    key = said["key"] if isinstance(said["key"], FormKey) else FormKey(key=said["key"])
    content = {"typed": key.said, "plan": said.get("plan")} if key.said else said
    about = {"action": action, "person": actor.user_id, "patient": patient.pk if patient else None}
    return Submission(
        key=key,
        action=action,
        actor=actor,
        patient=patient,
        now=said["now"],
        digest=digest_of_content({**about, "content": content}),
    )


def counted_once(
    submission: Submission, write: Callable[[], Any], *, is_list: bool, correct: Callable[[SubmissionKey], None]
) -> Any:
    """What writing answers, or what the same form made before. correct: takes back what an earlier form made.

    Inside the transaction of the journey: a second submit waits for the first to end, then finds its claim.
    """
    claim, is_first = SubmissionKey.objects.get_or_create(key=submission.key.key, defaults=_columns(submission))
    if not is_first:
        rows = _rows_again(claim, submission)
        return rows if is_list else rows[0]
    earlier = _take_back(submission, correct)
    with _stored_rows() as stored:
        answer = write()
    answers = list(answer) if is_list else [answer]
    claim.rows = [*_answered(answers, stored), *([*_named(row), Role.MADE] for row in stored if row not in answers)]
    for each in (claim, *earlier):
        each.rows = [*each.rows, *(row for row in claim.rows if row not in each.rows)]
        each.save(update_fields=["rows"])
    return answer


def is_used(key: FormKey) -> bool:
    """Whether a form with this key was saved, or this one corrects such a form: what it may say then is more than what
    could be said first now.
    """
    return key.corrects is not None or SubmissionKey.objects.filter(key=key.key).exists()


def result_of_repeat(submission: Submission) -> models.Model | None:
    """What the same form made before; None where it was never sent. Raises UsedAlready as `counted_once` does."""
    claim = SubmissionKey.objects.filter(key=submission.key.key).first()
    return _rows_again(claim, submission)[0] if claim else None


def standing_rows(claim: SubmissionKey, *roles: Role) -> list[models.Model]:
    """The rows of these roles as they are now, in their order."""
    wanted = [(table, public_id) for table, public_id, role in claim.rows if role in roles]
    found = [_row(table, public_id) for table, public_id in wanted]
    return [row for row in found if row is not None]


def counting_rows(claim: SubmissionKey, *roles: Role) -> list[models.Model]:
    """The same, each entry by the one that took its place; without those of which nothing counts."""
    last = [_last_of(row) for row in standing_rows(claim, *roles)]
    return [row for row in dict.fromkeys(last) if still_stands(row)]


def _last_of(row: models.Model) -> models.Model:
    while isinstance(row, Entry) and row.superseded_by is not None:
        row = row.superseded_by
    return row


def still_stands(row: models.Model) -> bool:
    """Whether a row that a form made still counts."""
    if isinstance(row, Entry):
        return row.status == EntryStatus.CURRENT
    return getattr(row, "error_at", None) is None


def _columns(submission: Submission) -> dict[str, Any]:
    actor = submission.actor
    return {
        "clinic": actor.clinic,
        "actor": actor.user,
        "at": submission.now,
        "action": submission.action,
        "patient": submission.patient,
        "digest": submission.digest,
    }


def _rows_again(claim: SubmissionKey, submission: Submission) -> list[models.Model]:
    why = _why_not(claim, submission)
    if why is not None:
        raise UsedAlready(why, claim if claim.clinic_id == submission.actor.clinic_id else None)
    rows = standing_rows(claim, Role.ANSWER, Role.CHANGED)
    if not rows or not _all_stand(claim, rows):
        raise UsedAlready(Used.NO_LONGER_STANDS, claim)
    heard = _repeats.get()
    if heard is not None:
        heard.append(claim)
    return rows


def _all_stand(claim: SubmissionKey, rows: list[models.Model]) -> bool:
    """Rows that the form changed may be changed again, but for an import, which is taken back as a whole."""
    if claim.action == IMPORTED:
        return all(getattr(row, "state", "") == ImportState.IMPORTED for row in rows)
    return all(map(still_stands, standing_rows(claim, Role.ANSWER)))


def _why_not(claim: SubmissionKey, submission: Submission) -> Used | None:
    """None for the same form with the same content."""
    actor, patient = submission.actor, submission.patient
    if not claim.digest or claim.clinic_id != actor.clinic_id:
        return Used.NOT_KNOWN
    if claim.patient_id != (patient.pk if patient else None):
        return Used.OTHER_PATIENT
    if claim.action != submission.action:
        return Used.OTHER_FORM
    if claim.actor_id != actor.user_id:
        return Used.OTHER_PERSON
    return None if claim.digest == submission.digest else Used.OTHER_CONTENT


def _take_back(submission: Submission, correct: Callable[[SubmissionKey], None]) -> list[SubmissionKey]:
    """Only what the same kind of form made in the same clinic, about the same patient -> the forms that are corrected:
    what takes the place of their entries is theirs too, so that a third form meets it.
    """
    patient, earlier = submission.patient, submission.key.corrects
    if earlier is None or earlier == submission.key.key or patient is None:
        return []
    claims = SubmissionKey.objects.filter(
        key=earlier, clinic=submission.actor.clinic, patient=patient, action=submission.action
    )
    corrected = list(claims.exclude(digest=""))
    for claim in corrected:
        correct(claim)
    return corrected


@contextmanager
def _stored_rows() -> Iterator[list[models.Model]]:
    stored: list[models.Model] = []
    token = _stored.set(stored)
    try:
        yield stored
    finally:
        _stored.reset(token)


def _answered(answers: list[models.Model], stored: list[models.Model]) -> Iterator[list[str]]:
    for row in answers:
        yield [*_named(row), Role.ANSWER if row in stored else Role.CHANGED]


def _named(row: models.Model) -> list[str]:
    return [row._meta.model_name or "", str(getattr(row, "public_id", row.pk))]


def _row(table: str, public_id: str) -> models.Model | None:
    """As pages need it: with its patient and clinic, where it is about one."""
    model = apps.get_model("titration", table)
    columns = {field.name for field in model._meta.fields}
    rows = model._default_manager.filter(**{"public_id" if "public_id" in columns else "pk": public_id})
    row: models.Model | None = (rows.select_related("patient__clinic") if "patient" in columns else rows).first()
    return row
