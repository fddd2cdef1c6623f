"""What a plan was asked for as plain JSON, so that the planner's form can be filled again years later, the request read
back, and the template it came from named.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from titration.domain.planning.request import DoseOrder, Hold, Phase, PlanRequest, WayDown, WayUp
from titration.domain.products import Product
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen

_WAYS: dict[str, WayDown | WayUp] = {way.value: way for way in (*WayDown, *WayUp)}


def request_inputs(request: PlanRequest) -> dict[str, Any]:
    """What the planner was asked. Whatever was not asked for is left out, but for the inputs that every plan has."""
    inputs: dict[str, Any] = {
        "way": str(request.way),
        "first_step_on": request.first_step_on.isoformat(),
        "step_mcg": request.step_mcg,
        "percent": str(request.percent) if request.percent is not None else None,
        "step_days": request.step_days,
        "by_hand": [[day.isoformat(), list(regimen.doses_mcg)] for day, regimen in request.by_hand],
        "order": request.order.value,
    }
    if request.days is not None:
        inputs["days"] = request.days
    if request.phases:
        inputs["phases"] = [_phase(phase) for phase in request.phases]
    if request.holds:
        inputs["holds"] = [[hold.at_mcg, hold.days] for hold in request.holds]
    if request.origin is not None:
        origin = request.origin
        inputs["template"] = {"id": origin.id, "version": origin.version, "changed": origin.is_changed}
        inputs["template"]["name"] = origin.name
    return inputs


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "until_mcg": phase.until_mcg,
        "way": str(phase.way),
        "step_mcg": phase.step_mcg,
        "percent": str(phase.percent) if phase.percent is not None else None,
        "step_days": phase.step_days,
    }


def request_of(
    inputs: Mapping[str, Any], *, kind: PlanKind, start: Regimen, target_mcg: int, products: tuple[Product, ...]
) -> PlanRequest | None:
    """The request that `request_inputs` wrote down, without its template; None where none was kept."""
    way = _WAYS.get(inputs.get("way", ""))
    if way is None or "first_step_on" not in inputs:
        return None
    return PlanRequest(
        kind=kind,
        start=start,
        first_step_on=date.fromisoformat(inputs["first_step_on"]),
        target_mcg=target_mcg,
        products=products,
        way=way,
        **_pace_of(inputs),
        by_hand=tuple((date.fromisoformat(day), Regimen.of(doses)) for day, doses in inputs.get("by_hand", ())),
        phases=tuple(_phase_of(entry) for entry in inputs.get("phases", ())),
        holds=tuple(Hold(at_mcg=at_mcg, days=days) for at_mcg, days in inputs.get("holds", ())),
        order=DoseOrder(inputs.get("order") or DoseOrder.EVENLY),
    )


def _phase_of(entry: Mapping[str, Any]) -> Phase:
    return Phase(until_mcg=entry["until_mcg"], way=_WAYS[entry["way"]], **_pace_of(entry))


def _pace_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    percent = entry.get("percent")
    sizes = {name: entry.get(name) for name in ("step_mcg", "step_days", "days")}
    return {**sizes, "percent": None if percent is None else Fraction(percent)}


def origin_words(inputs: dict[str, Any]) -> str:
    """ "From the template “Ward taper”, version 2, changed"; nothing where the plan came from none."""
    template = inputs.get("template")
    if not template:
        return ""
    changed = ", with its inputs changed" if template.get("changed") else ""
    return f"From the template “{template['name']}”, version {template['version']}{changed}"
