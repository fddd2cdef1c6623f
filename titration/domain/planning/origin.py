"""What a plan was asked for as plain JSON, so that the planner's form can be filled again years later, and the template
it came from named.
"""

from typing import Any

from titration.domain.planning.request import Phase, PlanRequest


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


def origin_words(inputs: dict[str, Any]) -> str:
    """ "From the template “Ward taper”, version 2, changed"; nothing where the plan came from none."""
    template = inputs.get("template")
    if not template:
        return ""
    changed = ", with its inputs changed" if template.get("changed") else ""
    return f"From the template “{template['name']}”, version {template['version']}{changed}"
