"""Somebody was quicker: what was asked beside what stands now, both versions step by step, and a way to go on.

What was typed is carried over to the same act on the plan as it is now, which shows it before anything is saved; where
that act no longer fits, it stands on the page to be read.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse

from titration.domain.days import show_full_day, show_near_day
from titration.domain.plan_acts import event_words
from titration.domain.plan_differences import differences
from titration.domain.plan_transitions import RULES, STATE_WORDS, Act, is_allowed
from titration.domain.record import PlanEntry, PlanState
from titration.domain.units import show_mg_per_day
from titration.forms.plans import CHOICE_WORDS, FIELD_WORDS
from titration.models import Plan, PlanEvent
from titration.selectors import get_plan
from titration.selectors.plan_file import following_version, plan_events
from titration.views.answers import show
from titration.views.banner import banner_context
from titration.views.desk import ClinicRequest
from titration.views.plan_page import PlanScene, act_url, plan_title, plan_url

CONFLICT = 409
SOMEBODY = "Somebody changed this plan meanwhile"
NOT_ASKED, NOT_SAID, THE_CLOCK = "not asked", "not said", "the clock"
_OF_THE_FORM = frozenset({"csrfmiddlewaretoken", "state_version", "seen_state", "shown", "act", "key", "answered_for"})


def conflict_page(request: ClinicRequest, scene: PlanScene, act: Act) -> HttpResponse:
    now = _as_it_is_now(request, scene)
    entry = next(each for each in scene.record.plans if each.id == str(now.public_id))
    context = {
        **banner_context(request, scene.patient, scene.record),
        "rows": [*_rows(request, scene, act, now, entry), *_typed_rows(request, act)],
        "steps": list(_steps(scene.entry, entry, scene.today)),
        "differences": differences(scene.entry, entry) if entry.id != scene.entry.id else (),
        "title": RULES[act].title,
        "heading": _heading(request, now),
        "again": _again(request, scene, act, now),
        "plan_title": plan_title(scene.plan),
        "now_title": plan_title(now),
        "plan_url": plan_url(now),
    }
    return show(request, "plan/conflict.html", context, status=CONFLICT)


def _heading(request: ClinicRequest, now: Plan) -> str:
    last = _last_act(now)
    is_own = last is not None and last.by_id == request.membership.user_id
    return "You changed this plan already" if is_own else SOMEBODY


def _as_it_is_now(request: ClinicRequest, scene: PlanScene) -> Plan:
    """The newest version that took its place, else the plan itself."""
    newest = scene.plan
    while (following := following_version(newest)) is not None:
        newest = following
    return newest if newest == scene.plan else get_plan(request.membership, scene.patient, newest.public_id)


def _rows(
    request: ClinicRequest, scene: PlanScene, act: Act, now: Plan, entry: PlanEntry
) -> Iterator[tuple[str, str, str]]:
    """(label, as seen and asked, as it is now)."""
    last = _last_act(now)
    seen = request.POST.get("seen_state", "")
    yield "The plan", _state(seen), STATE_WORDS[entry.state]
    yield "Version", str(scene.plan.version), str(now.version)
    if entry.held_on:
        yield "Held from", "not held", show_full_day(entry.held_on)
    yield "What", RULES[act].title, event_words(last.kind, is_signed=bool(now.signed_at)).capitalize() if last else ""
    yield "Why", request.POST.get("why") or NOT_SAID, (last.reason if last else "") or NOT_SAID
    yield "Who", request.membership.user.full_name, (str(last.by) if last and last.by else THE_CLOCK)
    yield "When", "now, not saved", f"{last.at.astimezone(scene.patient.clinic.zone):%H:%M}" if last else ""


def _last_act(plan: Plan) -> PlanEvent | None:
    return next(iter(plan_events(plan)), None)


def _state(value: str) -> str:
    return STATE_WORDS[PlanState(value)] if value in set(PlanState) else "not known"


def _typed_rows(request: ClinicRequest, act: Act) -> Iterator[tuple[str, str, str]]:
    for name in RULES[act].asks:
        if name != "why":
            typed = request.POST.get(name) or NOT_SAID
            yield FIELD_WORDS[name], CHOICE_WORDS.get((name, typed), typed), NOT_ASKED


def _steps(seen: PlanEntry, now: PlanEntry, today: date) -> Iterator[tuple[str, str, str]]:
    """Each day on which a step begins in either version, with its total in each; without what is over in both.

    A newer version does not repeat the steps that were over when it was made; they are not gone.
    """
    old, new = (_totals(entry) for entry in (seen, now))
    first = min(today, now.steps[0].starts_on)
    for day in sorted(day for day in old.keys() | new.keys() if day >= first):
        yield show_near_day(day, beside=now.steps[0].starts_on), old.get(day, ""), new.get(day, "")


def _totals(entry: PlanEntry) -> dict[date, str]:
    return {step.starts_on: show_mg_per_day(step.regimen.daily_mcg) for step in entry.steps}


def _again(request: ClinicRequest, scene: PlanScene, act: Act, now: Plan) -> dict[str, Any] | None:
    """The same act on the plan as it is now, with what was typed; None where it no longer fits."""
    if not is_allowed(PlanState(now.state), act):
        return None
    typed = [(name, value) for name, value in request.POST.items() if name not in _OF_THE_FORM]
    seen = [("state_version", str(now.state_version)), ("seen_state", now.state), ("key", str(uuid4()))]
    return {"url": act_url(replace(scene, plan=now), act), "fields": [*typed, *seen, ("act", "show")]}


def step_conflict_page(request: ClinicRequest, scene: PlanScene, sentence: str) -> HttpResponse:
    """A step that somebody else confirmed, or a plan that was changed, while the button stood on a page."""
    context = {
        **banner_context(request, scene.patient, scene.record),
        "sentences": [sentence],
        "rows": [*_rows(request, scene, Act.CONFIRM, scene.plan, scene.entry)],
        "title": RULES[Act.CONFIRM].title,
        "heading": SOMEBODY,
        "plan_title": plan_title(scene.plan),
        "plan_url": reverse("plan", args=[scene.patient.public_id, scene.plan.public_id]),
    }
    return show(request, "plan/conflict.html", context, status=CONFLICT)
