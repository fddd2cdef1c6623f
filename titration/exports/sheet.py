"""The patient's sheet: what to take each day, in tablets and words, with boxes to tick.

This module turns a plan into the words and cells of the page; `sheet.typ` only lays them out. A week is one block,
Monday first; where steps change in mid-week the block has a part for each step, and every day stands in exactly one
part. The words are in `wording.toml`.
"""

import re
from collections.abc import Iterator

from titration.domain.products import ProductForm
from titration.domain.record import PlanKind
from titration.domain.regimen import TimeOfDay
from titration.domain.units import NO_BREAK_SPACE, format_mg, show_mg
from titration.exports.document import DocumentReview, DocumentStep, PlanDocument
from titration.exports.phrases import (
    Value,
    calendar_heading,
    footer,
    regimen_words,
    short_recipe,
    state_words,
    whole_words,
    wording,
)
from titration.exports.text import (
    TIME_WORDS,
    WEEKDAYS,
    full_date,
    joined,
    long_date,
    one_line,
    weekday_date,
    weekday_date_year,
)
from titration.exports.typesetting import typeset
from titration.exports.weeks import calendar_weeks, change_mark

_CALL = re.compile(r"\b(ring|call|dial|phone) (\d{2,4})\b", re.IGNORECASE)
_AFTER_CALL = re.compile(r"^(?:[.,;]|\s+and\b)*\s*")
_HOW = {"telephone": "by_telephone", "clinic": "at_clinic"}


def write_sheet(plan: PlanDocument) -> bytes:
    return typeset("sheet.typ", sheet_values(plan), at=plan.local(plan.printed.at))


def sheet_values(plan: PlanDocument) -> dict[str, Value]:
    words = wording()
    return {
        "title": words["title"][_way(plan)],
        "person": f"{one_line(plan.patient.name)}, born {long_date(plan.patient.birth_date)}",
        "phone_label": words["phone"]["label"],
        "telephone": one_line(plan.clinic.telephone),
        "hours": "; ".join(filter(None, [one_line(plan.clinic.hours), one_line(plan.clinic.out_of_hours)])),
        "state": state_words(plan),
        "lead": [full_date(plan.starts_on), full_date(plan.last_day), _course(plan), _until_then(plan)],
        "hold": _hold(plan),
        "warnings": _warnings(plan),
        "how": "" if plan.is_on_hold else " ".join(_how_to(plan)),
        "reviews": _reviews(plan),
        "products": calendar_heading(plan.products),
        "weekdays": [name[:3] for name in WEEKDAYS],
        "weeks": [] if plan.is_on_hold else list(calendar_weeks(plan)),
        "end": {"bold": "", "text": ""} if plan.is_on_hold else _end(plan),
        "table": _table(plan),
        "footer": footer(plan),
    }


def _way(plan: PlanDocument) -> str:
    if plan.kind is PlanKind.TITRATION:
        return "up"
    return "off" if plan.ends_at_zero else "down"


def _hold(plan: PlanDocument) -> dict[str, Value]:
    """What is taken while a plan is on hold, in place of its dates, boxes and table; nothing of any other plan."""
    if not plan.is_on_hold:
        return {"bold": "", "text": ""}
    return {"bold": " ".join(_standing(plan)), "text": wording()["hold"]["wait"]}


def _standing(plan: PlanDocument) -> Iterator[str]:
    hold: dict[str, str] = wording()["hold"]
    for place, dose in enumerate(plan.standing):
        daily = f", {show_mg(dose.regimen.daily_mcg)} a day"
        taken = f"{whole_words(dose.regimen, dose.recipes)}{daily}" if dose.regimen.daily_mcg else hold["none"]
        yield hold["then" if place else "now"].format(day=full_date(dose.starts_on), taken=taken)


def _course(plan: PlanDocument) -> str:
    """from 60 mg a day down to none, in 10 steps"""
    last = plan.steps[-1].regimen.daily_mcg
    way = "up" if last > plan.start.daily_mcg else "down"
    goal = f"{show_mg(last)} a day" if last else "none"
    start = f"{show_mg(plan.start.daily_mcg)} a day" if plan.start.daily_mcg else "none"
    steps = "1 step" if len(plan.steps) == 1 else f"{len(plan.steps)} steps"
    return f"from {start} {way} to {goal}, in {steps}."


def _until_then(plan: PlanDocument) -> str:
    first = plan.starts_on
    if not plan.start.daily_mcg or first <= plan.local(plan.printed.at).date():
        return ""
    taken = regimen_words(plan, plan.start, plan.start_recipes)
    return f"Until {first.day}{NO_BREAK_SPACE}{long_date(first).split(NO_BREAK_SPACE)[1]} keep taking {taken}."


def _warnings(plan: PlanDocument) -> list[Value]:
    call, more = _emergency(one_line(plan.clinic.emergency_wording))
    warnings = wording()["warning"]["up" if plan.kind is PlanKind.TITRATION else "down"]
    return [
        {name: words.replace("{call}", call).replace("{more}", more).strip() for name, words in warning.items()}
        for warning in warnings
    ]


def _emergency(clinic_words: str) -> tuple[str, str]:
    """Whom to call, "Ring 999", and what else the clinic says about it, in its own words; nothing is said twice."""
    found = _CALL.search(clinic_words)
    call = f"{found[1].capitalize()} {found[2]}" if found else wording()["emergency"]["call"]
    is_first = clinic_words.lower().startswith(call.lower())
    more = _AFTER_CALL.sub("", clinic_words[len(call) :]) if is_first else clinic_words
    return call, more[:1].upper() + more[1:]


def _how_to(plan: PlanDocument) -> Iterator[str]:
    how: dict[str, str] = wording()["how"]
    recipes = " ".join(recipe for step in plan.steps for recipe in step.recipes.values())
    has_liquid = any(product.form is ProductForm.LIQUID for product in plan.products)
    yield how["tick_liquid" if has_liquid else "tick"]
    if "quarter" in recipes or "half" in recipes:
        yield how["quarters" if "quarter" in recipes else "halves"]
    if has_liquid:
        yield how["liquid"]
    changes = [step.change_mcg for step in plan.steps]
    yield from (how[mark] for mark in ("less", "more") if any(change_mark(change) == mark for change in changes))
    yield _clock_words(plan)


def _clock_words(plan: PlanDocument) -> str:
    """Morning is about 08:00, midday 13:00 and evening 18:00."""
    clocks = [(time.value, one_line(plan.clinic.clock_times.get(time, ""))) for time in plan.times_used()]
    known = [f"{time} {clock}" for time, clock in clocks if clock]
    if not known:
        return ""
    sentence = joined(known).replace(" ", " is about ", 1)
    return f"{sentence.capitalize()}."


def _reviews(plan: PlanDocument) -> dict[str, Value]:
    how: dict[str, str] = wording()["how"]
    shown = [f"{how[key]} {_review_dates(plan.reviews, kind)}" for kind, key in _HOW.items() if _of(plan.reviews, kind)]
    label = how["reviews_on_hold" if plan.is_on_hold else "reviews"]
    return {"label": label, "text": f"{'; '.join(shown)}." if shown else ""}


def _of(reviews: tuple[DocumentReview, ...], how: str) -> list[DocumentReview]:
    return [review for review in reviews if review.how == how]


def _review_dates(reviews: tuple[DocumentReview, ...], how: str) -> str:
    return joined([weekday_date(review.on) for review in sorted(_of(reviews, how), key=lambda review: review.on)])


def _end(plan: PlanDocument) -> dict[str, Value]:
    end: dict[str, str] = wording()["end"]
    if plan.ends_at_zero:
        return {"bold": f"{full_date(plan.last_day)}: {end['off']}", "text": end["off_after"]}
    daily = show_mg(plan.steps[-1].regimen.daily_mcg)
    return {"bold": f"After {full_date(plan.last_day)}", "text": end["stay"].format(daily=daily)}


def _table(plan: PlanDocument) -> dict[str, Value]:
    heading = calendar_heading(plan.products)
    times = plan.times_used()
    return {
        "title": f"The whole plan, in {heading[:1].lower()}{heading[1:]}",
        "times": [TIME_WORDS[time] for time in times],
        "rows": [] if plan.is_on_hold else [_table_row(plan, step, times) for step in plan.steps],
    }


def _table_row(plan: PlanDocument, step: DocumentStep, times: tuple[TimeOfDay, ...]) -> Value:
    doses = [short_recipe(plan, step.recipe(time)) for time in times]
    ends = step is plan.steps[-1] and plan.ends_at_zero
    return {
        "from": _table_date(plan, step),
        "daily": format_mg(step.regimen.daily_mcg),
        "doses": ["none, finished"] if ends else list(doses),
    }


def _table_date(plan: PlanDocument, step: DocumentStep) -> str:
    """With the year in the first row and where it turns."""
    earlier = [other.starts_on.year for other in plan.steps if other.starts_on < step.starts_on]
    turns = not earlier or earlier[-1] != step.starts_on.year
    return weekday_date_year(step.starts_on) if turns else weekday_date(step.starts_on)
