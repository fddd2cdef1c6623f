"""Plans from draft to end: drafting and signing, following a signed plan, and confirming what was taken of it."""

from titration.services.plans.confirming import complete_finished_plan, confirm_step
from titration.services.plans.drafting import (
    check_makeable,
    check_no_change_among,
    check_start,
    draft_plan,
    sign_plan,
)
from titration.services.plans.ending import stop_plan
from titration.services.plans.following import (
    Continuation,
    hold_plan,
    resume_plan,
    skip_step,
    slow_plan_down,
    step_back,
)
from titration.services.plans.writing import check_no_change_before

__all__ = [
    "Continuation",
    "check_makeable",
    "check_no_change_among",
    "check_no_change_before",
    "check_start",
    "complete_finished_plan",
    "confirm_step",
    "draft_plan",
    "hold_plan",
    "resume_plan",
    "sign_plan",
    "skip_step",
    "slow_plan_down",
    "step_back",
    "stop_plan",
]
