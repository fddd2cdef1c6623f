"""What the patient page holds, part by part: flags, chart, log, what the rules use, plan, time line.

One record and one assessment serve them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from titration.charts import chart_model
from titration.charts.page import chart_page
from titration.domain.answered_ahead import answered_ahead
from titration.domain.assess import marks
from titration.domain.case import case_at
from titration.domain.days import show_full_day
from titration.domain.fact_words import interruption_line, kidney_line, lasting_line, not_on_file, supply_line
from titration.domain.findings import Assessment, Severity
from titration.domain.guidance import load_guidance
from titration.domain.record import PatientRecord
from titration.domain.standing import ShownFlag, Standing, standing
from titration.domain.timeline import KINDS, timeline
from titration.domain.treatment import closed_without_day, died_on, status_words
from titration.domain.units import format_mg
from titration.domain.wording import say
from titration.models import Patient
from titration.permissions import SENTENCES, Action, accepting, can
from titration.services.under_treatment import refused_words
from titration.views.banner import assessment_of, banner_context, flag_url
from titration.views.desk import ClinicRequest
from titration.views.intake_days import days_context
from titration.views.log_panel import INTAKE_RULES, opening_kind, panel_context, subject_of
from titration.views.plan_lines import plan_lines
from titration.views.timeline_rows import timeline_rows

FIRST_ITEMS, MORE_ITEMS = 40, 200
MARKS_REACH_BACK = timedelta(days=730)
QUERY = ("range", "kind", "log")
MOST_PLANS = 3
SEDATION_RULES = frozenset({"S1", "S2"})
SIGNS_RULE = "W7"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """A finding beside the highest one. accepted: until when, by whom and why."""

    severity: Severity
    title: str
    lines: tuple[str, ...]
    href: str
    accepted: str = ""


def page_context(request: ClinicRequest, patient: Patient, record: PatientRecord) -> dict[str, Any]:
    assessment = assessment_of(request, record)
    stands = standing(assessment, record.flags, load_guidance())
    return {
        **banner_context(request, patient, record, stands),
        **_flags(request, patient, record, stands),
        "answered_ahead": list(_answered_ahead(request, record)),
        **log_context(request, patient, record, stands),
        **timeline_context(request, patient, record),
        "chart": _chart(request, record, assessment),
        "facts": _facts(patient, record, request.today),
        **_reviews(patient, record),
        "plans": list(islice(plan_lines(record, request.today), MOST_PLANS)),
        "taken_url": f"{reverse('patient', args=[patient.public_id])}?log=taken",
    }


def _reviews(patient: Patient, record: PatientRecord) -> dict[str, Any]:
    """Those to come; of a treatment that is over none is due, and it is only said how many were still planned."""
    planned = [review for review in record.reviews if review.done_on is None]
    if refused_words(patient):
        return {"reviews": [], "reviews_left": len(planned)}
    return {"reviews": planned, "reviews_left": 0}


def log_context(request: ClinicRequest, patient: Patient, record: PatientRecord, stands: Standing) -> dict[str, Any]:
    subject = subject_of(request, patient, lambda: record)
    asked = request.GET.get("log", "")
    highest = stands.highest.code if stands.highest else ""
    kind = opening_kind(asked, highest, request.membership, orders=not refused_words(patient))
    query = _query(request, without="log")
    form = kind.form(subject, None)
    return panel_context(subject, kind, form, query=query, with_focus=bool(asked)) | days_context(subject, form)


def _query(request: ClinicRequest, *, without: str) -> dict[str, str]:
    return {name: request.GET[name] for name in QUERY if name != without and request.GET.get(name)}


def _flags(request: ClinicRequest, patient: Patient, record: PatientRecord, stands: Standing) -> dict[str, Any]:
    closed_as = closed_without_day(record)
    highest = None if closed_as else stands.highest
    return {
        "highest": highest,
        "highest_actions": _actions(request, patient, highest) if highest else [],
        "other_flags": [_line(patient, shown) for shown in stands.open[1 if highest else 0 :]],
        "info_flags": [_line(patient, shown) for shown in stands.info],
        "accepted_flags": [_accepted_line(patient, shown) for shown in stands.accepted],
        "outranking_flags": [_accepted_line(patient, shown) for shown in stands.outranking],
        "undecided": stands.undecided,
        "not_on_file": ", ".join(not_on_file(record)),
        "judged_until": died_on(record.treatment),
        "closed_as": closed_as,
        "treatment_url": reverse("treatment", args=[patient.public_id]),
    }


def _answered_ahead(request: ClinicRequest, record: PatientRecord) -> Iterator[FindingLine]:
    guidance = load_guidance()
    for ahead in answered_ahead(record, today=request.today, now=request.now, guidance=guidance):
        title = say(ahead.finding, guidance).title
        href = reverse("rule", args=[ahead.finding.code])
        yield FindingLine(severity=ahead.finding.severity, title=title, lines=(), href=href, accepted=ahead.words)


def _line(patient: Patient, shown: ShownFlag) -> FindingLine:
    return FindingLine(
        severity=shown.severity, title=shown.words.title, lines=shown.lines, href=flag_url(patient, shown)
    )


def _accepted_line(patient: Patient, shown: ShownFlag) -> FindingLine:
    return replace(_line(patient, shown), accepted=shown.acceptance)


def _actions(request: ClinicRequest, patient: Patient, shown: ShownFlag) -> list[tuple[str, str, str]]:
    """(words, address, kind); without an address it is disabled and the third says why. Acts come before answers."""
    page = reverse("patient", args=[patient.public_id])
    actions = []
    if shown.code in INTAKE_RULES:
        actions.append(("Log what was taken", f"{page}?log=taken", "main"))
    if shown.code in SEDATION_RULES:
        actions.append(("Log sedation now", f"{page}?log=sedation", "main"))
    if shown.code == SIGNS_RULE:
        actions.append(("Say when a sign ended", reverse("symptoms", args=[patient.public_id]), ""))
    action = accepting(shown.severity)
    if shown.flag is not None:
        may = can(request.membership, action)
        url = f"{flag_url(patient, shown)}#answer" if may else ""
        actions.append(("Accept with a reason", url, "" if may else SENTENCES[action]))
    return actions


def _chart(request: ClinicRequest, record: PatientRecord, assessment: Assessment) -> Any:
    guidance, today = load_guidance(), request.today
    past = marks(case_at(record, today, now=request.now), guidance, today - MARKS_REACH_BACK)
    model = chart_model(record, assessment, marks=past, today=today, guidance=guidance)
    query = list(_query(request, without="range").items())
    return chart_page(model, asked_range=request.GET.get("range", ""), query=query)


def timeline_context(request: ClinicRequest, patient: Patient, record: PatientRecord) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = _page_number(request.GET.get("page", ""))
    skip = FIRST_ITEMS + (page - 2) * MORE_ITEMS if page > 1 else 0
    limit = MORE_ITEMS if page > 1 else FIRST_ITEMS
    corrects = request.GET.get("correct") == "1" and can(request.membership, Action.LOG)
    found = timeline(record, kind=kind, skip=skip, limit=limit, one_by_one=corrects)
    query = _query(request, without="kind") | ({"correct": "1"} if corrects else {})
    more = {**query, **({"kind": kind} if kind else {}), "page": str(page + 1)}
    return {
        "timeline": found,
        "timeline_rows": list(
            timeline_rows(found.items, this_year=request.today.year, patient_id=patient.public_id, corrects=corrects)
        ),
        "timeline_filters": [("All", _address(query), not kind)]
        + [(words, _address({**query, "kind": name}), name == kind) for name, words in KINDS.items()],
        "timeline_more": _address(more) if found.earlier else "",
        "timeline_more_count": min(found.earlier, MORE_ITEMS),
        "timeline_page": page,
        "patient_id": patient.public_id,
        "can_correct": can(request.membership, Action.LOG),
        "corrects": corrects,
        "correct_url": _address({**_query(request, without=""), "correct": "" if corrects else "1"}),
    }


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 100_000 and len(text) <= 6 else 1


def _address(query: dict[str, str]) -> str:
    return f"?{urlencode(query)}#timeline"


def _facts(patient: Patient, record: PatientRecord, today: date) -> list[tuple[str, str, str]]:
    """What the rules use and where it is edited, with unknown left empty: the component writes the word."""
    weight = f"{format_mg(patient.weight_g)}\u00a0kg" if patient.weight_g else ""
    pump = {True: "Yes", False: "No", None: ""}[patient.intrathecal_pump]
    months = patient.exposure_months
    edited = [
        ("Conditions", lasting_line(record.conditions, today), "conditions"),
        ("Medicines", lasting_line(record.comedications, today), "medicines"),
        ("Kidney", kidney_line(record.kidney), "kidney"),
        ("Interruptions", interruption_line(record.interruptions, today), "interruptions"),
        ("Tablets", supply_line(record, today), "supply"),
    ]
    told = [
        ("Before record", "" if months is None else f"{months} months of treatment" if months else "No treatment"),
        ("Weight", weight),
        ("Pump", pump),
        ("Responsible", patient.responsible.user.full_name if patient.responsible else ""),
    ]
    details = reverse("patient_details", args=[patient.public_id])
    status = status_words(record) or patient.get_treatment_status_display().capitalize()
    edited.append(("Status", status, "treatment"))
    linked = [(label, words, reverse(name, args=[patient.public_id])) for label, words, name in edited]
    return [*linked, *((label, words, details) for label, words in told), ("Driving", _driving(record), "")]


def _driving(record: PatientRecord) -> str:
    asked = [entry for entry in record.sedations if entry.counts and entry.driving_affected is not None]
    if not asked:
        return ""
    return f"{'Affected' if asked[-1].driving_affected else 'Not affected'}, {show_full_day(asked[-1].at.date())}"
