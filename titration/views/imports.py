"""A history out of a file, in three pages: upload, columns with a preview, and taking an import back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from titration.domain.errors import DomainError
from titration.domain.guidance import load_guidance
from titration.domain.wording import say
from titration.forms.flags import ErrorForm
from titration.forms.imports import ColumnsForm, UploadForm, guessed
from titration.imports.columns import guess_columns
from titration.imports.rows import RowVerdict
from titration.models import HistoryImport, ImportState, Patient
from titration.permissions import SENTENCES, Action, can, check_can
from titration.selectors import get_patient, patient_record
from titration.selectors.imports import get_import, imports_of
from titration.services.history_import import (
    Judged,
    import_history,
    judge_history,
    sheet_of,
    undo_import,
    upload_history,
)
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context, patient_url
from titration.views.desk import FORM, ClinicRequest, clinic_page

SHOWN_REFUSED, SHOWN_GOOD = 100, 50
KINDS = {
    "regimens": "prescribed doses",
    "intakes": "reports of what was taken",
    "sedations": "sedation reports",
    "symptoms": "side effects and withdrawal signs",
    "scores": "scores",
}


@clinic_page(*FORM)
def history_import(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """GET: the form, and what was imported before. POST: read the table and lead to its preview."""
    person = get_patient(request.membership, patient_id)
    form, status = UploadForm(label_suffix=""), 200
    if request.method == "POST":
        check_can(request.membership, Action.LOG)
        form = UploadForm(request.POST, request.FILES, label_suffix="")
        tried = attempt(form, lambda: _upload(request, person, form))
        if tried.row is not None:
            return saved(request, _address("import_preview", tried.row), "Read. Nothing is imported yet.")
        status = tried.status
    context = {
        **banner_context(request, person, patient_record(person, request.now)),
        "form": form,
        "done": imports_of(person),
        "patient_id": person.public_id,
        "refused": "" if can(request.membership, Action.LOG) else SENTENCES[Action.LOG],
    }
    return show(request, "import/upload.html", context, status=status)


def _upload(request: ClinicRequest, person: Patient, form: UploadForm) -> HistoryImport:
    return upload_history(actor=request.membership, patient=person, content=form.content, now=request.now)


def _address(name: str, row: HistoryImport) -> str:
    return reverse(name, args=[row.patient.public_id, row.public_id])


@clinic_page(*FORM)
def import_preview(request: ClinicRequest, patient_id: UUID, import_id: UUID) -> HttpResponse:
    """GET: every row's verdict with the columns as chosen. POST: import all rows or none."""
    draft = _import(request, patient_id, import_id)
    if request.method == "POST":
        check_can(request.membership, Action.LOG)
    form = _columns_form(request, draft)
    if draft.state != ImportState.DRAFT and (request.method != "POST" or not form.is_valid()):
        return show(request, "import/done.html", _done_context(request, draft))
    if request.method != "POST":
        return _preview(request, draft, form)
    tried = attempt(form, lambda: _import_now(request, draft, form))
    if tried.row is not None:
        return saved(
            request, patient_url(draft.patient), f"{draft.row_count} rows imported. The flags were judged again."
        )
    return _preview(request, draft, form, status=tried.status)


def _import(request: ClinicRequest, patient_id: UUID, import_id: UUID) -> HistoryImport:
    return get_import(request.membership, get_patient(request.membership, patient_id), import_id)


def _columns_form(request: ClinicRequest, draft: HistoryImport) -> ColumnsForm:
    """As sent; as asked for in the address, when columns were chosen anew; else as guessed."""
    if request.method == "POST":
        return ColumnsForm(request.POST, header=draft.header)
    first = ColumnsForm(header=draft.header)
    asked = {name: value for name, value in request.GET.items() if name in first.fields and name != "key"}
    supposed = asked if "order" in asked else guessed(guess_columns(draft.header))
    return ColumnsForm({**supposed, "key": first.initial["key"]}, header=draft.header)


def _import_now(request: ClinicRequest, draft: HistoryImport, form: ColumnsForm) -> HistoryImport:
    key = form.cleaned_data["key"]
    return import_history(actor=request.membership, draft=draft, choices=form.choices, now=request.now, key=key)


def _preview(request: ClinicRequest, draft: HistoryImport, form: ColumnsForm, status: int = 200) -> HttpResponse:
    record = patient_record(draft.patient, request.now)
    judged: Judged | None = None
    if form.is_valid():
        try:
            local_now = request.now.astimezone(draft.patient.clinic.zone)
            judged = judge_history(record, sheet_of(draft), form.choices, now=local_now)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    context = {
        **banner_context(request, draft.patient, record),
        "draft": draft,
        "form": form,
        "judged": judged,
        "refused": _refused(request, form),
        "back_url": reverse("history_import", args=[draft.patient.public_id]),
        **(_judged_context(judged) if judged else {}),
    }
    return show(request, "import/preview.html", context, status=status)


def _refused(request: ClinicRequest, form: ColumnsForm) -> str:
    """Why this role may not import this history; "" when it may."""
    if not can(request.membership, Action.LOG):
        return SENTENCES[Action.LOG]
    prescribes = form.is_valid() and form.choices.prescribes
    return SENTENCES[Action.PRESCRIBE] if prescribes and not can(request.membership, Action.PRESCRIBE) else ""


def _judged_context(judged: Judged) -> dict[str, Any]:
    bad = [verdict for verdict in judged.verdicts if verdict.problems]
    good = sorted((verdict for verdict in judged.verdicts if not verdict.problems), key=lambda each: not each.to_check)
    shown: list[RowVerdict] = sorted([*bad[:SHOWN_REFUSED], *good[:SHOWN_GOOD]], key=lambda verdict: verdict.number)
    return {
        "verdicts": shown,
        "hidden": len(judged.verdicts) - len(shown),
        "good": len(good),
        "bad": len(bad),
        "to_check": sum(bool(verdict.to_check) for verdict in good),
        "counts": [(count, KINDS[kind]) for kind, count in judged.proposal.counts.items()],
        "raised": [(finding.severity, say(finding, load_guidance())) for finding in judged.raised],
    }


@clinic_page(*FORM)
def import_undo(request: ClinicRequest, patient_id: UUID, import_id: UUID) -> HttpResponse:
    """GET: what would be taken back. POST: mark all of its entries as entered in error."""
    made = _import(request, patient_id, import_id)
    form, status = ErrorForm(label_suffix=""), 200
    if request.method == "POST":
        check_can(request.membership, Action.LOG)
        form = ErrorForm(request.POST, label_suffix="")
        tried = attempt(
            form,
            lambda: undo_import(
                actor=request.membership,
                made=made,
                reason=form.cleaned_data["reason"],
                now=request.now,
                key=form.cleaned_data["key"],
            ),
        )
        if tried.row is not None:
            return saved(request, patient_url(made.patient), "The import was taken back. The flags were judged again.")
        status = tried.status
    return show(request, "import/done.html", {**_done_context(request, made), "form": form}, status=status)


def _done_context(request: ClinicRequest, made: HistoryImport) -> dict[str, Any]:
    action = Action.PRESCRIBE if made.entry_ids.get("regimens") else Action.LOG
    return {
        **banner_context(request, made.patient, patient_record(made.patient, request.now)),
        "made": made,
        "form": ErrorForm(label_suffix=""),
        "counts": [(len(ids), KINDS[kind]) for kind, ids in made.entry_ids.items()],
        "is_undoable": made.state == ImportState.IMPORTED,
        "refused": "" if can(request.membership, action) else SENTENCES[action],
        "undo_url": _address("import_undo", made),
    }
