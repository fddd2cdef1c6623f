"""A clinic's own plan templates: a way of going down or up, kept under a name, and what may never be kept.

A template is held to the limits of every plan before it is saved: its target is below the ceiling, its paces go on in
one direction, each has a day or more between steps, and what it asks for can be drawn. Changing one makes a version.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from titration.domain.errors import AboveCeiling, PlanImpossible
from titration.domain.planning.checks import Ceiling
from titration.domain.planning.draw import draw_plan
from titration.domain.planning.presets import load_limits
from titration.domain.planning.request import DoseOrder, Phase, PlanRequest, WayDown, WayUp
from titration.domain.products import PRODUCTS, Product
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen
from titration.domain.units import NO_BREAK_SPACE, show_mg, show_mg_per_day

TEMPLATE_WAYS: dict[PlanKind, tuple[WayDown | WayUp, ...]] = {
    PlanKind.TAPER: (WayDown.EQUAL, WayDown.PROPORTIONAL, WayDown.OVER_DAYS),
    PlanKind.TITRATION: (WayUp.EQUAL,),
}
CODE_PREFIX = "template-"
_TRIAL_DAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTemplate:
    """One version of a template. phases: one pace or two, the last ends at the target. source: where it comes from."""

    id: str
    version: int
    name: str
    kind: PlanKind
    phases: tuple[Phase, ...]
    product_codes: tuple[str, ...] = ()
    order: DoseOrder = DoseOrder.EVENLY
    note: str = ""
    source: str = ""
    is_retired: bool = False
    recorded_by: str = ""
    recorded_at: datetime | None = None

    @property
    def code(self) -> str:
        """What stands for it among the ways of the planner."""
        return f"{CODE_PREFIX}{self.id}"

    @property
    def way(self) -> WayDown | WayUp:
        return self.phases[0].way

    @property
    def target_mcg(self) -> int:
        return self.phases[-1].until_mcg

    @property
    def citation(self) -> str:
        return f"this clinic, version {self.version}"

    @property
    def words(self) -> str:
        """ "10 mg every 7 days to 30 mg/day, then 5 mg every 14 days to 0 mg/day"."""
        return ", then ".join(f"{pace_words(phase)} to {show_mg_per_day(phase.until_mcg)}" for phase in self.phases)


def pace_words(phase: Phase) -> str:
    """ "10 mg every 7 days", "10 % of the dose every week", "over 21 days"."""
    if phase.days is not None:
        return f"over {_days(phase.days)}"
    percent = f"{phase.percent}{NO_BREAK_SPACE}% of the dose" if phase.percent is not None else ""
    size = percent or (show_mg(phase.step_mcg) if phase.step_mcg is not None else "steps")
    return f"{size} every {'day' if phase.step_days == 1 else _days(phase.step_days or 0)}"


def _days(days: int) -> str:
    return f"{days}{NO_BREAK_SPACE}day{'' if days == 1 else 's'}"


def check_template(template: PlanTemplate, products: tuple[Product, ...], guidance: Ceiling) -> None:
    """Raises a DomainError with the sentence for what no plan may be. products: those that it names."""
    if not template.name.strip() or not template.source.strip():
        raise PlanImpossible("Write the template's name, and the source that its pace comes from.")
    if not template.phases:
        raise PlanImpossible("A template has one pace or two.")
    for phase in template.phases:
        _check_phase(template, phase, guidance)
    for trial in _trials(template, products or tuple(PRODUCTS.values()), guidance):
        draw_plan(trial, guidance)


def _check_phase(template: PlanTemplate, phase: Phase, guidance: Ceiling) -> None:
    if phase.way not in TEMPLATE_WAYS[template.kind]:
        raise PlanImpossible(f"Choose equal steps, a share of the dose or a length that fits a {template.kind}.")
    if phase.until_mcg > guidance.ceiling_mcg:
        most, until = show_mg_per_day(guidance.ceiling_mcg), show_mg_per_day(phase.until_mcg)
        raise AboveCeiling(f"{until} is above the {most} that no plan may pass. Choose a lower dose.")
    (_check_length if phase.way is WayDown.OVER_DAYS else _check_pace)(template, phase)


def _check_length(template: PlanTemplate, phase: Phase) -> None:
    if phase.days is None or phase.days < 1:
        raise PlanImpossible("Write over how many days the taper goes: 1 or more.")
    if len(template.phases) > 1 or (phase.step_mcg, phase.percent, phase.step_days) != (None, None, None):
        raise PlanImpossible("A taper over a number of days has one pace, without a size of its steps.")


def _check_pace(_template: PlanTemplate, phase: Phase) -> None:
    if phase.days is not None:
        raise PlanImpossible("Write either over how many days the taper goes, or a size and the days between steps.")
    if phase.step_days is None or phase.step_days < 1:
        raise PlanImpossible("Write how many days lie between two steps: 1 or more.")
    is_share = phase.way is WayDown.PROPORTIONAL
    if is_share == (phase.percent is None) or is_share == (phase.step_mcg is not None):
        raise PlanImpossible("Write the share of the dose for a share, or the size of a step for equal steps.")


def _trials(template: PlanTemplate, products: tuple[Product, ...], guidance: Ceiling) -> list[PlanRequest]:
    """The template drawn from where it begins: a titration from 0, a taper from a little above its first pace's end
    (or the ceiling), so that each pace makes steps."""
    start_mcg = 0
    if template.kind is PlanKind.TAPER:
        first = template.phases[0]
        room_mcg = 2 * max(first.step_mcg or 0, load_limits().smallest_step)
        start_mcg = min(first.until_mcg + room_mcg, guidance.ceiling_mcg)
    return [request_from(template, Regimen(evening_mcg=start_mcg), _TRIAL_DAY, products)]


def request_from(
    template: PlanTemplate, start: Regimen, first_step_on: date, products: tuple[Product, ...]
) -> PlanRequest:
    """The template as a request from a regimen. One pace is asked for as a plan of one pace."""
    first = template.phases[0]
    request = PlanRequest(
        kind=template.kind,
        start=start,
        first_step_on=first_step_on,
        target_mcg=template.target_mcg,
        products=products,
        way=first.way,
        order=template.order,
    )
    if len(template.phases) > 1:
        return replace(request, phases=template.phases)
    return replace(request, step_mcg=first.step_mcg, percent=first.percent, step_days=first.step_days, days=first.days)
