"""The steps of this week for the whole clinic as one PDF: asked for, gathered behind a progress bar, fetched once.

Each request reads for about a second and says how far it came; with htmx the next one follows by itself, without it a
button sends it. Nothing is written to a file.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from titration.domain.beside_a_step import beside_on_paper
from titration.domain.errors import NotMakeable
from titration.domain.units import show_mg
from titration.exports import Format
from titration.exports.document import Act
from titration.exports.language import language_of
from titration.exports.week import WeekDocument, beside_values, week_rows, write_week
from titration.models import Patient, Plan, WeekPaper
from titration.selectors import get_patient
from titration.selectors.week_papers import steps_of_week, week_paper
from titration.services.plan_exports import export_plan
from titration.services.week_papers import Row, ask_for_week, gather, hand_out
from titration.views.answers import is_fragment, show
from titration.views.desk import FORM, WRITES, ClinicRequest, clinic_page
from titration.views.plan_document import plan_document
from titration.views.plan_page import PlanScene, scene_for

BATCH_SECONDS = 0.8
WEEK = Format(label="Steps of the week", name="week.pdf", content_type="application/pdf", write=lambda _: b"")


@clinic_page(*FORM)
def week(request: ClinicRequest) -> HttpResponse:
    """GET: how many there are, and the button. POST: begin."""
    if request.method == "POST":
        paper = ask_for_week(actor=request.membership, today=request.today, now=request.now)
        return redirect("week_paper", paper.public_id)
    return show(request, "paper/week.html", {"week": steps_of_week(request.membership, request.today)})


@clinic_page(*FORM)
def week_progress(request: ClinicRequest, paper_id: UUID) -> HttpResponse:
    """GET: how far it is. POST: a second's work more."""
    if request.method != "POST":
        return _progress(request, week_paper(request.membership, paper_id))
    paper = week_paper(request.membership, paper_id)
    paper = gather(
        actor=request.membership,
        paper_id=paper_id,
        read=partial(_read_plan, request, paper),
        is_time_up=_clock(BATCH_SECONDS),
    )
    if is_fragment(request):
        return _progress(request, paper)
    url = reverse("week_paper", args=[paper_id])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


@clinic_page(*WRITES)
def week_fetch(request: ClinicRequest, paper_id: UUID) -> HttpResponse:
    """The PDF, once; it is made from what was gathered and held nowhere."""
    paper, rows = hand_out(actor=request.membership, paper_id=paper_id, now=request.now)
    clinic = request.membership.clinic
    printed = Act(by=request.membership.user.full_name, at=request.now.astimezone(clinic.zone).replace(microsecond=0))
    document = WeekDocument(
        clinic=clinic.name,
        first_on=paper.first_on,
        last_on=paper.last_on,
        printed=printed,
        as_of=paper.asked_at.astimezone(clinic.zone),
        rows=rows,
    )
    headers = {"Content-Disposition": f'attachment; filename="{document.file_name}"', "Cache-Control": "no-store"}
    return HttpResponse(write_week(document), content_type="application/pdf", headers=headers)


def _progress(request: ClinicRequest, paper: WeekPaper) -> HttpResponse:
    context = {"paper": paper, "url": reverse("week_paper", args=[paper.public_id])}
    return show(request, "paper/week_progress.html", context, partial="week-progress")


def _read_plan(request: ClinicRequest, paper: WeekPaper, patient_id: UUID, plan_id: UUID) -> list[Row]:
    """The patient's steps of the week, read and audited as any export of the plan."""

    def read(patient: Patient) -> tuple[Plan, list[Row]]:
        scene = scene_for(request, patient, plan_id)
        try:
            return scene.plan, week_rows(plan_document(request, scene, WEEK), paper.first_on, paper.last_on)
        except NotMakeable as refusal:
            return scene.plan, list(_unmade(scene, paper, refusal.sentence))

    return export_plan(
        actor=request.membership,
        patient=get_patient(request.membership, patient_id),
        format_name=WEEK.name,
        now=request.now,
        read=read,
    )


def _unmade(scene: PlanScene, paper: WeekPaper, why: str) -> Iterator[Row]:
    """A step that no product makes any more is not left out: it says why."""
    for row, step in zip(scene.rows, scene.steps, strict=True):
        if paper.first_on <= step.starts_on <= paper.last_on:
            yield {
                **beside_values(language_of("en"), beside_on_paper(scene.record, scene.today)),
                "on": step.starts_on.isoformat(),
                "name": f"{scene.patient.given_name} {scene.patient.family_name}",
                "about": scene.patient.identifier,
                "from": "",
                "to": show_mg(step.daily_mcg),
                "take": why,
                "plan": f"Plan {scene.plan.number}, version {scene.plan.version}, step {row.number}",
                "code": scene.plan.content_hash[:12],
            }


def _clock(seconds: float) -> Callable[[], bool]:
    ends = time.monotonic() + seconds
    return lambda: time.monotonic() >= ends
