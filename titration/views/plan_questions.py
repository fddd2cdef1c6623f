"""One question about a plan: a page with its findings, its fields and one button, and what happens when it is answered.

A refusal shows the question again with its sentence. Where somebody was quicker, the page sets what was asked beside
what stands now; nothing is saved and nothing is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse

from titration.domain.plan_transitions import RULES, Act, next_state
from titration.domain.record import PlanState
from titration.forms.fields import KeyField
from titration.models import Plan
from titration.permissions import check_may
from titration.services.drafts import CriticalAnswer
from titration.services.errors import UsedAlready
from titration.services.submissions import result_of_repeat, submission_of
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context
from titration.views.desk import ClinicRequest
from titration.views.plan_conflict import conflict_page
from titration.views.plan_drawing import FindingItem, StepRow
from titration.views.plan_page import PlanScene, plan_title, plan_url, scene_of

CONFLICT = 409
ANSWER_THESE = "Choose a reason for the findings shown here: high and critical findings are answered."


def overtaken(request: ClinicRequest, scene: PlanScene, act: Act) -> HttpResponse | None:
    """Where the plan has moved on since its form was shown: to the result of the same form sent twice, else a conflict.

    None where it has not. Raises PermissionRefused without the right, NotNow where the act does not fit the state.
    """
    check_may(request.membership, act)
    posted = request.POST.get("state_version", "")
    if request.method == "POST" and posted.isascii() and posted.isdigit() and posted != str(scene.plan.state_version):
        return _result_of_repeat(request, scene, act) or conflict_page(request, scene, act)
    next_state(PlanState(scene.plan.state), act)
    return None


def _result_of_repeat(request: ClinicRequest, scene: PlanScene, act: Act) -> HttpResponse | None:
    """The same person's same form with the same content, sent twice; None for anything else."""
    try:
        key = replace(KeyField().clean(request.POST.get("key", "")), said=_said(request, act))
        said = {"actor": request.membership, "plan": scene.plan, "now": request.now, "key": key}
        result = result_of_repeat(submission_of(f"plan.{RULES[act].event}", said, scene.patient))
    except (ValidationError, UsedAlready):
        return None
    return saved(request, plan_url(result), "") if isinstance(result, Plan) else None


def _said(request: ClinicRequest, act: Act) -> tuple[tuple[str, str], ...]:
    """What the act was asked with, as it was typed, and how its findings were answered."""
    return tuple((name, request.POST.get(name, "").strip()) for name in (*RULES[act].asks, "reason", "comment"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """lead, button and done are its words.

    rows: steps that are shown before they are confirmed, under rows_title; changes: how the plan would differ, in
    words; findings: what must be answered with a reason; answered_for: their digest; others: what the rules say
    besides; before: what is really taken before the next step; shows: whether its inputs can be looked at before they
    are confirmed.
    """

    scene: PlanScene
    act: Act
    form: Form
    lead: str
    done: str
    button: str
    digest: str = ""
    findings: tuple[FindingItem, ...] = ()
    answered_for: str = ""
    others: tuple[FindingItem, ...] = ()
    rows: tuple[StepRow, ...] = ()
    rows_title: str = "Steps as they would be"
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    before: str = ""
    replaces_seen: str = ""
    shows: bool = False


def ask(request: ClinicRequest, question: Question, write: Callable[[], Plan]) -> HttpResponse:
    """The page of a question; with a POST its answer."""
    if request.method != "POST" or request.POST.get("act") == "show":
        return question_page(request, question)
    done = attempt(question.form, write)
    if done.row is not None:
        return saved(request, plan_url(done.row), question.done)
    if done.status == CONFLICT:
        patient_id, plan_id = question.scene.patient.public_id, question.scene.plan.public_id
        return conflict_page(request, scene_of(request, patient_id, plan_id), question.act)
    if done.answers:
        question.form.add_error("reason", ANSWER_THESE)
    return question_page(request, question, status=done.status)


def question_page(request: ClinicRequest, question: Question, *, status: int = 200) -> HttpResponse:
    scene = question.scene
    context = {
        **banner_context(request, scene.patient, scene.record),
        "question": question,
        "title": RULES[question.act].title,
        "form": question.form,
        "asked": [question.form[name] for name in RULES[question.act].asks],
        "plan_title": plan_title(scene.plan),
        "plan_url": plan_url(scene.plan),
    }
    return show(request, "plan/act.html", context, status=status)


def seen(scene: PlanScene) -> dict[str, Any]:
    """What the form remembers of the plan as it was shown."""
    return {"state_version": scene.plan.state_version, "seen_state": scene.plan.state}


def by(request: ClinicRequest, question: Question) -> dict[str, Any]:
    """Who acts on which plan, as it was seen."""
    return {
        "actor": request.membership,
        "plan": question.scene.plan,
        "state_version": question.form.cleaned_data["state_version"],
        "now": request.now,
        "key": replace(question.form.cleaned_data["key"], said=_said(request, question.act)),
    }


def answer_of(form: Form) -> CriticalAnswer | None:
    reason = form.cleaned_data.get("reason")
    if not reason:
        return None
    said = form.cleaned_data
    return CriticalAnswer(reason=reason, comment=said.get("comment", ""), answered_for=said["answered_for"])
