"""The part of a patient's file that is followed up: plans with their steps, reviews and flags; three queries.

`record` reads the rest and puts all of it together.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import FilteredRelation, Q

from titration.domain.plan_acts import ACTS, PlanAct
from titration.domain.record import FlagEntry, PlanEntry, PlanKind, PlannedStep, PlanState, ReviewEntry
from titration.domain.regimen import Regimen
from titration.models import Flag, Patient, PlanStep, Review
from titration.selectors.prepared import Prepared

DOSES = ("morning_mcg", "midday_mcg", "evening_mcg", "bedtime_mcg")


def local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else at.astimezone(zone)


def regimen_of(doses: list[int]) -> Regimen:
    morning, midday, evening, bedtime = doses
    return Regimen(morning_mcg=morning, midday_mcg=midday, evening_mcg=evening, bedtime_mcg=bedtime)


_PLAN = (
    "public_id", "number", "version", "kind", "state", "drafted_at", "drafted_by__full_name", "signed_at",
    "signed_by__full_name", "held_on", "ended_on", "content_hash", "products",
)  # fmt: skip
_ACT = ("pk", "kind", "at", "by__full_name", "reason", "detail")
_STEP_END, _ACT_START = 8, 8 + len(_PLAN)
_PLANS = Prepared(
    lambda patient: (
        PlanStep.objects.filter(plan__patient=patient)
        .annotate(act=FilteredRelation("plan__events", condition=Q(plan__events__kind__in=ACTS)))
        .order_by("plan__number", "plan__version", "number", "act__pk")
        .values_list(
            *("public_id", "number", "starts_on", "state", *DOSES),
            *(f"plan__{name}" for name in _PLAN),
            *(f"act__{name}" for name in _ACT),
        )
    )
)


def plans_of(patient: Patient, zone: ZoneInfo) -> Iterator[PlanEntry]:
    """Plans, their steps and what was done with them in one query, by number and version.

    A plan has few acts, so that a row for each step with each act is little; each is met once.
    """
    steps: dict[tuple[Any, ...], dict[str, PlannedStep]] = {}
    acts: dict[tuple[Any, ...], dict[int, PlanAct]] = {}
    for row in _PLANS(patient.pk):
        *facts, products = row[_STEP_END:_ACT_START]
        plan = (*facts, tuple(products))
        step_id, number, starts_on, state, *doses = row[:_STEP_END]
        planned = steps.setdefault(plan, {})
        if step_id not in planned:
            planned[step_id] = PlannedStep(
                id=str(step_id), number=number, starts_on=starts_on, state=state, regimen=regimen_of(doses)
            )
        if (act := row[_ACT_START:])[0] is not None and len(planned) == 1:
            acts.setdefault(plan, {})[act[0]] = _act(act, zone)
    for plan, planned in steps.items():
        yield _plan(plan, tuple(planned.values()), tuple(acts.get(plan, {}).values()), zone)


def _act(row: tuple[Any, ...], zone: ZoneInfo) -> PlanAct:
    pk, kind, at, by, reason, detail = row
    held_on = detail.get("held_on")
    return PlanAct(
        id=pk,
        kind=kind,
        at=at.astimezone(zone),
        by=by or "",
        reason=reason,
        held_on=date.fromisoformat(held_on) if held_on else None,
    )


def _plan(row: tuple[Any, ...], steps: tuple[PlannedStep, ...], acts: tuple[PlanAct, ...], zone: ZoneInfo) -> PlanEntry:
    (
        public_id,
        number,
        version,
        kind,
        state,
        drafted_at,
        drafted_by,
        signed_at,
        signed_by,
        held_on,
        ended_on,
        content,
        products,
    ) = row
    return PlanEntry(
        id=str(public_id),
        number=number,
        version=version,
        kind=PlanKind(kind),
        state=PlanState(state),
        steps=steps,
        drafted_at=drafted_at.astimezone(zone),
        drafted_by=drafted_by,
        signed_at=local(signed_at, zone),
        signed_by=signed_by or "",
        held_on=held_on,
        ended_on=ended_on,
        content_hash=content,
        acts=acts,
        products=products,
    )


_REVIEWS = Prepared(
    lambda patient: (
        Review.objects.filter(patient=patient, error_at=None)
        .order_by("due_on", "pk")
        .values_list("public_id", "due_on", "how", "purpose", "done_on")
    )
)


def reviews_of(patient: Patient) -> Iterator[ReviewEntry]:
    for public_id, due_on, how, purpose, done_on in _REVIEWS(patient.pk):
        yield ReviewEntry(id=str(public_id), due_on=due_on, how=how, purpose=purpose, done_on=done_on)


_FLAG = (
    "public_id", "code", "severity", "state", "episode_on", "opened_at", "fingerprint", "guidance_version",
    "accepted_reason", "accepted_comment", "accepted_by__full_name", "accepted_at", "expires_at", "resolved_at",
    "shown",
)  # fmt: skip
_FLAGS = Prepared(
    lambda patient: Flag.objects.filter(patient=patient).order_by("-urgency", "opened_at", "pk").values_list(*_FLAG)
)


def flags_of(patient: Patient, zone: ZoneInfo) -> Iterator[FlagEntry]:
    reasons = patient.clinic.known_reasons
    for row in _FLAGS(patient.pk):
        flag = dict(zip(_FLAG, row, strict=True))
        shown = flag["shown"]
        yield FlagEntry(
            id=str(flag["public_id"]),
            code=flag["code"],
            severity=flag["severity"],
            state=flag["state"],
            episode_on=flag["episode_on"],
            opened_at=flag["opened_at"].astimezone(zone),
            fingerprint=flag["fingerprint"],
            title=str(shown.get("title", "")),
            why=tuple(shown.get("why", ())),
            consider=tuple(shown.get("consider", ())),
            guidance_version=flag["guidance_version"],
            accepted_reason=reasons.get(flag["accepted_reason"], flag["accepted_reason"]),
            accepted_comment=flag["accepted_comment"],
            accepted_by=flag["accepted_by__full_name"] or "",
            accepted_at=local(flag["accepted_at"], zone),
            expires_at=local(flag["expires_at"], zone),
            resolved_at=local(flag["resolved_at"], zone),
        )
