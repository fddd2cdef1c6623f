"""Hold from a later day, hold earlier than that, skip a step; what a signature binds; what a step's state says."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW, TODAY, change_dose, make_plan, regimen, slow_taper
from tests.services.acts import ANSWER, as_shown, running_plan
from titration.domain.errors import DomainError, PlanImpossible
from titration.domain.guidance import load_guidance
from titration.domain.history import prescribed_history
from titration.models import AuditEvent, Membership, Patient, Plan, PlanEvent
from titration.selectors import patient_record
from titration.services.errors import AnswerNeeded
from titration.services.plans import (
    confirm_step,
    hold_plan,
    resume_plan,
    sign_plan,
    skip_step,
    slow_plan_down,
    step_back,
    stop_plan,
)


def prescribed(patient: Patient, days: int) -> int | None:
    day = TODAY + timedelta(days=days)
    return prescribed_history(patient_record(patient, NOW)).on(day.toordinal())


def held(actor: Membership, plan: Plan, days: int) -> Plan:
    held_on = TODAY + timedelta(days=days)
    return hold_plan(
        actor=actor, plan=plan, reason="travel", held_on=held_on, state_version=plan.state_version, now=NOW
    )


def states(plan: Plan) -> list[str]:
    return list(plan.steps.order_by("number").values_list("state", flat=True))


def test_a_hold_from_a_later_day_lets_the_steps_before_it_begin(alice: Membership, patient: Patient) -> None:
    plan = held(alice, running_plan(alice, patient), 9)
    assert (plan.state, plan.held_on) == ("held", TODAY + timedelta(days=9))
    assert states(plan)[:4] == ["planned", "planned", "held", "held"]
    assert [prescribed(patient, day) for day in (0, 1, 8, 15, 60)] == [60_000, 55_000, 50_000, 50_000, 50_000]
    step = plan.steps.get(number=2)
    assert confirm_step(actor=alice, step=step, now=NOW + timedelta(days=8)).state == "started"


def test_it_is_brought_forward_and_never_put_off(alice: Membership, patient: Patient) -> None:
    plan = held(alice, running_plan(alice, patient), 9)
    for days in (9, 10):
        with pytest.raises(PlanImpossible, match=r"held from 22.Nov.2026 already"):
            held(alice, plan, days)
    earlier = held(alice, plan, 2)
    assert earlier.held_on == TODAY + timedelta(days=2)
    assert states(earlier)[:3] == ["planned", "held", "held"]
    assert [prescribed(patient, day) for day in (1, 8)] == [55_000, 55_000]


def test_a_dose_change_brings_a_planned_hold_forward(alice: Membership, patient: Patient) -> None:
    plan = held(alice, running_plan(alice, patient), 9)
    change_dose(alice, patient, regimen(20, 20, 10), TODAY + timedelta(days=3))
    plan.refresh_from_db()
    assert plan.held_on == TODAY + timedelta(days=3)
    assert states(plan)[:3] == ["planned", "held", "held"]
    assert prescribed(patient, 8) == 50_000


def test_a_plan_on_hold_from_a_later_day_is_resumed_before_it(alice: Membership, patient: Patient) -> None:
    plan = held(alice, running_plan(alice, patient, slow_taper(TODAY)), 9)
    later = as_shown(plan, slow_taper(TODAY)[1:], "no travel")
    new = resume_plan(actor=alice, plan=plan, continuation=later, now=NOW)
    assert (new.state, new.held_on, states(new)[0]) == ("running", None, "planned")
    assert prescribed(patient, 14) == 45_000


def test_a_skipped_step_is_left_out_of_a_new_version(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    later = as_shown(plan, slow_taper(TODAY)[2:], "no effect", ANSWER)
    new = skip_step(actor=alice, plan=plan, number=2, continuation=later, now=NOW)
    assert states(plan)[:3] == ["planned", "skipped", "planned"]
    event = PlanEvent.objects.get(plan=new, kind="skipped")
    assert (event.reason, event.detail["step"]) == ("no effect", 2)
    assert [prescribed(patient, day) for day in (0, 7, 13, 14)] == [55_000, 55_000, 55_000, 45_000]


@pytest.mark.parametrize("follow", [skip_step, slow_plan_down])
def test_a_fall_counts_whole_where_the_steps_between_are_left_out(
    alice: Membership, patient: Patient, follow: Any
) -> None:
    """60 to 30 in one step: the 5 mg steps on the days until then never begin, and soften nothing."""
    plan = running_plan(alice, patient, slow_taper())
    more = {"number": 5} if follow is skip_step else {}
    said: dict[str, Any] = {"actor": alice, "plan": plan, "now": NOW, **more}
    with pytest.raises(AnswerNeeded):
        follow(continuation=as_shown(plan, slow_taper()[5:]), **said)
    new = follow(continuation=as_shown(plan, slow_taper()[5:], answer=ANSWER), **said)
    assert (new.state, new.answer_reason) == ("running", ANSWER.reason)
    assert [prescribed(patient, day) for day in (0, 35, 36)] == [60_000, 60_000, 30_000]


@pytest.mark.parametrize("act", ["hold", "stop", "skip", "back", "resume"])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_act_without_a_reason(alice: Membership, patient: Patient, act: str, reason: str) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    if act == "resume":
        plan = held(alice, plan, 1)
    said: dict[str, Any] = {"actor": alice, "plan": plan, "now": NOW}
    ends = {"reason": reason, "state_version": plan.state_version}
    later = as_shown(plan, slow_taper(TODAY)[2:], reason, ANSWER)
    with pytest.raises(DomainError, match="Say why"):
        {
            "hold": lambda: hold_plan(**ends, **said),
            "stop": lambda: stop_plan(**ends, **said),
            "skip": lambda: skip_step(number=2, continuation=later, **said),
            "back": lambda: step_back(continuation=later, **said),
            "resume": lambda: resume_plan(continuation=later, **said),
        }[act]()
    assert Plan.objects.count() == 1


def test_a_signature_binds_content_author_time_and_guidance(alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, slow_taper())
    Plan.objects.filter(pk=plan.pk).update(guidance_version="an older one")
    plan.refresh_from_db()
    signed = sign_plan(actor=alice, plan=plan, state_version=0, now=NOW)
    detail = AuditEvent.objects.get(action="plan.signed").detail
    assert (signed.signed_by, signed.signed_at) == (alice.user, NOW)
    assert signed.guidance_version == detail["guidance"] == load_guidance().version
    assert signed.content_hash == detail["content_hash"]


def test_a_version_made_by_an_act_is_bound_in_the_same_way(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient)
    later = as_shown(plan, slow_taper(TODAY + timedelta(days=8)))
    new = step_back(actor=alice, plan=plan, continuation=later, now=NOW)
    detail = AuditEvent.objects.get(action="plan.stepped_back").detail
    assert (detail["content_hash"], detail["guidance"]) == (new.content_hash, new.guidance_version)
    assert new.content_hash != plan.content_hash


def test_confirming_a_step_says_nothing_of_the_one_before(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    confirm_step(actor=alice, step=plan.steps.get(number=2), now=NOW + timedelta(days=7))
    assert states(plan)[:3] == ["planned", "started", "planned"]
    confirm_step(actor=alice, step=plan.steps.get(number=1), now=NOW + timedelta(days=7))
    assert states(plan)[:3] == ["done", "started", "planned"]


def test_a_step_of_the_version_before_is_confirmed_while_it_is_still_taken(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    later = slow_taper(TODAY + timedelta(days=13))[1:]
    held_plan = held(alice, plan, 1)
    resume_plan(actor=alice, plan=held_plan, continuation=as_shown(held_plan, later), now=NOW)
    step = plan.steps.get(number=1)
    assert confirm_step(actor=alice, step=step, now=NOW + timedelta(days=5)).state == "started"
