"""What several tables refuse in the same words: doses, the ceiling, dates no clinic can mean, half a who-and-when.

Everything here makes constraints, so that the ORM, raw SQL and a second program are held alike. The ceiling comes
from the guidance.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact, LessThanOrEqual

from titration.domain.guidance import load_guidance
from titration.domain.units import RESOLUTION_MCG, show_mg_per_day

CEILING_MCG = load_guidance().ceiling_mcg
FIRST_DATE = date(1900, 1, 1)
LAST_DATE = date(2199, 12, 31)
TIMES = ("morning", "midday", "evening", "bedtime")


def columns(prefix: str = "") -> tuple[str, ...]:
    return tuple(f"{prefix}{time}_mcg" for time in TIMES)


def whole_doses(*names: str, owner: str = "%(class)s", label: str = "doses") -> models.CheckConstraint:
    condition = Q()
    for name in names:
        condition &= Q(**{f"{name}__gte": 0}) & Q(**{f"{name}__lte": 9_999_900}) & _whole(name)
    return models.CheckConstraint(
        condition=condition,
        name=f"{owner}_{label}_whole",
        violation_error_message="Each dose is 0 or more, in steps of 0.1\u00a0mg.",
    )


def _whole(name: str) -> Q:
    return Q(Exact(F(name) % RESOLUTION_MCG, 0)) | Q(**{f"{name}__isnull": True})


def within_ceiling(*names: str, owner: str = "%(class)s", label: str = "total") -> models.CheckConstraint:
    total = sum((F(name) for name in names[1:]), F(names[0]))
    return models.CheckConstraint(
        condition=Q(LessThanOrEqual(total, CEILING_MCG)),
        name=f"{owner}_{label}_within_ceiling",
        violation_error_message=ceiling_sentence(),
    )


def ceiling_sentence() -> str:
    return f"Stay at or below {show_mg_per_day(CEILING_MCG)}: a higher daily total is refused."


def sensible_date(name: str, owner: str = "%(class)s") -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (FIRST_DATE, LAST_DATE)}),
        name=f"{owner}_{name}_sensible",
        violation_error_message="Check the date: no patient is treated in that year.",
    )


def in_order(first: str, last: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{last}__isnull": True}) | Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__gte": F(first)}),
        name=f"%(class)s_{last}_in_order",
        violation_error_message="Check the dates: the end is before the beginning.",
    )


def pair(who: str, when: str, owner: str = "%(class)s") -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{who}__isnull": True, f"{when}__isnull": True})
        | Q(**{f"{who}__isnull": False, f"{when}__isnull": False}),
        name=f"{owner}_{when}_pair",
        violation_error_message="Who and when are recorded together or not at all.",
    )


def one_of(name: str, words: list[str], owner: str = "%(class)s") -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}__in": words}),
        name=f"{owner}_{name}_known",
        violation_error_message="Choose one of the listed words.",
    )
