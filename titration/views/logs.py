"""Logging: each kind's own page, which saves too, and the preview of a dose change."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from titration.domain.findings import Finding
from titration.forms.doses import DoseForm
from titration.forms.intake import IntakeForm
from titration.permissions import check_can
from titration.selectors import get_patient, patient_record
from titration.selectors.plan_file import plans_held
from titration.services.answers import digest_of
from titration.views.answers import Attempt, attempt, saved, show
from titration.views.banner import banner_context, patient_url
from titration.views.desk import FORM, WRITES, ClinicRequest, clinic_page
from titration.views.intake_days import counted, days_context
from titration.views.log_panel import LOG_KINDS, LogKind, Subject, dose_form, panel_context, subject_of
from titration.views.preview import Raised, after, in_full, judge, preview_of
from titration.views.remedy import filled_in


@clinic_page(*FORM)
def log(request: ClinicRequest, patient_id: UUID, kind: str) -> HttpResponse:
    """GET: the form alone on a page. POST: save, or show it again with what was typed."""
    patient = get_patient(request.membership, patient_id)
    log_kind = LOG_KINDS[kind]
    only_shown = "preview" in request.POST or "fill_in" in request.POST
    if request.method == "POST" and not only_shown:
        check_can(request.membership, log_kind.action)
    subject = subject_of(request, patient, partial(patient_record, patient, request.now))
    form = log_kind.form(subject, filled_in(request.POST) if request.method == "POST" else None)
    if only_shown:
        form.errors.pop("reason", None)
    if request.method != "POST" or only_shown:
        return _page(request, subject, log_kind, form)
    follows = _what_follows(subject, form)
    tried = attempt(form, lambda: log_kind.save(subject, form))
    if tried.row is not None:
        return saved(request, patient_url(patient), " ".join([_saved_words(subject, log_kind), *follows]))
    return _page(request, subject, log_kind, form, tried)


def _what_follows(subject: Subject, form: Any) -> tuple[str, ...]:
    """As it stands before it is saved. Of a report of what was taken: for which days it counts. Of a dose change for
    the past: how long it holds and what no longer counts.
    """
    if isinstance(form, IntakeForm):
        return counted(subject, form)
    if not isinstance(form, DoseForm) or not form.is_valid() or form.regimen is None:
        return ()
    starts_on = form.cleaned_data["starts_on"]
    return after(subject, starts_on, form.regimen) if starts_on < subject.today else ()


def _saved_words(subject: Subject, kind: LogKind) -> str:
    """With the plans that the save has held."""
    held = plans_held(subject.patient, subject.now) if kind.name == "dose" else []
    named = [f" {plan.kind.capitalize()} {plan.number}, version {plan.version}, is now held." for plan in held]
    return f"{kind.saved}{''.join(named)}"


def _page(
    request: ClinicRequest, subject: Subject, kind: LogKind, form: Any, tried: Attempt[Any] | None = None
) -> HttpResponse:
    context = {
        **banner_context(request, subject.patient, subject.record),
        **panel_context(subject, kind, form, with_focus=True),
        **_dose_context(subject, form, tried.answers if tried else ()),
        **days_context(subject, form),
    }
    return show(request, "log/page.html", context, partial="log", status=tried.status if tried else 200)


def _dose_context(subject: Subject, form: Any, answers: tuple[Finding, ...]) -> dict[str, Any]:
    if not isinstance(form, DoseForm):
        return {}
    told: dict[str, Any] = {"preview": preview_of(subject, form)} if form.is_bound else {}
    if not answers and form.is_bound and form.data.get("answered_for"):
        judgement = judge(subject, form)
        answers = judgement.answers if judgement else ()
    if answers:
        _ask_for_reason(form)
        asked = [in_full(finding) for finding in answers]
        told |= {"answers": asked, "answers_digest": digest_of(answers), "also_raised": _others(told["preview"], asked)}
    return told


def _others(preview: dict[str, Any], asked: list[Raised]) -> list[Raised]:
    """What saving would raise too, and needs no answer."""
    titles = {line.title for line in asked}
    return [line for line in preview.get("raised", ()) if line.title not in titles]


def _ask_for_reason(form: DoseForm) -> None:
    """The answer is asked for: its reason is no longer optional, and missing once it was asked for before."""
    form.fields["answer_reason"].required = True
    if (
        form.data.get("answered_for")
        and not form.cleaned_data.get("answer_reason")
        and "answer_reason" not in form.errors
    ):
        form.add_error("answer_reason", "Choose a reason, or change the dose.")


@clinic_page(*WRITES)
def preview_dose(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    patient = get_patient(request.membership, patient_id)
    subject = subject_of(request, patient, partial(patient_record, patient, request.now))
    preview = preview_of(subject, dose_form(subject, request.POST))
    is_asked = bool(request.POST.get("answered_for"))
    return render(request, "log/preview.html", {"preview": preview, "is_swap": True, "is_asked": is_asked})
