"""The patient's sheet: what to take each day, in tablets and words, with boxes to tick.

This module turns a plan into the words and cells of the page; `sheet.typ` only lays them out. A week is one block, Monday first; where
steps change in mid-week the block has a part for each step, and every day stands in exactly one part. The words are in `wording.toml`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from titration.domain.products import Product, ProductForm
from titration.domain.record import PlanKind, PlanState
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import NO_BREAK_SPACE, format_mg, show_mg
from titration.exports.document import NO_RECIPE, DocumentReview, DocumentStep, PlanDocument, RecipeWords
from titration.exports.text import (
    TIME_WORDS,
    WEEKDAYS,
    full_date,
    joined,
    long_date,
    one_line,
    short_date,
    short_date_year,
    show_instant,
    weekday_date,
    weekday_date_year,
)
from titration.exports.typesetting import typeset

_ONE_DAY = timedelta(days=1)
_WEEK_DAYS = len(WEEKDAYS)
_TIMES_A_DAY = {1: "once a day", 2: "twice a day", 3: "three times a day", 4: "four times a day"}
_AT = {"morning": "in the morning", "midday": "at midday", "evening": "in the evening", "bedtime": "at bedtime"}
_HOW = {"telephone": "by_telephone", "clinic": "at_clinic"}

type Value = str | bool | int | list["Value"] | Mapping[str, "Value"]


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "wording.toml").read_text(encoding="utf-8"))


def write_sheet(plan: PlanDocument) -> bytes:
    return typeset("sheet.typ", sheet_values(plan), at=plan.local(plan.printed.at))


def sheet_values(plan: PlanDocument) -> dict[str, Value]:
    words = _words()
    return {
        "title": words["title"][_way(plan)],
        "person": f"{one_line(plan.patient.name)}, born {long_date(plan.patient.birth_date)}",
        "phone_label": words["phone"]["label"],
        "telephone": one_line(plan.clinic.telephone),
        "hours": "; ".join(filter(None, [one_line(plan.clinic.hours), one_line(plan.clinic.out_of_hours)])),
        "state": state_words(plan),
        "lead": [full_date(plan.starts_on), full_date(plan.last_day), _course(plan), _until_then(plan)],
        "warnings": _warnings(plan),
        "how": " ".join(_how_to(plan)),
        "reviews": _reviews(plan),
        "products": calendar_heading(plan.products),
        "weekdays": [name[:3] for name in WEEKDAYS],
        "weeks": list(_weeks(plan)),
        "end": _end(plan),
        "table": _table(plan),
        "footer": footer(plan),
    }




def _way(plan: PlanDocument) -> str:
    if plan.kind is PlanKind.TITRATION:
        return "up"
    return "off" if plan.ends_at_zero else "down"


def state_words(plan: PlanDocument) -> str:
    """Why a sheet must not be followed as it is, or nothing."""
    states: dict[str, str] = _words()["state"]
    is_draft = plan.signed is None or plan.state is PlanState.DRAFT
    return states["draft"] if is_draft else states.get(plan.state.value, "")


def footer(plan: PlanDocument) -> dict[str, Value]:
    """What every page of every paper says at its foot."""
    signed = plan.signed
    act = f"signed {short_date_year(plan.local(signed.at).date())} by {one_line(signed.by)}" if signed else "draft, not signed"
    printed = f"Printed {show_instant(plan.local(plan.printed.at))} by {one_line(plan.printed.by)}"
    return {
        "person": f"{one_line(plan.patient.name)}, {one_line(plan.patient.identifier)}",
        "telephone": one_line(plan.clinic.telephone),
        "plan": f"Plan {plan.number}, version {plan.version}, {act}",
        "printed": f"{printed}, {one_line(plan.clinic.name)}",
        "code": f"Check code {plan.short_hash}",
        "is_draft": signed is None,
    }


def _course(plan: PlanDocument) -> str:
    """from 60 mg a day down to none, in 10 steps"""
    last = plan.steps[-1].regimen.daily_mcg
    way = "up" if last > plan.start.daily_mcg else "down"
    goal = f"{show_mg(last)} a day" if last else "none"
    start = f"{show_mg(plan.start.daily_mcg)} a day" if plan.start.daily_mcg else "none"
    steps = "1 step" if len(plan.steps) == 1 else f"{len(plan.steps)} steps"
    return f"from {start} {way} to {goal}, in {steps}."


def _until_then(plan: PlanDocument) -> str:
    if not plan.start.daily_mcg:
        return ""
    first = plan.starts_on
    taken = regimen_words(plan, plan.start, plan.start_recipes)
    return f"Until {first.day}{NO_BREAK_SPACE}{long_date(first).split(NO_BREAK_SPACE)[1]} keep taking {taken}."


def regimen_words(plan: PlanDocument, regimen: Regimen, recipes: RecipeWords) -> str:
    """two tablets three times a day; one tablet in the morning and half a tablet at bedtime"""
    doses = zip(TimeOfDay, regimen.doses_mcg, strict=True)
    taken = {time: short_recipe(plan, recipes.get(time, show_mg(mcg))) for time, mcg in doses if mcg}
    if len(set(taken.values())) == 1:
        return f"{next(iter(taken.values()))} {_TIMES_A_DAY[len(taken)]}"
    return joined([f"{recipe} {_AT[time]}" for time, recipe in taken.items()])


def short_recipe(plan: PlanDocument, recipe: str) -> str:
    """Without the strength where the plan needs one strength of tablet only, since the head of the calendar names it."""
    words = one_line(recipe)
    if len(plan.products) != 1 or plan.products[0].form is not ProductForm.TABLET:
        return words
    strength = show_mg(plan.products[0].strength_mcg)
    return words.replace(f"{strength} ", "").replace(f"{strength.replace(NO_BREAK_SPACE, ' ')} ", "")


def calendar_heading(products: tuple[Product, ...]) -> str:
    """Tablets of 10 mg and 5 mg; a liquid by its name."""
    strengths = [show_mg(product.strength_mcg) for product in products if product.form is ProductForm.TABLET]
    liquids = [one_line(product.name) for product in products if product.form is not ProductForm.TABLET]
    tablets = [f"Tablets of {joined(strengths)}"] if strengths else []
    return "; ".join([*tablets, *liquids])


def _warnings(plan: PlanDocument) -> list[Value]:
    emergency = one_line(plan.clinic.emergency_wording).rstrip(".")
    warnings = _words()["warning"]["up" if plan.kind is PlanKind.TITRATION else "down"]
    return [
        {"heading": warning["heading"].replace("{emergency}", emergency), "text": warning["text"]} for warning in warnings
    ]


def _how_to(plan: PlanDocument) -> Iterator[str]:
    how: dict[str, str] = _words()["how"]
    recipes = " ".join(recipe for step in plan.steps for recipe in step.recipes.values())
    has_liquid = any(product.form is ProductForm.LIQUID for product in plan.products)
    yield how["tick_liquid" if has_liquid else "tick"]
    if "quarter" in recipes or "half" in recipes:
        yield how["quarters" if "quarter" in recipes else "halves"]
    if has_liquid:
        yield how["liquid"]
    yield how["extra"]
    changes = [step.change_mcg for step in plan.steps]
    yield from (how[mark] for mark in ("less", "more") if any(_mark(change) == mark for change in changes))
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
    how: dict[str, str] = _words()["how"]
    shown = [f"{how[key]} {_review_dates(plan.reviews, kind)}" for kind, key in _HOW.items() if _of(plan.reviews, kind)]
    return {"label": how["reviews"], "text": f"{'; '.join(shown)}." if shown else ""}


def _of(reviews: tuple[DocumentReview, ...], how: str) -> list[DocumentReview]:
    return [review for review in reviews if review.how == how]


def _review_dates(reviews: tuple[DocumentReview, ...], how: str) -> str:
    return joined([weekday_date(review.on) for review in sorted(_of(reviews, how), key=lambda review: review.on)])


def _weeks(plan: PlanDocument) -> Iterator[Value]:
    """Weeks in order, each a list of parts; the day on which baclofen has ended has no box."""
    last = plan.last_day - _ONE_DAY if plan.ends_at_zero else plan.last_day
    monday = plan.starts_on - timedelta(days=plan.starts_on.weekday())
    while monday <= last:
        sunday = min(last, monday + timedelta(days=_WEEK_DAYS - 1))
        yield [_part(plan, step, monday, sunday) for step in _steps_between(plan, monday, sunday)]
        monday += timedelta(days=_WEEK_DAYS)


def _steps_between(plan: PlanDocument, first: date, last: date) -> list[DocumentStep]:
    return [step for step in plan.steps if step.starts_on <= last and plan.last_day_of(step) >= first]


def _part(plan: PlanDocument, step: DocumentStep, monday: date, sunday: date) -> Value:
    first, last = max(step.starts_on, monday), min(plan.last_day_of(step), sunday)
    days = [monday + timedelta(days=offset) for offset in range(_WEEK_DAYS)]
    shown = [first <= day <= last for day in days]
    is_new = step.starts_on == first
    return {
        "daily": f"{show_mg(step.regimen.daily_mcg)} a day",
        "change": _change_words(step.change_mcg) if is_new else "",
        "days": [_day_cell(plan, day, first=first) if held else {"label": "", "review": False} for day, held in zip(days, shown, strict=True)],
        "rows": [_row(plan, step, time, shown=shown, is_new=is_new) for time in plan.times_used()],
    }


def _change_words(change_mcg: int) -> str:
    return f"{show_mg(abs(change_mcg))} {_mark(change_mcg)}" if change_mcg else ""


def _mark(change_mcg: int) -> str:
    if change_mcg == 0:
        return ""
    return "less" if change_mcg < 0 else "more"


def _day_cell(plan: PlanDocument, day: date, *, first: date) -> Value:
    label = short_date(day) if day == first or day.day == 1 else str(day.day)
    return {"label": label, "review": any(review.on == day for review in plan.reviews)}


def _row(plan: PlanDocument, step: DocumentStep, time: TimeOfDay, *, shown: list[bool], is_new: bool) -> Value:
    dose_mcg = _dose(step.regimen, time)
    mark = _mark(dose_mcg - _dose(_regimen_before(plan, step), time)) if is_new else ""
    return {
        "time": TIME_WORDS[time],
        "words": short_recipe(plan, step.recipe(time)) if dose_mcg else NO_RECIPE,
        "mark": mark,
        "is_none": dose_mcg == 0,
        "ticks": [("box" if dose_mcg else "nil") if held else "" for held in shown],
    }


def _regimen_before(plan: PlanDocument, step: DocumentStep) -> Regimen:
    earlier = [other.regimen for other in plan.steps if other.starts_on < step.starts_on]
    return earlier[-1] if earlier else plan.start


def _dose(regimen: Regimen, time: TimeOfDay) -> int:
    return dict(zip(TimeOfDay, regimen.doses_mcg, strict=True))[time]


def _end(plan: PlanDocument) -> dict[str, Value]:
    end: dict[str, str] = _words()["end"]
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
        "rows": [_table_row(plan, step, times) for step in plan.steps],
    }


def _table_row(plan: PlanDocument, step: DocumentStep, times: tuple[TimeOfDay, ...]) -> Value:
    doses = [short_recipe(plan, step.recipe(time)) if _dose(step.regimen, time) else NO_RECIPE for time in times]
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
