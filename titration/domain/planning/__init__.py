"""Titration and taper schedules: always whole, always makeable, never silently faster than asked.

`draw_plan` answers a PlanRequest with a PlanDraft or refuses with a sentence. The acts on a plan under way (`redate`,
`hold`, `slow_down`,
`step_back`) are pure functions from steps to steps.
"""

from titration.domain.planning.compare import PlanSummary, content_hash, summarise
from titration.domain.planning.draw import draw_plan, lengthen, make_step, notes_again
from titration.domain.planning.origin import origin_words, request_inputs, request_of
from titration.domain.planning.presets import PRESETS, Preset, default_preset
from titration.domain.planning.redate import hold, redate, slow_down, step_back
from titration.domain.planning.request import (
    DoseOrder,
    Hold,
    Phase,
    PlanDraft,
    PlanRequest,
    PlanStepDraft,
    TemplateOrigin,
    WayDown,
    WayUp,
)
from titration.domain.products import quantities, supplied_until
from titration.domain.record import PlanKind

__all__ = [
    "PRESETS",
    "DoseOrder",
    "Hold",
    "Phase",
    "PlanDraft",
    "PlanKind",
    "PlanRequest",
    "PlanStepDraft",
    "PlanSummary",
    "Preset",
    "TemplateOrigin",
    "WayDown",
    "WayUp",
    "content_hash",
    "default_preset",
    "draw_plan",
    "hold",
    "lengthen",
    "make_step",
    "notes_again",
    "origin_words",
    "quantities",
    "redate",
    "request_inputs",
    "request_of",
    "slow_down",
    "step_back",
    "summarise",
    "supplied_until",
]
