"""How what was typed into a form that was used already is recorded after all: by the road of its kind, or by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.urls import reverse

from titration.domain.record import PlanState
from titration.models import (
    ClinicChange,
    Entry,
    Flag,
    Patient,
    Plan,
    PlanTemplate,
    Review,
    SubmissionKey,
    TreatmentChange,
)
from titration.selectors import get_patient
from titration.selectors.clinic_changes import clinic_changes
from titration.services.errors import Used, UsedAlready
from titration.views.clinic_request import ClinicRequest
from titration.views.on_file import rows_on_file

CORRECT = "Record this as a correction"
STAYS_VISIBLE = "A correction counts in the place of what is on file, which stays visible in the time line."
DETAILS_ALONE = "Doses, since when and conditions stay as on file; correct them on the patient's page."
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "key", "preview", "fill_in"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A button that records what was typed: where it goes, and what it takes along. note: what it does, where the
    button does not say all.
    """

    words: str
    url: str
    fields: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The request with what is known of the form that was used. patient: whom the page is about, if anybody. claim:
    what may be compared with what was typed, and its rows as they count now.
    """

    request: ClinicRequest
    used: UsedAlready
    patient: Patient | None
    claim: SubmissionKey | None
    rows: list[Any]

    def typed(self, **changes: str) -> tuple[tuple[str, str], ...]:
        """Every field as it was sent, with a key of its own, and with what must be another now."""
        changed = {"key": str(uuid4()), **changes}
        posted = self.request.POST.lists()
        sent = [(name, text) for name, texts in posted for text in texts if name not in _NOT_TYPED | changed.keys()]
        return (*sent, *changed.items())


def asked_of(request: ClinicRequest, used: UsedAlready) -> Asked:
    match = request.resolver_match
    patient_id: UUID | None = match.kwargs.get("patient_id") if match else None
    patient = get_patient(request.membership, patient_id) if patient_id else None
    claim = None if used.why in (Used.OTHER_PATIENT, Used.OTHER_FORM, Used.NOT_KNOWN) else used.claim
    return Asked(request=request, used=used, patient=patient, claim=claim, rows=rows_on_file(claim) if claim else [])


def ways_on(asked: Asked, *, differs: bool) -> Iterator[Way]:
    """How what was typed is recorded; none where it says what is on file."""
    here = asked.request.get_full_path()
    claim, row = asked.claim, asked.rows[0] if asked.rows else None
    if claim is None:
        for_whom = f" for {asked.patient.name}" if asked.patient else ""
        yield Way(words=f"Save it as a new entry{for_whom}", url=here, fields=asked.typed())
    elif row is None:
        yield Way(words="Record it again", url=here, fields=asked.typed(key=f"{uuid4()}.{claim.key}"))
    elif differs:
        usual = _as_correction if isinstance(row, Entry | Review) else _as_another(CORRECT)
        yield from _WAYS.get(claim.action, usual)(asked, claim, row)


def _as_correction(asked: Asked, claim: SubmissionKey, _: Any) -> Iterator[Way]:
    """The entries on file stay, marked with the reason, and what was typed counts in their place."""
    fields = asked.typed(key=f"{uuid4()}.{claim.key}")
    yield Way(words=CORRECT, url=asked.request.get_full_path(), fields=fields, note=STAYS_VISIBLE)


def _as_another(words: str) -> Callable[[Asked, SubmissionKey, Any], Iterator[Way]]:
    def ways(asked: Asked, _claim: SubmissionKey, _row: Any) -> Iterator[Way]:
        yield Way(words=words, url=asked.request.get_full_path(), fields=asked.typed())

    return ways


def _of_details(asked: Asked, _: SubmissionKey, row: Patient) -> Iterator[Way]:
    fields = asked.typed(version=str(row.version))
    yield Way(words=CORRECT, url=asked.request.get_full_path(), fields=fields)


def _of_registration(asked: Asked, _: SubmissionKey, row: Patient) -> Iterator[Way]:
    """One person's details, corrected; or another person, who has another identifier. The likelier one first."""
    url, responsible = reverse("patient_details", args=[row.public_id]), str(row.responsible_id or "")
    details = asked.typed(version=str(row.version), responsible=responsible)
    correct = Way(words=f"Correct the details of {row.name}", url=url, fields=details, note=DETAILS_ALONE)
    said = asked.used.form.cleaned_data
    if said["identifier"] == row.identifier:
        yield correct
        return
    another = Way(words="Register as another patient", url=asked.request.get_full_path(), fields=asked.typed())
    is_another = any(said[name] != getattr(row, name) for name in ("family_name", "given_name", "birth_date"))
    yield from (another, correct) if is_another else (correct, another)


def _of_treatment(asked: Asked, claim: SubmissionKey, row: TreatmentChange) -> Iterator[Way]:
    """The same end supersedes; for another the one on file is marked as an error first, which counts one version."""
    is_same = row.kind == asked.used.form.cleaned_data["kind"]
    version = row.patient.treatment_version + (0 if is_same else 1)
    fields = asked.typed(key=f"{uuid4()}.{claim.key}", version=str(version))
    yield Way(words=CORRECT, url=asked.request.get_full_path(), fields=fields, note=STAYS_VISIBLE)


def _of_draft(asked: Asked, _: SubmissionKey, row: Plan) -> Iterator[Way]:
    is_draft = row.state == PlanState.DRAFT
    words = CORRECT if is_draft else "Save it as another draft"
    replaces = str(row.public_id) if is_draft else ""
    yield Way(words=words, url=asked.request.get_full_path(), fields=asked.typed(replaces=replaces))


def _of_acceptance(asked: Asked, _: SubmissionKey, row: Flag) -> Iterator[Way]:
    fields = asked.typed(state_version=str(row.state_version))
    yield Way(words=CORRECT, url=asked.request.get_full_path(), fields=fields)


def _of_settings(asked: Asked, _: SubmissionKey, row: ClinicChange) -> Iterator[Way]:
    latest = next(iter(clinic_changes(row.clinic)), row)
    yield Way(words=CORRECT, url=asked.request.get_full_path(), fields=asked.typed(version=str(latest.number)))


def _of_template(asked: Asked, _: SubmissionKey, row: PlanTemplate) -> Iterator[Way]:
    """The next version of what was made."""
    url = reverse("template", args=[row.template_id])
    yield Way(words=CORRECT, url=url, fields=asked.typed(version=str(row.version)))


def _by_hand(_asked: Asked, _claim: SubmissionKey, _row: Any) -> Iterator[Way]:
    return iter(())


def hint_on(asked: Asked, *, differs: bool) -> str:
    """What no button does."""
    return BY_HAND.get(asked.claim.action, "") if asked.claim and differs else ""


type Road = Callable[[Asked, SubmissionKey, Any], Iterator[Way]]

_IN_ERROR = "To change it, mark the entry on file as entered in error in the patient's time line, then record it again."
BY_HAND = {
    **dict.fromkeys(("condition.ended", "medicine.ended", "symptom.ended", "interruption.note_written"), _IN_ERROR),
    "review.done": "A review that is done stays done. Plan another one for what is still to be reviewed.",
    "review.entered_in_error": "A review that was taken back stays so. Plan it again where it is needed.",
    "entry.entered_in_error": "An entry in error stays so, with its reason. Record it again where it was right.",
    "history.imported": "To read the file in another way, take that import back, then upload the file again.",
    "history.import_undone": "An import that was taken back stays so, with its reason.",
}
_WAYS: dict[str, Road] = {
    **dict.fromkeys(BY_HAND, _by_hand),
    "patient.registered": _of_registration,
    "patient.changed": _of_details,
    "plan.drafted": _of_draft,
    "treatment.changed": _of_treatment,
    "flag.accepted": _of_acceptance,
    "flag.contact": _as_another("Log it as another contact"),
    "clinic.changed": _of_settings,
    "template.saved": _of_template,
    "reason.added": _as_another("Add it as another reason"),
    "product.added": _as_another("Add it as another product"),
    "invitation.sent": _as_another("Send it as another invitation"),
}
