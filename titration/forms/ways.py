"""What the planner offers: ways with their citation, a second pace, orders over the day; and the fields each uses."""

from collections.abc import Mapping, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from titration.domain.planning import PRESETS, DoseOrder, WayDown, WayUp
from titration.domain.planning.templates import PlanTemplate
from titration.domain.record import PlanKind

BY_HAND = {PlanKind.TAPER: WayDown.BY_HAND, PlanKind.TITRATION: WayUp.BY_HAND}
KINDS = [(PlanKind.TAPER.value, "Taper"), (PlanKind.TITRATION.value, "Titration")]
CITED = {
    "two_weeks": "labels, when exposure is not long",
    "three_weeks": "Swiss label, long exposure",
    "over_days": "our design choice",
    "weekly_5mg": "convention, no known source",
    "proportional_weekly": "by analogy, not baclofen data",
    "proportional_two_weeks": "by analogy, not baclofen data",
    "labelled_us": "US label",
    "weekly_up": "NHS Scotland, brain injury",
    "equal_up": "our design choice",
    "equal": "our design choice",
}
SIZED, SHARED = ("step", "step_days"), ("percent", "step_days")
USES: Mapping[WayDown | WayUp, tuple[str, ...]] = {
    WayDown.EQUAL: SIZED,
    WayUp.EQUAL: SIZED,
    WayDown.PROPORTIONAL: SHARED,
    WayDown.OVER_DAYS: ("days",),
}
ONE_PACE, EQUAL, SHARE = "", "equal", "share"
SECOND_WAYS = {
    PlanKind.TAPER: [(ONE_PACE, "None"), (EQUAL, "Equal amounts"), (SHARE, "A share of the current dose")],
    PlanKind.TITRATION: [(ONE_PACE, "None"), (EQUAL, "Equal steps")],
}
SECOND_USES = {ONE_PACE: (), EQUAL: ("second_step",), SHARE: ("second_percent",)}
ORDERS = {
    PlanKind.TAPER: [
        (DoseOrder.EVENLY.value, "All times of day evenly"),
        (DoseOrder.DAY_FIRST.value, "Daytime first, keep the evening"),
        (DoseOrder.EVENING_FIRST.value, "Evening first, keep the daytime"),
    ],
    PlanKind.TITRATION: [
        (DoseOrder.EVENLY.value, "All times of day evenly"),
        (DoseOrder.DAY_FIRST.value, "Daytime first"),
        (DoseOrder.EVENING_FIRST.value, "Evening first"),
    ],
}


def second_way(kind: PlanKind, code: str) -> WayDown | WayUp:
    if kind is PlanKind.TITRATION:
        return WayUp.EQUAL
    return WayDown.PROPORTIONAL if code == SHARE else WayDown.EQUAL


def ways_of(kind: PlanKind, templates: Sequence[PlanTemplate] = ()) -> list[tuple[str, SafeString]]:
    """The presets of a kind with their citation, then the clinic's templates, and by hand at the end."""
    fitting = [preset for preset in PRESETS.values() if preset.is_taper == (kind is PlanKind.TAPER)]
    chosen = [(preset.code, _with_note(preset.title, CITED.get(preset.code, preset.source))) for preset in fitting]
    own = [(each.code, _with_note(each.name, each.citation)) for each in templates if each.kind is kind]
    return [*chosen, *own, (BY_HAND[kind].value, _with_note("By hand", "every step is yours"))]


def _with_note(words: str, note: str) -> SafeString:
    return format_html("{}<small>{}</small>", words, note)


def template_of(code: str, templates: Sequence[PlanTemplate]) -> PlanTemplate | None:
    return next((template for template in templates if template.code == code), None)


def way_of(code: str, templates: Sequence[PlanTemplate] = ()) -> WayDown | WayUp:
    """The way that a choice stands for: its preset's, its template's, or by hand."""
    preset, template = PRESETS.get(code), template_of(code, templates)
    if preset is not None:
        return preset.way
    if template is not None:
        return template.way
    return WayDown.BY_HAND if code == WayDown.BY_HAND.value else WayUp.BY_HAND


def fields_used(code: str, templates: Sequence[PlanTemplate] = ()) -> tuple[str, ...]:
    return USES.get(way_of(code, templates), ())


def has_one_pace(code: str, templates: Sequence[PlanTemplate] = ()) -> bool:
    """Whether the way has steps of one pace, so that another may follow it."""
    preset, template = PRESETS.get(code), template_of(code, templates)
    if template is not None:
        return template.way is not WayDown.OVER_DAYS
    return preset is not None and preset.step_days is not None
