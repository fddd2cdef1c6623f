"""One question about a plan: a page with its findings, its fields and one button, and what happens when it is answered.

A refusal shows the question again with its sentence. Where somebody was quicker, the page sets what was asked beside
what stands now; nothing is saved and nothing is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpResponse

from titration.models import Plan
from titration.selectors.plan_file import plan_events
from titration.services.drafts import CriticalAnswer
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context
from titration.views.desk import ClinicRequest
from titration.views.plan_drawing import FindingItem, StepRow
from titration.views.plan_page import EVENT_WORDS, STATE_WORDS, PlanScene, plan_title, plan_url

CONFLICT = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """title, lead, button and done are its words; fields: names of the form's fields in their order.

    rows: the re-dated steps that are shown before they are confirmed; findings: what must be answered with a reason.
    """

    scene: PlanScene
    form: Form
    title: str
    lead: str
    done: str
    button: str
    digest: str = ""
    fields: tuple[str, ...] = ()
    findings: tuple[FindingItem, ...] = ()
    rows: tuple[StepRow, ...] = ()
    notes: tuple[str, ...] = ()


def ask(request: ClinicRequest, question: Question, write: Callable[[], Plan]) -> HttpResponse:
    """The page of a question; with a POST its answer."""
    if request.method != "POST":
        return question_page(request, question)
    done = attempt(question.form, write)
    if done.row is not None:
        return saved(request, plan_url(done.row), question.done)
    if done.status == CONFLICT:
        return _conflict(request, question)
    if done.answers:
        question.form.add_error("reason", "Choose a reason: high and critical findings are answered.")
    return question_page(request, question, status=done.status)


def question_page(request: ClinicRequest, question: Question, *, status: int = 200) -> HttpResponse:
    scene = question.scene
    context = {
        **banner_context(request, scene.patient, scene.record),
        "question": question,
        "form": question.form,
        "asked": [question.form[name] for name in question.fields],
        "plan_title": plan_title(scene.plan),
        "plan_url": plan_url(scene.plan),
    }
    return show(request, "plan/act.html", context, status=status)


def _conflict(request: ClinicRequest, question: Question) -> HttpResponse:
    scene = question.scene
    events = plan_events(scene.plan)
    last = events[0] if events else None
    seen = str(question.form.data.get("seen_state", ""))
    rows = [
        ("The plan is", STATE_WORDS.get(seen, "not known"), STATE_WORDS[scene.plan.state]),
        ("Changes until then", str(question.form.data.get("state_version", "")), str(scene.plan.state_version)),
        ("Act", question.title, EVENT_WORDS.get(last.kind, last.kind) if last else "none"),
        (
            "Why",
            str(question.form.data.get("why", "")) or "not asked",
            last.reason if last and last.reason else "not said",
        ),
        ("Who", request.membership.user.full_name, last.by.full_name if last and last.by else "the clock"),
    ]
    context = {
        **banner_context(request, scene.patient, scene.record),
        "rows": rows,
        "plan_title": plan_title(scene.plan),
        "plan_url": plan_url(scene.plan),
        "sentences": question.form.non_field_errors(),
    }
    return show(request, "plan/conflict.html", context, status=CONFLICT)


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
    }


def answer_of(form: Form) -> CriticalAnswer | None:
    reason = form.cleaned_data.get("reason")
    return CriticalAnswer(reason=reason, comment=form.cleaned_data.get("comment", "")) if reason else None
