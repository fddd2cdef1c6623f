"""Synthetic plans for the export tests: Margaret Ashdown's taper of the design, and longer, harsher, unsigned ones."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from titration.domain.products import Product, ProductForm
from titration.domain.record import PlanKind, PlanState
from titration.domain.regimen import Regimen, TimeOfDay
from titration.exports.document import (
    Act,
    CancelledStep,
    DocumentClinic,
    DocumentDose,
    DocumentFinding,
    DocumentPatient,
    DocumentReview,
    DocumentStep,
    PlanDocument,
)
from titration.exports.takings import Parts, Takings

TABLET_10 = Product(
    code="tablet-10-halves", name="10 mg tablet, may be halved", form=ProductForm.TABLET, strength_mcg=10_000, parts=2
)
TABLET_5 = Product(code="tablet-5", name="5 mg tablet, whole only", form=ProductForm.TABLET, strength_mcg=5_000)

PATIENT = DocumentPatient(name="Margaret Ashdown", birth_date=date(1968, 3, 12), identifier="SP-0417")
CLINIC = DocumentClinic(
    name="Northgate Spasticity Clinic",
    telephone="01632 960 417",
    hours="Mon to Fri, 8:30 to 17:00",
    out_of_hours="other times 111",
    emergency_wording="Ring 999",
    clock_times={
        TimeOfDay.MORNING: "08:00",
        TimeOfDay.MIDDAY: "13:00",
        TimeOfDay.EVENING: "18:00",
        TimeOfDay.BEDTIME: "22:00",
    },
    time_zone="Europe/London",
)
SIGNED = Act(by="R. Okafor", at=datetime(2026, 11, 9, 14, 5, tzinfo=UTC))
CONTENT_HASH = "3f9ac1d04b7e52886f10c9e2ad54b3717e08d9f6a1c2b35e4d7f8091a2b3c4d5"
CHART_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 832 200" width="832" height="200">'
    '<line x1="40" y1="180" x2="820" y2="180" stroke="#7b848d"/>'
    '<path d="M40 40 H200 V70 H320 V100 H440 V130 H560 V160 H800 V180" fill="none" stroke="#0b5cad" stroke-width="2"/>'
    '<text x="40" y="30" font-family="system-ui, sans-serif" font-size="12">mg/day, planned</text></svg>'
)

_TAPER_DOSES: tuple[tuple[int, int, int], ...] = (
    *((15, 15, 20), (15, 10, 15), (10, 10, 15), (10, 10, 10), (10, 5, 10)),
    *((5, 5, 10), (5, 5, 5), (5, 0, 5), (0, 0, 5), (0, 0, 0)),
)


def tablets_of_10(mcg: int) -> Parts:
    return ((TABLET_10, Fraction(mcg, TABLET_10.strength_mcg)),)


def recipes_of(regimen: Regimen) -> Takings:
    return {time: tablets_of_10(mcg) for time, mcg in zip(TimeOfDay, regimen.doses_mcg, strict=True) if mcg}


def steps_from(start: Regimen, planned: list[tuple[date, Regimen]]) -> tuple[DocumentStep, ...]:
    totals = [start.daily_mcg, *(regimen.daily_mcg for _, regimen in planned)]
    return tuple(
        DocumentStep(
            id=str(UUID(int=0xA0 + number)),
            number=number,
            starts_on=starts_on,
            regimen=regimen,
            recipes=recipes_of(regimen),
            change_mcg=regimen.daily_mcg - totals[number - 1],
        )
        for number, (starts_on, regimen) in enumerate(planned, start=1)
    )


def mg(morning: int, midday: int, evening: int, bedtime: int = 0) -> Regimen:
    return Regimen.of((morning * 1000, midday * 1000, evening * 1000, bedtime * 1000))


def plan_of(start: Regimen, planned: list[tuple[date, Regimen]], **changes: object) -> PlanDocument:
    steps = steps_from(start, planned)
    plan = PlanDocument(
        id="5d0f3a52-6f0e-4c86-9a5c-1f2f6f1d4a01",
        number=3,
        version=2,
        kind=PlanKind.TAPER,
        state=PlanState.RUNNING,
        replaces=1,
        patient=PATIENT,
        clinic=CLINIC,
        start=start,
        start_recipes=recipes_of(start),
        steps=steps,
        ends_on=steps[-1].starts_on,
        products=(TABLET_10,),
        quantities=((TABLET_10, Fraction(161)),),
        drafted=Act(by="P. Lindqvist", at=datetime(2026, 11, 9, 9, 30, tzinfo=UTC)),
        signed=SIGNED,
        printed=Act(by="R. Okafor", at=datetime(2026, 11, 9, 14, 12, tzinfo=UTC)),
        guidance_version="2026.1",
        content_hash=CONTENT_HASH,
        chart_svg=CHART_SVG,
    )
    return replace(plan, **changes)  # type: ignore[arg-type]


def ashdown(**changes: object) -> PlanDocument:
    """The taper of the design: 60 mg to none in ten weekly steps from Monday 16 November 2026."""
    first = date(2026, 11, 16)
    planned = [(first + timedelta(weeks=week), mg(*doses)) for week, doses in enumerate(_TAPER_DOSES)]
    told: dict[str, object] = {
        "reviews": (
            DocumentReview(id="rev-1", on=date(2026, 11, 26), how="telephone", purpose="sleep, spasms, missed doses"),
            DocumentReview(id="rev-2", on=date(2026, 12, 10), how="clinic", purpose="spasticity score"),
            DocumentReview(id="rev-3", on=date(2027, 1, 7), how="telephone", purpose="last steps"),
        ),
        "findings": (
            DocumentFinding(
                severity="caution",
                title="Step 2: 50 to 40 mg/day, a drop of 20 %",
                on=date(2026, 11, 23),
                accepted_reason="Patient prefers weekly steps; weekly telephone contact agreed.",
            ),
            DocumentFinding(severity="info", title="Three weeks is the pace of the Swiss label; this plan takes nine."),
        ),
        "cancelled_steps": (
            CancelledStep(
                id=str(UUID(int=0xF1)), starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 15), daily_mcg=45_000
            ),
        ),
        "note": "Spasms at night; watch bedtime.",
    }
    return plan_of(mg(20, 20, 20), planned, **(told | changes))


def half_a_year(**changes: object) -> PlanDocument:
    """26 weekly steps from 65 mg: the size that the speed targets are set for."""
    first = date(2026, 11, 16)
    totals = [max(0, 65 - 5 * (week // 2)) for week in range(1, 27)]
    planned = [(first + timedelta(weeks=week), _spread(total)) for week, total in enumerate(totals)]
    return plan_of(_spread(65), planned, **changes)


def _spread(total: int) -> Regimen:
    fives, left = divmod(total // 5, 3)
    return mg(*(5 * (fives + (position < left)) for position in range(3)))


def two_steps_in_a_week(**changes: object) -> PlanDocument:
    """Starts on a Wednesday, steps every three days: the labelled upward schedule turned around."""
    planned = [
        (date(2026, 11, 18), mg(15, 15, 15)),
        (date(2026, 11, 21), mg(10, 10, 10)),
        (date(2026, 11, 24), mg(5, 5, 5)),
        (date(2026, 11, 27), mg(0, 0, 0)),
    ]
    return plan_of(mg(20, 20, 20), planned, **changes)


def building_up(**changes: object) -> PlanDocument:
    """The labelled upward schedule to 60 mg, by three-day steps, then held for two weeks."""
    planned = [(date(2026, 11, 16) + timedelta(days=3 * step), mg(*[5 * (step + 1)] * 3)) for step in range(4)]
    told: dict[str, object] = {"kind": PlanKind.TITRATION, "ends_on": date(2026, 12, 6)}
    return plan_of(mg(0, 0, 0), planned, **(told | changes))


def four_times_a_day(**changes: object) -> PlanDocument:
    """A change every day from 80 mg, with two products and long recipes: the fullest week a sheet can hold."""
    first = date(2026, 11, 16)
    planned = [
        (first + timedelta(days=day), mg(*[20 if time > day % 4 else 15 for time in range(4)])) for day in range(9)
    ]
    plan = plan_of(mg(20, 20, 20, 20), planned, products=(TABLET_10, TABLET_5), **changes)
    long_words = dict.fromkeys(TimeOfDay, ((TABLET_10, Fraction(1)), (TABLET_5, Fraction(2))))
    return replace(
        plan, steps=tuple(replace(step, recipes=long_words) for step in plan.steps), ends_on=date(2026, 12, 1)
    )


def on_hold(*doses: DocumentDose) -> PlanDocument:
    """Held since the second step; doses are what is prescribed meanwhile."""
    return ashdown(state=PlanState.HELD, held_on=date(2026, 11, 25), standing=doses)


def dose(starts_on: date, regimen: Regimen) -> DocumentDose:
    return DocumentDose(starts_on=starts_on, regimen=regimen, recipes=recipes_of(regimen))


HOSTILE = '=1+1\r\nEND:VEVENT\r\nBEGIN:VEVENT #read("/etc/passwd") https://example.invalid/x שלום 你好 *bold* $x$ <b>'
