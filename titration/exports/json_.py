"""A plan as JSON for another program, as `plan.schema.json` describes it (schema `titration.plan/1`).

Keys carry their unit; mg are decimal text ("2.5"), so that no reader turns a dose into a binary fraction; dates are
ISO and instants carry their offset; null is unknown or not yet. The patient is named by the clinic's identifier only.
Whatever the language of the papers, this file is in English. A step that is not to be followed as things stand (on
hold, stopped, replaced) is listed and says so: "stands" is false.
"""

import json
from datetime import date

from titration.domain.products import DispensingPeriod
from titration.domain.products.supply import Amounts
from titration.domain.regimen import Regimen, TimeOfDay
from titration.exports.document import Act, DocumentStep, PlanDocument
from titration.exports.language import language_of
from titration.exports.takings import Takings, take_words
from titration.exports.text import mg_number, show_count

SCHEMA = "titration.plan/1"

type Json = str | int | bool | list["Json"] | dict[str, "Json"] | None


def write_json(plan: PlanDocument) -> bytes:
    return (json.dumps(plan_values(plan), ensure_ascii=False, indent=2) + "\n").encode()


def plan_values(plan: PlanDocument) -> dict[str, Json]:
    return {
        "schema": SCHEMA,
        "drug": "baclofen",
        "plan": _identity(plan),
        "patient_identifier": plan.patient.identifier,
        "clinic": {"name": plan.clinic.name, "telephone": plan.clinic.telephone, "time_zone": plan.clinic.time_zone},
        "clock_times": {time.value: plan.clinic.clock_times.get(time) for time in TimeOfDay},
        "until_first_step": {**_doses(plan.start), "take": _take(plan.start, plan.start_recipes)},
        "prescribed_until_then": [
            {"from": dose.starts_on.isoformat(), **_doses(dose.regimen), "take": _take(dose.regimen, dose.recipes)}
            for dose in plan.until_first
        ],
        "steps": [_step(plan, step) for step in plan.steps],
        "last_day": plan.last_day.isoformat(),
        "ends_at_zero": plan.ends_at_zero,
        "products": [{"code": product.code, "name": product.name} for product in plan.products],
        "quantities": _amounts(plan.quantities),
        "periods": [_period(period) for period in plan.periods],
        "reviews": [
            {"id": review.id, "on": review.on.isoformat(), "how": review.how, "purpose": review.purpose}
            for review in plan.reviews
        ],
        "findings": [
            {"severity": found.severity, "title": found.title, "on": _day(found.on), "accepted": found.accepted_reason}
            for found in plan.findings
        ],
        "note": plan.note,
    }


def _amounts(amounts: Amounts) -> Json:
    return [{"code": product.code, "count": show_count(count)} for product, count in amounts]


def _period(period: DispensingPeriod) -> Json:
    return {
        "first_on": period.first_on.isoformat(),
        "last_on": period.last_on.isoformat(),
        "quantities": _amounts(period.amounts),
    }


def _identity(plan: PlanDocument) -> Json:
    return {
        "id": plan.id,
        "number": plan.number,
        "version": plan.version,
        "kind": plan.kind.value,
        "state": plan.state.value,
        "stands_until": _day(plan.stands_until),
        "replaces_version": plan.replaces,
        "content_hash": plan.content_hash,
        "guidance_version": plan.guidance_version,
        "drafted": _act(plan, plan.drafted),
        "signed": _act(plan, plan.signed),
        "printed": _act(plan, plan.printed),
    }


def _step(plan: PlanDocument, step: DocumentStep) -> Json:
    return {
        "id": step.id,
        "number": step.number,
        "starts_on": step.starts_on.isoformat(),
        "last_day": plan.last_day_of(step).isoformat(),
        "state": step.state,
        "stands": plan.stands_on(step.starts_on),
        **_doses(step.regimen),
        "change_mg": _mg(step.change_mcg),
        "rounded_from_mg": None if step.rounded_from_mcg is None else _mg(step.rounded_from_mcg),
        "take": _take(step.regimen, step.recipes),
    }


def _doses(regimen: Regimen) -> dict[str, Json]:
    doses = dict(zip(TimeOfDay, regimen.doses_mcg, strict=True))
    return {**{f"{time.value}_mg": _mg(mcg) for time, mcg in doses.items()}, "daily_mg": _mg(regimen.daily_mcg)}


def _take(regimen: Regimen, recipes: Takings) -> Json:
    doses = zip(TimeOfDay, regimen.doses_mcg, strict=True)
    english = language_of("en")
    return {time.value: take_words(english, recipes[time]) if recipes.get(time) else "" for time, mcg in doses if mcg}


def _mg(mcg: int) -> str:
    return f"{mg_number(mcg):f}"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _act(plan: PlanDocument, act: Act | None) -> Json:
    return None if act is None else {"by": act.by, "at": plan.local(act.at).isoformat(timespec="seconds")}
