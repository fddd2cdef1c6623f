"""Phrases that more than one paper uses: a regimen in tablets, the foot of a page, why a sheet must not be followed.

The sentences themselves are in `wording.toml`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from titration.domain.products import Product, ProductForm
from titration.domain.record import PlanState
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import NO_BREAK_SPACE, show_mg
from titration.exports.document import PlanDocument, RecipeWords
from titration.exports.text import joined, one_line, short_date_year, show_instant

_TIMES_A_DAY = {1: "once a day", 2: "twice a day", 3: "three times a day", 4: "four times a day"}
_AT = {"morning": "in the morning", "midday": "at midday", "evening": "in the evening", "bedtime": "at bedtime"}

type Value = str | bool | int | list["Value"] | Mapping[str, "Value"]


@cache
def wording() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "wording.toml").read_text(encoding="utf-8"))


def state_words(plan: PlanDocument) -> str:
    """Why a sheet must not be followed as it is, or nothing."""
    states: dict[str, str] = wording()["state"]
    is_draft = plan.signed is None or plan.state is PlanState.DRAFT
    return states["draft"] if is_draft else states.get(plan.state.value, "")


def footer(plan: PlanDocument) -> dict[str, Value]:
    """What every page of every paper says at its foot."""
    signed = plan.signed
    act = (
        f"signed {short_date_year(plan.local(signed.at).date())} by {one_line(signed.by)}"
        if signed
        else "draft, not signed"
    )
    printed = f"Printed {show_instant(plan.local(plan.printed.at))} by {one_line(plan.printed.by)}"
    return {
        "person": f"{one_line(plan.patient.name)}, {one_line(plan.patient.identifier)}",
        "telephone": one_line(plan.clinic.telephone),
        "plan": f"Plan {plan.number}, version {plan.version}, {act}",
        "printed": f"{printed}, {one_line(plan.clinic.name)}",
        "code": f"Check code {plan.short_hash}",
        "is_draft": signed is None,
    }


def regimen_words(plan: PlanDocument, regimen: Regimen, recipes: RecipeWords) -> str:
    """two tablets three times a day; one tablet in the morning and half a tablet at bedtime"""
    return whole_words(regimen, {time: short_recipe(plan, recipe) for time, recipe in recipes.items()})


def whole_words(regimen: Regimen, recipes: RecipeWords) -> str:
    """The same with each recipe as it is: two 10 mg tablets three times a day"""
    doses = zip(TimeOfDay, regimen.doses_mcg, strict=True)
    taken = {time: one_line(recipes.get(time, show_mg(mcg))) for time, mcg in doses if mcg}
    if len(set(taken.values())) == 1:
        return f"{next(iter(taken.values()))} {_TIMES_A_DAY[len(taken)]}"
    return joined([f"{recipe} {_AT[time]}" for time, recipe in taken.items()])


def short_recipe(plan: PlanDocument, recipe: str) -> str:
    """Without the strength where the plan needs one strength of tablet only: the head of the calendar names it."""
    words = one_line(recipe)
    if len(plan.products) != 1 or plan.products[0].form is not ProductForm.TABLET:
        return words
    strength = show_mg(plan.products[0].strength_mcg)
    return words.replace(f"{strength} ", "").replace(f"{strength.replace(NO_BREAK_SPACE, ' ')} ", "")


def calendar_heading(products: tuple[Product, ...]) -> str:
    """Tablets of 10 mg and 5 mg; tablets of 5 mg, and oral solution 5 mg/5 mL."""
    strengths = [show_mg(product.strength_mcg) for product in products if product.form is ProductForm.TABLET]
    liquids = [product.liquid_words for product in products if product.form is not ProductForm.TABLET]
    tablets = [f"tablets of {joined(strengths)}"] if strengths else []
    heading = ", and ".join([*tablets, *liquids])
    return heading[:1].upper() + heading[1:]
