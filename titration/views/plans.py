"""The planner: draw a plan, look at it, save it as a draft; and the page of a plan on file.

Drawing posts the inputs, because doses are a patient's values and belong in no address. Without a script the same
buttons bring the whole page.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import reswap, retarget

from titration.domain.record import PlanKind
from titration.forms.plan_texts import texts_of
from titration.models import Plan
from titration.permissions import SENTENCES, Action, can, check_can_draft_plan
from titration.selectors import get_plan
from titration.services.plans import draft_plan
from titration.views.answers import attempt, is_fragment, saved, show
from titration.views.banner import banner_context
from titration.views.desk import FORM, READS, WRITES, ClinicRequest, clinic_page
from titration.views.plan_compare import choices_of, kept_texts, with_kept
from titration.views.plan_detail import plan_context
from titration.views.plan_page import plan_url, scene_of
from titration.views.plan_rows import with_row, with_stay, with_stay_row, without_row, without_stay_row
from titration.views.planner import (
    Drawn,
    PlannerDesk,
    Texts,
    draw,
    following,
    opening,
    planner_desk,
    texts_from,
    typed,
)

NEW = "plan/new.html"
CONFLICT = 409


@clinic_page(*FORM)
def plan_new(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    desk = planner_desk(request, patient_id)
    if request.method == "POST":
        return _save(request, desk)
    replaced = _replaced(request, desk, request.GET.get("from", ""))
    kind = PlanKind.TITRATION if request.GET.get("kind") == PlanKind.TITRATION else PlanKind.TAPER
    texts = texts_from(replaced, desk) if replaced else opening(desk, kind)
    return show(request, NEW, _context(request, desk, draw(desk, texts), replaced))


def _save(request: ClinicRequest, desk: PlannerDesk) -> HttpResponse:
    check_can_draft_plan(request.membership)
    drawn = draw(desk, typed(request.POST))
    replaced = _replaced(request, desk, str(drawn.form.data.get("replaces") or ""))
    done = attempt(drawn.form, lambda: _drafted(request, desk, drawn, replaced))
    if done.status == CONFLICT:
        drawn.form.data, replaced = {**drawn.form.data, "replaces": ""}, None
    if done.row is None:
        return show(request, NEW, _context(request, desk, drawn, replaced), status=done.status)
    return saved(request, plan_url(done.row), "The plan is saved as a draft. It starts when it is signed.")


def _drafted(request: ClinicRequest, desk: PlannerDesk, drawn: Drawn, replaced: Plan | None) -> Plan:
    assert drawn.draft is not None  # noqa: S101 - a form without errors has drawn
    return draft_plan(
        actor=request.membership,
        patient=desk.patient,
        draft=drawn.draft,
        replaces=replaced,
        now=request.now,
        key=drawn.form.cleaned_data["key"],
    )


@clinic_page(*WRITES)
def plan_draw(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """The inputs as they are now, drawn; nothing is written."""
    desk = planner_desk(request, patient_id)
    texts, is_other = following(desk, typed(request.POST))
    act = request.POST.get("act", "draw")
    texts = _acted(desk, texts, act)
    replaced = _replaced(request, desk, str(texts.get("replaces") or ""))
    context = _context(request, desk, draw(desk, texts), replaced, texts)
    if not is_fragment(request):
        return render(request, NEW, context)
    whole = is_other or act != "draw"
    answer = render(request, f"{NEW}#{'planner' if whole else 'plan-drawn'}", context)
    return reswap(retarget(answer, "#planner"), "outerHTML") if whole else answer


def _acted(desk: PlannerDesk, texts: Texts, act: str) -> Texts:
    """What a button changes: one row more or less or later, inputs kept, or the slower plan in place of this one."""
    if act == "keep":
        return with_kept(texts)
    if act == "add_row":
        return with_row(texts)
    if act == "add_stay":
        return with_stay_row(texts)
    if act.startswith("remove_row-"):
        return without_row(texts, act.removeprefix("remove_row-"))
    if act.startswith("remove_stay-"):
        return without_stay_row(texts, act.removeprefix("remove_stay-"))
    if act.startswith("stay_row-"):
        return with_stay(texts, act.removeprefix("stay_row-"))
    if act == "remedy" and (remedy := draw(desk, texts).remedy) is not None:
        return {**texts, **texts_of(remedy.draft)}
    return texts


def _replaced(request: ClinicRequest, desk: PlannerDesk, plan_id: str) -> Plan | None:
    """The draft that is drawn again; 404 for what is not a plan of this patient."""
    return get_plan(request.membership, desk.patient, _uuid(plan_id)) if plan_id else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _context(
    request: ClinicRequest, desk: PlannerDesk, drawn: Drawn, replaced: Plan | None, texts: Texts | None = None
) -> dict[str, Any]:
    patient_id, typed_texts = desk.patient.public_id, texts or dict(drawn.form.data)
    return {
        **banner_context(request, desk.patient, desk.record),
        "form": drawn.form,
        "drawing": drawn.drawing,
        "refused_by": drawn.rule,
        "replaced": replaced,
        "new_url": reverse("plan_new", args=[patient_id]),
        "draw_url": reverse("plan_draw", args=[patient_id]),
        "may_draft": can(request.membership, Action.DRAFT_PLAN),
        "may_not_draft": SENTENCES[Action.DRAFT_PLAN],
        "compared": choices_of(desk, typed_texts),
        "compare_with": typed_texts.get("compare_with", ""),
        "kept": typed_texts.get("kept", "") if kept_texts(typed_texts) else "",
        "compare_url": reverse("plan_compare", args=[patient_id]),
        "now": request.now,
    }


@clinic_page(*READS)
def plan(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    scene = scene_of(request, patient_id, plan_id)
    return show(request, "plan/detail.html", plan_context(request, scene))
