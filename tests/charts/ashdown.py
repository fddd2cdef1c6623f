"""Margaret Ashdown, a synthetic patient: raised, stepped back for sedation, raised again, then the tablets ran out."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.record import (
    FlagEntry,
    IntakeEntry,
    IntakeKind,
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    RegimenEntry,
    ScoreEntry,
    SedationEntry,
    SymptomEntry,
    SymptomList,
)
from titration.domain.regimen import Regimen

TODAY = date(2026, 11, 13)
BY = "R. Okafor"


class Limits:
    """The two limits that the chart draws."""

    ceiling_mcg = 200_000

    def labelled_maximum_mcg(self, label_set: str) -> int:
        return {"US": 80_000}.get(label_set, 100_000)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def of_total(mg: int) -> Regimen:
    third = mg * 1000 // 3
    return Regimen(morning_mcg=third, midday_mcg=third, evening_mcg=mg * 1000 - 2 * third)


def regimen(starts_on: date, mg: int, reason: str = "titration", **more: object) -> RegimenEntry:
    return RegimenEntry(
        id=f"r-{starts_on}",
        recorded_at=noon(starts_on),
        recorded_by=BY,
        starts_on=starts_on,
        regimen=of_total(mg),
        reason=reason,
        **more,
    )


def intake(
    kind: IntakeKind, starts_on: date, ends_on: date | None, mg: int | None = None, **more: object
) -> IntakeEntry:
    return IntakeEntry(
        id=f"i-{starts_on}-{kind}",
        recorded_at=more.pop("recorded_at", noon(ends_on or starts_on)),
        recorded_by=BY,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        daily_mcg=None if mg is None else mg * 1000,
        **more,
    )


def score(day: date, scale: str, value: str) -> ScoreEntry:
    return ScoreEntry(
        id=f"s-{day}-{scale}", recorded_at=noon(day), recorded_by=BY, at=noon(day), scale=scale, value=value
    )


def sedation(day: date, grade: int) -> SedationEntry:
    return SedationEntry(
        id=f"d-{day}", recorded_at=noon(day), recorded_by=BY, at=noon(day), grade=grade, source="patient"
    )


def symptom(
    day: date, code: str, severity: str = "mild", *, ended_on: date | None = None, sign: bool = False
) -> SymptomEntry:
    return SymptomEntry(
        id=f"y-{day}-{code}",
        recorded_at=noon(day),
        recorded_by=BY,
        symptom_list=SymptomList.WITHDRAWAL_SIGN if sign else SymptomList.ADVERSE_EFFECT,
        code=code,
        severity=severity,
        onset_on=day,
        ended_on=ended_on,
    )


def flag(day: date, code: str, severity: str, title: str, state: str = "resolved") -> FlagEntry:
    return FlagEntry(
        id=f"f-{day}-{code}",
        code=code,
        severity=severity,
        state=state,
        episode_on=day,
        opened_at=noon(day),
        fingerprint="",
        title=title,
        why=(),
        consider=(),
        guidance_version="2026.1",
    )


def plan(version: int, state: PlanState, steps: list[tuple[date, int]], **more: object) -> PlanEntry:
    planned = tuple(
        PlannedStep(id=f"p{version}-{n}", number=n, starts_on=day, regimen=of_total(mg), state="planned")
        for n, (day, mg) in enumerate(steps, 1)
    )
    return PlanEntry(
        id=f"plan-{version}",
        number=1,
        version=version,
        kind=PlanKind.TAPER,
        state=state,
        steps=planned,
        drafted_at=noon(TODAY - timedelta(days=14 - version)),
        drafted_by=BY,
        **more,
    )


def finding(code: str, severity: Severity, since: date) -> Finding:
    return Finding(code=code, severity=severity, since=since, episode=since, variant="")


def nothing_found(as_of: date = TODAY, *findings: Finding) -> Assessment:
    return Assessment(as_of=as_of, guidance_version="2026.1", findings=findings, undecided=(), next_change_on=None)


ABRUPT_STOP = finding("W1", Severity.CRITICAL, date(2026, 11, 12))


def weekly(first: date, totals: list[int], days: int) -> list[tuple[date, int]]:
    return [(first + timedelta(days=days * n), mg) for n, mg in enumerate(totals)]


def _scores() -> tuple[ScoreEntry, ...]:
    told = {
        (6, 5): (8, 5), (6, 15): (8, 5), (6, 29): (7, 4), (7, 13): (5, 4), (7, 27): (6, 4), (8, 10): (6, 4),
        (8, 24): (5, 3), (9, 7): (4, 3), (10, 12): (4, 3), (10, 26): (4, 2), (11, 9): (4, 3), (11, 13): (7, 4),
    }  # fmt: skip
    return tuple(
        score(date(2026, month, day), scale, str(value))
        for (month, day), values in told.items()
        for scale, value in zip(("spasticity", "pain"), values, strict=True)
    )


REGIMENS = (
    regimen(date(2026, 6, 8), 15),
    regimen(date(2026, 6, 15), 30),
    regimen(date(2026, 6, 29), 45),
    regimen(date(2026, 7, 13), 60),
    regimen(date(2026, 7, 18), 45, "sedation"),
    regimen(date(2026, 8, 10), 50),
    regimen(date(2026, 8, 24), 60),
)
INTAKES = (
    intake(IntakeKind.MISSED, date(2026, 10, 5), date(2026, 10, 6), regimen=of_total(40)),
    intake(IntakeKind.RAN_OUT, date(2026, 11, 12), None),
)
SEDATIONS = tuple(
    sedation(date(2026, month, day), grade) for month, day, grade in ((7, 1, 1), (7, 17, 2), (7, 27, 1), (8, 28, 1))
)
SYMPTOMS = (
    symptom(date(2026, 6, 12), "nausea", ended_on=date(2026, 6, 16)),
    symptom(date(2026, 7, 16), "dizziness", ended_on=date(2026, 7, 20)),
    symptom(date(2026, 10, 5), "weakness", "moderate"),
    symptom(date(2026, 11, 13), "insomnia", sign=True),
    symptom(date(2026, 11, 13), "more_spasms", sign=True),
)
PLANS = (
    plan(1, PlanState.REPLACED, weekly(date(2026, 11, 16), [50, 40, 30, 20, 10, 5, 0], 3), ended_on=date(2026, 11, 9)),
    plan(2, PlanState.RUNNING, weekly(date(2026, 11, 16), [50, 40, 35, 30, 25, 20, 15, 10, 5, 0], 7)),
)
FLAGS = (
    flag(date(2026, 7, 17), "S1", "caution", "Sedation grade 2"),
    flag(date(2026, 10, 6), "W6", "caution", "Missed doses"),
    flag(date(2026, 11, 9), "W8", "high", "Tablets run out on 11 Nov", "accepted"),
    flag(date(2026, 11, 12), "W1", "critical", "Abrupt stop", "open"),
)


def ashdown(**changes: object) -> PatientRecord:
    """Her whole record; changes replace fields of it."""
    fields: dict[str, object] = {
        "id": "ashdown",
        "name": "Ashdown, Margaret",
        "birth_date": date(1968, 3, 12),
        "identifier": "SP-0417",
        "sex": "female",
        "indication": "ms_spasticity",
        "label_set": "US",
        "time_zone": "Europe/London",
        "exposure_months": Fraction(0),
        "regimens": REGIMENS,
        "intakes": INTAKES,
        "sedations": SEDATIONS,
        "symptoms": SYMPTOMS,
        "scores": _scores(),
        "plans": PLANS,
        "flags": FLAGS,
    }
    return PatientRecord(**(fields | changes))
