"""One question about a plan: a page with its findings, its fields and one button, and what happens when it is answered.

A refusal shows the question again with its sentence. Where somebody was quicker, the page sets what was asked beside
what stands now; nothing is saved and nothing is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect

from titration.domain.errors import PlanImpossible
from titration.models import Plan
from titration.selectors.plan_file import following_version, plan_events
from titration.services.drafts import CriticalAnswer
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context
from titration.views.desk import ClinicRequest
from titration.views.plan_drawing import FindingItem, StepRow
from titration.views.plan_page import EVENT_WORDS, STATE_WORDS, PlanScene, plan_title, plan_url, scene_of, state_words

CONFLICT = 409
ANSWER_THESE = "Choose a reason for the findings shown here: high and critical findings are answered."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAct:
    """title: its words. event: what it leaves as the plan's last event. states: in which it may be asked."""

    title: str
    event: str
    states: tuple[str, ...]


SIGN = PlanAct(title="Sign the plan", event="signed", states=("draft",))
HOLD = PlanAct(title="Hold the plan", event="held", states=("running",))
STOP = PlanAct(title="Stop the plan", event="stopped", states=("draft", "running", "held"))
RESUME = PlanAct(title="Re-date the plan", event="replaced", states=("running", "held"))
STEP_BACK = PlanAct(title="Step back", event="replaced", states=("running", "held"))


def overtaken(request: ClinicRequest, scene: PlanScene, act: PlanAct) -> HttpResponse | None:
    """Where the plan has moved on since its form was shown: to the result of the same form sent twice, else a conflict.

    None where it has not. Raises PlanImpossible where the act does not fit the plan's state.
    """
    posted = request.POST.get("state_version", "")
    if request.method == "POST" and posted.isascii() and posted.isdigit() and posted != str(scene.plan.state_version):
        return _result_of_repeat(request, scene, act, posted) or _conflict(request, scene, act)
    if scene.plan.state not in act.states:
        states = " or ".join(STATE_WORDS[state] for state in act.states)
        now = state_words(scene, scene.entry)
        raise PlanImpossible(f"This plan is {now}. “{act.title}” is for a plan that is {states}.")
    return None


def _result_of_repeat(request: ClinicRequest, scene: PlanScene, act: PlanAct, posted: str) -> HttpResponse | None:
    """The same person's same act, one version later: a double click, not a conflict."""
    last = next(iter(plan_events(scene.plan)), None)
    is_own = last is not None and last.by_id == request.membership.user_id and last.kind == act.event
    if not is_own or int(posted) + 1 != scene.plan.state_version:
        return None
    return HttpResponseRedirect(plan_url(following_version(scene.plan) or scene.plan))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """lead, button and done are its words; fields: names of the form's fields in their order.

    rows: the re-dated steps that are shown before they are confirmed; findings: what must be answered with a reason;
    answered_for: their digest; others: what the rules say besides.
    """

    scene: PlanScene
    act: PlanAct
    form: Form
    lead: str
    done: str
    button: str
    digest: str = ""
    fields: tuple[str, ...] = ()
    findings: tuple[FindingItem, ...] = ()
    answered_for: str = ""
    others: tuple[FindingItem, ...] = ()
    rows: tuple[StepRow, ...] = ()
    notes: tuple[str, ...] = ()
    title: str = ""

    @property
    def heading(self) -> str:
        return self.title or self.act.title


def ask(request: ClinicRequest, question: Question, write: Callable[[], Plan]) -> HttpResponse:
    """The page of a question; with a POST its answer."""
    if request.method != "POST":
        return question_page(request, question)
    done = attempt(question.form, write)
    if done.row is not None:
        return saved(request, plan_url(done.row), question.done)
    if done.status == CONFLICT:
        return _conflict(
            request, scene_of(request, question.scene.patient.public_id, question.scene.plan.public_id), question.act
        )
    if done.answers:
        question.form.add_error("reason", ANSWER_THESE)
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


def _conflict(request: ClinicRequest, scene: PlanScene, act: PlanAct) -> HttpResponse:
    last = next(iter(plan_events(scene.plan)), None)
    who = last.by.full_name if last and last.by else "the clock"
    rows = [
        ("The plan", STATE_WORDS.get(request.POST.get("seen_state", ""), "not known"), STATE_WORDS[scene.plan.state]),
        ("Version of its state", request.POST["state_version"], str(scene.plan.state_version)),
        ("Act", act.title, EVENT_WORDS.get(last.kind, last.kind) if last else "none"),
        ("Why", request.POST.get("why") or "not asked", last.reason if last and last.reason else "not said"),
        ("Who", request.membership.user.full_name, who),
    ]
    context = {
        **banner_context(request, scene.patient, scene.record),
        "rows": rows,
        "plan_title": plan_title(scene.plan),
        "plan_url": plan_url(scene.plan),
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
    if not reason:
        return None
    said = form.cleaned_data
    return CriticalAnswer(reason=reason, comment=said.get("comment", ""), answered_for=said["answered_for"])
