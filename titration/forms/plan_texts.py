"""Plans as the texts of the planner's fields: of a preset, of a template, of a plan on file, of a drawing as steps by
hand, and what follows when one field that others hang on is changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from titration.domain.planning import PRESETS, DoseOrder, Phase, PlanDraft, WayDown
from titration.domain.planning.templates import PlanTemplate
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import format_mg
from titration.forms.ways import BY_HAND, EQUAL, ONE_PACE, SHARE, fields_used, template_of, way_of, ways_of

type Texts = dict[str, Any]

NO_SECOND: Texts = {
    "second": ONE_PACE,
    "change_at": "",
    "second_step": "",
    "second_percent": "",
    "second_step_days": "",
}
USUAL_STAY_DAYS = "7"
NO_STAYS: Texts = {"stays": "1", "stay0-at": "", "stay0-days": USUAL_STAY_DAYS}


def way_texts(code: str, templates: Sequence[PlanTemplate] = ()) -> Texts:
    """Size and pace of a way as typed text; of a template its second pace, target, order and products too."""
    preset, template = PRESETS.get(code), template_of(code, templates)
    if template is not None:
        return _template_texts(template)
    if preset is None:
        return {"step": "", "percent": "", "step_days": "", "days": "", **NO_SECOND}
    pace = Phase(
        until_mcg=0,
        way=preset.way,
        step_mcg=preset.step_mcg,
        percent=preset.percent,
        step_days=preset.step_days,
        days=preset.days,
    )
    return phase_texts((pace,))


def _template_texts(template: PlanTemplate) -> Texts:
    texts = {
        **phase_texts(template.phases),
        "target": format_mg(template.target_mcg),
        "order": template.order.value,
    }
    return texts | ({"products": list(template.product_codes)} if template.product_codes else {})


def phase_texts(phases: Sequence[Phase]) -> Texts:
    """One pace or two."""
    first = _pace_texts(phases[0], "step", "percent", "step_days")
    first |= {"days": "" if phases[0].days is None else str(phases[0].days)}
    if len(phases) < 2:
        return {**first, **NO_SECOND}
    later = phases[1]
    return {
        **first,
        "second": SHARE if later.way is WayDown.PROPORTIONAL else EQUAL,
        "change_at": format_mg(phases[0].until_mcg),
        **_pace_texts(later, "second_step", "second_percent", "second_step_days"),
    }


def _pace_texts(pace: Phase, step: str, percent: str, days: str) -> Texts:
    return {
        step: "" if pace.step_mcg is None else format_mg(pace.step_mcg),
        percent: "" if pace.percent is None else str(pace.percent),
        days: "" if pace.step_days is None else str(pace.step_days),
    }


def with_second_pace(texts: Texts, usual: Phase) -> Texts:
    """The fields of a second pace that was just chosen: what is typed already stays, the rest begins as usual. A share
    has no usual size here."""
    begun = {
        "change_at": format_mg(usual.until_mcg),
        **_pace_texts(usual, "second_step", "second_percent", "second_step_days"),
    }
    return {**texts, **{name: text for name, text in begun.items() if not texts.get(name)}}


def row_texts(steps: Iterable[tuple[date, Regimen]]) -> Texts:
    """Steps as the texts of rows by hand."""
    texts: Texts = {}
    place = -1
    for place, (starts_on, regimen) in enumerate(steps):
        texts[f"row{place}-on"] = starts_on.isoformat()
        for time, mcg in zip(TimeOfDay, regimen.doses_mcg, strict=True):
            texts[f"row{place}-{time}"] = format_mg(mcg)
    return {**texts, "rows": str(place + 1)}


def texts_of(draft: PlanDraft) -> Texts:
    """A drawn plan as steps by hand; its stays are in their dates."""
    way = BY_HAND[draft.request.kind].value
    return {**row_texts(draft.planned), **NO_SECOND, **NO_STAYS, "way": way, "drawn_way": way}


def asked_texts(asked: Mapping[str, Any], kind: PlanKind, templates: Sequence[PlanTemplate] = ()) -> Texts:
    """The inputs that a plan on file was asked with."""
    way = _way_code(asked, kind, templates)
    texts = {**way_texts(way, templates), "way": way, "drawn_way": way}
    texts |= {"order": asked.get("order") or DoseOrder.EVENLY.value}
    if asked.get("phases"):
        texts |= phase_texts([_phase(entry, kind) for entry in asked["phases"]])
    else:
        texts |= {**_known_texts(asked, fields_used(way, templates)), **NO_SECOND}
    return {**texts, **_stay_texts(asked.get("holds") or ())}


def _stay_texts(holds: Sequence[tuple[int, int]]) -> Texts:
    texts = {**NO_STAYS, "stays": str(max(len(holds), 1))}
    for place, (at_mcg, days) in enumerate(holds):
        texts |= {f"stay{place}-at": format_mg(at_mcg), f"stay{place}-days": str(days)}
    return texts


def _phase(entry: Mapping[str, Any], kind: PlanKind) -> Phase:
    way = next(way for way in map(way_of, _codes(kind)) if way.value == entry["way"])
    percent = Fraction(entry["percent"]) if entry["percent"] else None
    sizes = {name: entry[name] for name in ("until_mcg", "step_mcg", "step_days")}
    return Phase(way=way, percent=percent, **sizes)


def _codes(kind: PlanKind) -> list[str]:
    return [code for code, _ in ways_of(kind)]


def _way_code(asked: Mapping[str, Any], kind: PlanKind, templates: Sequence[PlanTemplate]) -> str:
    """The choice that stands for a stored way: the template that it came from, where that is still the version in use;
    of several presets the one of the same pace."""
    origin = asked.get("template") or {}
    for template in templates:
        if (template.id, template.version) == (origin.get("id"), origin.get("version")):
            return template.code
    same = [code for code in _codes(kind) if way_of(code).value == asked.get("way")]
    paced = [code for code in same if code in PRESETS and PRESETS[code].step_days == asked.get("step_days")]
    return (paced or same or _codes(kind)[:1])[0]


def _known_texts(asked: Mapping[str, Any], used: Sequence[str]) -> Texts:
    known = {
        "step": format_mg(asked["step_mcg"]) if asked.get("step_mcg") else "",
        "percent": str(asked.get("percent") or ""),
        "step_days": str(asked.get("step_days") or ""),
        "days": str(asked.get("days") or ""),
    }
    return {name: known[name] for name in used if known[name]}
