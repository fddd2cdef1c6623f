"""What every journey shares.

One transaction, a refusal that leaves its own audit row, a form that counts once, a row stored with sentences.

A refused attempt is recorded after its transaction was rolled back, with the class of the refusal and no text that
could name a patient.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial, wraps
from inspect import signature
from typing import Any, get_origin

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from titration.domain.errors import DomainError
from titration.models import Clinic, Membership, Patient, SubmissionKey
from titration.permissions import PermissionRefused
from titration.services.audit import audited, record_event
from titration.services.errors import AnswerNeeded, Conflict
from titration.services.refusals import invalid_sentence, refused_sentence
from titration.services.submissions import counted_once, note_stored, submission_of

_SUBJECTS = ("patient", "entry", "plan", "flag", "review", "step", "draft", "made")


def journey[**P, R](action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """All or nothing; who was refused what is recorded. With the key of a form it counts once."""

    def decorate(write: Callable[P, R]) -> Callable[P, R]:
        shape = signature(write)
        is_list = get_origin(shape.return_annotation) is list

        def once(said: dict[str, Any]) -> R:
            asked = shape.bind(**said)
            asked.apply_defaults()
            patient = _patient_of(_subject_in(said), said["actor"])
            submission = submission_of(action, asked.arguments, patient)
            again = partial(write, **said)
            answer: R = counted_once(submission, again, is_list=is_list, correct=partial(_correct, said))
            return answer

        @wraps(write)
        def written(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with audited():
                    return write(*args, **kwargs) if kwargs.get("key") is None else once(kwargs)
            except AnswerNeeded:
                raise
            except DomainError as refusal:
                _record_refusal(action, refusal, kwargs)
                raise

        written.journey = action  # type: ignore[attr-defined]
        return written

    return decorate


@transaction.atomic
def _record_refusal(action: str, refusal: DomainError, kwargs: dict[str, Any]) -> None:
    actor: Membership = kwargs["actor"]
    subject = _subject_in(kwargs)
    record_event(
        clinic=actor.clinic,
        actor=actor,
        action="refused",
        subject=subject,
        patient=_patient_of(subject, actor),
        detail={"attempt": action, "refusal": type(refusal).__name__},
        now=kwargs["now"],
    )


def _subject_in(said: dict[str, Any]) -> models.Model | None:
    return next((said[name] for name in _SUBJECTS if said.get(name) is not None), None)


def _correct(said: dict[str, Any], claim: SubmissionKey) -> None:
    from titration.services.corrections import take_back  # itself made of journeys

    take_back(claim, said=said)


def _patient_of(subject: models.Model | None, actor: Membership) -> Patient | None:
    """The patient, where it is one of the actor's own clinic.

    Another clinic's id does not enter this clinic's audit.
    """
    holder = getattr(subject, "plan", subject)
    patient = holder if isinstance(holder, Patient) else getattr(holder, "patient", None)
    return patient if isinstance(patient, Patient) and patient.clinic_id == actor.clinic_id else None


def locked(patient: Patient, actor: Membership) -> Patient:
    """The patient's row, held until the transaction ends; refused when it belongs to another clinic."""
    if patient.clinic_id != actor.clinic_id:
        raise PermissionRefused("This patient belongs to another clinic.")
    return Patient.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=patient.pk)


def store[Row: models.Model](row: Row) -> Row:
    """Insert a row; whatever the columns or the database refuse becomes a sentence."""
    _saved(row, force_insert=True)
    note_stored(row)
    return row


def store_all[Row: models.Model](rows: Sequence[Row]) -> None:
    """Insert rows of one table in one statement, with the same sentences."""
    for row in rows:
        check_columns(row)
    if rows:
        _in_words(lambda: type(rows[0])._default_manager.bulk_create(rows), type(rows[0]))
        note_stored(*rows)


def store_again[Row: models.Model](row: Row) -> Row:
    """Update a row that is no append-only entry, with the same sentences."""
    return _saved(row, force_update=True)


def _saved[Row: models.Model](row: Row, **how: Any) -> Row:
    check_columns(row)
    _in_words(lambda: row.save(**how), type(row))
    return row


def _in_words(write: Callable[[], Any], table: type[models.Model]) -> None:
    """What the columns or the database refuse, as a sentence."""
    try:
        with transaction.atomic():
            write()
    except ValidationError as error:
        raise DomainError(invalid_sentence(error)) from error
    except (IntegrityError, DataError) as error:
        raise DomainError(refused_sentence(error, table)) from error


def check_columns(row: models.Model) -> None:
    skipped = {field.name for field in row._meta.fields if field.is_relation or isinstance(field, models.JSONField)}
    try:
        row.clean_fields(exclude=skipped)
    except ValidationError as error:
        raise DomainError(invalid_sentence(error, row)) from error


def moved(rows: models.QuerySet[Any], **changes: Any) -> None:
    """The compare-and-set of a state: `rows` names the row and the version that was seen."""
    if rows.update(**changes) != 1:
        raise Conflict(
            "Somebody changed this meanwhile, and nothing was saved. Compare with what stands now, then decide again."
        )


def today_in(clinic: Clinic, now: datetime) -> date:
    return now.astimezone(clinic.zone).date()


def check_codes(codes: Sequence[str], known: Sequence[str] | dict[str, Any], what: str) -> None:
    if any(code not in known for code in codes):
        raise DomainError(f"Choose the {what} from the list.")


def check_override_reason(reason: str, clinic: Clinic) -> None:
    check_codes([reason], clinic.active_reasons, "reason")
