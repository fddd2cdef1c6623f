"""The page of a plan on file: its steps beside what was taken, how far apart the two are, and what may be done.

Plain values for `plan/detail.html`; what is allowed, what is heard and what differs the domain has decided.
"""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from titration.domain.confirming import unsettled
from titration.domain.history import taken_history
from titration.domain.plan_acts import event_words
from titration.domain.plan_against import Against, against, apart_words, behind_words, course_words
from titration.domain.plan_differences import differences
from titration.domain.plan_transitions import LIVE_STATES, RULES, Act, acts_in
from titration.domain.planned_supply import period_rows, runs_out_words
from titration.domain.planning import origin_words
from titration.domain.planning.words import supply_lines
from titration.domain.products import Product, only_tablet
from titration.domain.record import PlanState
from titration.domain.replanning import may_be_held
from titration.domain.reported import reported
from titration.domain.times_of_day import sedation_by_time
from titration.exports import FORMATS
from titration.permissions import SENTENCES, Action, acting, can, may
from titration.selectors.plan_file import plan_events
from titration.services.under_treatment import refused_words
from titration.views.banner import banner_context
from titration.views.desk import ClinicRequest
from titration.views.plan_drawing import StepRow, finding_items, step_rows
from titration.views.plan_follow import FollowRow, follow_rows
from titration.views.plan_page import (
    PlanScene,
    act_url,
    override_reasons,
    pictures_of,
    plan_title,
    start_of,
    state_words,
    under_way,
)

PAGE_WIDE = 880
FOLLOWED = (PlanState.RUNNING, PlanState.HELD, PlanState.COMPLETED)


def plan_context(request: ClinicRequest, scene: PlanScene) -> dict[str, Any]:
    return {
        **banner_context(request, scene.patient, scene.record),
        **_steps(request, scene),
        **_followed(scene),
        **_history(scene),
        "plan": scene.plan,
        "title": plan_title(scene.plan),
        "state_words": state_words(scene, scene.entry),
        "is_draft": scene.plan.state == PlanState.DRAFT,
        "is_ahead": scene.plan.state in (PlanState.DRAFT, *LIVE_STATES),
        "acts": list(_acts(request, scene)),
        "exports": _exports(request, scene),
        "may_not_export": "" if can(request.membership, Action.EXPORT_PLAN) else SENTENCES[Action.EXPORT_PLAN],
    }


def _steps(request: ClinicRequest, scene: PlanScene) -> dict[str, Any]:
    wide, narrow = pictures_of(scene, wide=PAGE_WIDE)
    rows = list(_step_rows(scene))
    return {
        "rows": list(_follow_rows(request, scene, rows)),
        "recipes": rows,
        "only_tablet": _only_tablet(scene),
        "findings": list(finding_items(scene.judged.findings, scene.guidance)),
        "answers": scene.answers,
        "supply": supply_lines(scene.steps),
        "periods": () if scene.unmade else period_rows(scene.steps),
        "lasts": runs_out_words(scene.record, scene.judged.steps, scene.today),
        "origin": origin_words(scene.plan.request),
        "compare_url": f"{reverse('plan_compare', args=[scene.patient.public_id])}?this={scene.plan.public_id}",
        "notes": scene.notes,
        "before": scene.before_words,
        "unmade": scene.unmade,
        "wide": wide,
        "narrow": narrow,
        "reviews": [
            (each, each.due_on < scene.today)
            for each in scene.record.reviews
            if each.done_on is None and not refused_words(scene.patient)
        ],
    }


def _step_rows(scene: PlanScene) -> Iterator[StepRow]:
    by_step, only = scene.judged.by_step, _only_tablet(scene)
    return step_rows(start_of(scene), scene.steps, by_step, today=scene.today, only=only)


def _only_tablet(scene: PlanScene) -> Product | None:
    return only_tablet([*scene.products, *scene.at_hand])


def _follow_rows(request: ClinicRequest, scene: PlanScene, steps: list[StepRow]) -> Iterator[FollowRow]:
    return follow_rows(
        scene.record,
        scene.rows,
        steps,
        plan=scene.entry,
        today=scene.today,
        may_confirm=may(request.membership, Act.CONFIRM),
    )


def _followed(scene: PlanScene) -> dict[str, Any]:
    """Of a plan under way: what differs and must be settled, how far behind it is, and sedation by time of day."""
    if scene.entry.state not in FOLLOWED:
        return {}
    standing = unsettled(scene.record, scene.plan.number, scene.today)
    regimen = under_way(scene).present
    return {
        "unsettled": standing.difference_words(scene.today) if standing else "",
        "taken_url": f"{reverse('patient', args=[scene.patient.public_id])}?log=taken",
        "against": list(_against(scene)),
        "by_time": sedation_by_time(scene.record, regimen, scene.today),
    }


def _against(scene: PlanScene) -> Iterator[tuple[str, str]]:
    """The version that is followed; beside it the one first signed, where that is another."""
    signed = [entry for entry in scene.record.plans if entry.number == scene.plan.number and entry.signed_at]
    taken = taken_history(scene.record)
    told = reported(scene.record)
    now = scene.today.toordinal()
    days = frozenset(
        day for day in range(scene.entry.steps[0].starts_on.toordinal(), now + 1) if told.is_unconfirmed(day)
    )
    found = against(scene.entry, taken, start_mcg=start_of(scene).daily_mcg, today=scene.today, unconfirmed=days)
    yield from _against_rows(found)
    if len(signed) > 1 and signed[0].id != scene.entry.id:
        first = against(signed[0], taken, start_mcg=scene.plan.start.daily_mcg, today=scene.today)
        if first is not None:
            yield f"Against version {signed[0].version}", f"{behind_words(first)}. {apart_words(first)}"


def _against_rows(found: Against | None) -> Iterator[tuple[str, str]]:
    if found is None:
        yield "Days behind", "The first step is still to come"
        return
    yield "Days behind", behind_words(found)
    yield "Apart", apart_words(found)
    yield "So far", course_words(found)


def _acts(request: ClinicRequest, scene: PlanScene) -> Iterator[dict[str, Any]]:
    for act in acts_in(PlanState(scene.plan.state)):
        if act is Act.HOLD and not may_be_held(scene.entry, scene.today):
            continue
        allowed = may(request.membership, act)
        yield {
            "words": _act_words(act, scene),
            "url": _act_address(act, scene) if allowed else "",
            "is_main": RULES[act].is_main,
            "sentence": "" if allowed else SENTENCES[acting(act)],
        }


def _act_words(act: Act, scene: PlanScene) -> str:
    if act is Act.HOLD and scene.entry.held_on is not None:
        return "Hold earlier"
    if act is not Act.SIGN or not scene.judged.answers:
        return RULES[act].words
    count = len(scene.judged.answers)
    return f"Sign, with a reason for {count} finding{'' if count == 1 else 's'}"


def _act_address(act: Act, scene: PlanScene) -> str:
    if act is Act.REDRAW:
        return f"{reverse('plan_new', args=[scene.patient.public_id])}?from={scene.plan.public_id}"
    return act_url(scene, act)


def _exports(request: ClinicRequest, scene: PlanScene) -> list[tuple[str, str]]:
    if not can(request.membership, Action.EXPORT_PLAN):
        return []
    return [(each.label, _export_url(scene, name)) for name, each in FORMATS.items()]


def _export_url(scene: PlanScene, name: str) -> str:
    variant, suffix = name.split(".")
    return reverse("plan_export", args=[scene.patient.public_id, scene.plan.public_id, variant, suffix])


def _history(scene: PlanScene) -> dict[str, Any]:
    is_signed, reason = scene.plan.signed_at is not None, scene.plan.answer_reason
    return {
        "versions": list(_versions(scene)),
        "events": [
            (event_words(event.kind, is_signed=is_signed).capitalize(), event) for event in plan_events(scene.plan)
        ],
        "reason_words": override_reasons(scene).get(reason, reason),
    }


def _versions(scene: PlanScene) -> Iterator[dict[str, Any]]:
    """Of this plan, newest first, each with how it differs from the one before."""
    same = [entry for entry in scene.record.plans if entry.number == scene.plan.number]
    for place in range(len(same) - 1, -1, -1):
        entry = same[place]
        yield {
            "entry": entry,
            "state_words": state_words(scene, entry),
            "is_this": entry.id == scene.entry.id,
            "url": reverse("plan", args=[scene.patient.public_id, entry.id]),
            "differences": differences(same[place - 1], entry) if place else (),
        }
