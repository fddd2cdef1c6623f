"""Plans from draft to end: drafting and signing in one module, following a signed plan in the other."""

from titration.services.plans.drafting import (
    check_no_change_among,
    check_start,
    draft_plan,
    sign_plan,
)
from titration.services.plans.following import (
    complete_finished_plan,
    confirm_step,
    hold_plan,
    resume_plan,
    step_back,
    stop_plan,
)

__all__ = [
    "check_no_change_among",
    "check_start",
    "complete_finished_plan",
    "confirm_step",
    "draft_plan",
    "hold_plan",
    "resume_plan",
    "sign_plan",
    "step_back",
    "stop_plan",
]
