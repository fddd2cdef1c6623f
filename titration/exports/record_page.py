"""The plan for the record: who decided what, when and why, on one or two pages.

It holds the chart, every step with what to take, the findings that stood with the reason each was accepted for, the
quantities, the signatures and the whole content hash. Nothing is left out for space; a long plan takes more pages.
"""

from titration.domain.products import Product
from titration.domain.units import format_mg, show_mg_per_day
from titration.exports.document import Act, DocumentStep, PlanDocument
from titration.exports.phrases import Value, footer, regimen_words, short_recipe, state_words
from titration.exports.text import (
    TIME_WORDS,
    long_date,
    one_line,
    plain_text,
    short_date_year,
    show_change,
    show_count,
    show_instant,
    weekday_date_year,
)
from titration.exports.typesetting import typeset

_KIND = {"titration": "Titration", "taper": "Taper"}
_HOW = {"clinic": "at the clinic", "telephone": "by telephone"}


def write_record_page(plan: PlanDocument) -> bytes:
    return typeset("record_page.typ", record_values(plan), at=plan.local(plan.printed.at))


def record_values(plan: PlanDocument) -> dict[str, Value]:
    return {
        "title": f"{_KIND[plan.kind.value]} of baclofen: plan {plan.number}, version {plan.version}",
        "person": _person(plan),
        "clinic": f"{one_line(plan.clinic.name)}, {one_line(plan.clinic.telephone)}",
        "state": state_words(plan),
        "facts": [[label, value] for label, value in _facts(plan).items() if value],
        "chart": plan.chart_svg,
        "times": [TIME_WORDS[time] for time in plan.times_used()],
        "steps": [_step(plan, step) for step in plan.steps],
        "findings": [
            [
                found.severity,
                short_date_year(found.on) if found.on else "whole plan",
                one_line(found.title),
                _reason(found.accepted_reason),
            ]
            for found in plan.findings
        ],
        "reviews": [
            [weekday_date_year(review.on), _HOW.get(review.how, review.how), one_line(review.purpose)]
            for review in plan.reviews
        ],
        "note": plain_text(plan.note),
        "acts": [
            ["Drafted", _act(plan, plan.drafted)],
            ["Signed", _act(plan, plan.signed)],
            ["Printed", _act(plan, plan.printed)],
        ],
        "footer": footer(plan),
    }


def _person(plan: PlanDocument) -> str:
    patient = plan.patient
    return f"{one_line(patient.name)}, born {long_date(patient.birth_date)}, {one_line(patient.identifier)}"


def _facts(plan: PlanDocument) -> dict[str, str]:
    first, last = show_mg_per_day(plan.start.daily_mcg), show_mg_per_day(plan.steps[-1].regimen.daily_mcg)
    return {
        "Dose": f"{first} to {last}",
        "Dates": f"{weekday_date_year(plan.starts_on)} to {weekday_date_year(plan.last_day)}, {len(plan.steps)} steps",
        "Until the first step": regimen_words(plan, plan.start, plan.start_recipes)
        if plan.start.daily_mcg
        else "no baclofen",
        "Products": "; ".join(one_line(product.name) for product in plan.products),
        "Quantities": _quantities(plan),
        "State": plan.state.value,
        "Replaces": f"version {plan.replaces}" if plan.replaces else "",
        "Guidance": f"version {plan.guidance_version}",
        "Content hash": plan.content_hash,
    }


def _quantities(plan: PlanDocument) -> str:
    """With the days that they are for, the last dose of a plan that goes on included."""
    amounts = "; ".join(f"{show_count(count)} {_unit(product)}" for product, count in plan.quantities)
    days = f"{short_date_year(plan.starts_on)} to {short_date_year(plan.last_dose_day)}"
    return f"{amounts}, for {days}" if amounts else ""


def _unit(product: Product) -> str:
    name = one_line(product.name)
    return f"mL, {name}" if product.is_liquid else f"× {name}"


def _step(plan: PlanDocument, step: DocumentStep) -> Value:
    rounded = f"rounded from {format_mg(step.rounded_from_mcg)}" if step.rounded_from_mcg is not None else ""
    return {
        "number": str(step.number),
        "from": short_date_year(step.starts_on),
        "last": short_date_year(plan.last_day_of(step)),
        "daily": format_mg(step.regimen.daily_mcg),
        "change": show_change(step.change_mcg),
        "rounded": rounded,
        "doses": [short_recipe(plan, step.recipe(time)) for time in plan.times_used()],
        "state": step.state.replace("_", " "),
    }


def _reason(accepted_reason: str) -> str:
    return f"Accepted: {one_line(accepted_reason)}" if accepted_reason.strip() else "no answer recorded"


def _act(plan: PlanDocument, act: Act | None) -> str:
    return f"{one_line(act.by)}, {show_instant(plan.local(act.at))}" if act else "not yet"
