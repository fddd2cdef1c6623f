"""The patient in one line: taken first, prescribed beside it where the two differ, unknown as a word."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from titration.domain.banner import Fact, banner_of, regimen_on, share_of_ceiling
from titration.domain.guidance import load_guidance
from titration.domain.record import (
    IntakeEntry,
    IntakeKind,
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    RegimenEntry,
)
from titration.domain.regimen import Regimen

TODAY = date(2026, 11, 13)
AT = datetime(2026, 8, 24, 10, 5, tzinfo=UTC)
SIXTY = Regimen(morning_mcg=20_000, midday_mcg=20_000, evening_mcg=20_000)
REGIMEN = RegimenEntry(
    id="1", recorded_at=AT, recorded_by="R. Okafor", starts_on=date(2026, 8, 24), regimen=SIXTY, reason="response"
)
RECORD = PatientRecord(
    id="p",
    name="Ashdown, Margaret",
    birth_date=date(1968, 3, 12),
    identifier="SP-0417",
    sex="female",
    indication="ms_spinal_spasticity",
    label_set="US",
    time_zone="Europe/London",
    exposure_months=Fraction(2),
    regimens=(REGIMEN,),
)
RAN_OUT = IntakeEntry(
    id="2", recorded_at=AT, recorded_by="", kind=IntakeKind.RAN_OUT, starts_on=date(2026, 11, 12), ends_on=None
)


def facts(record: PatientRecord, today: date = TODAY) -> dict[str, Fact]:
    return {fact.label: fact for fact in banner_of(record, today=today, guidance=load_guidance()).facts}


def test_who_it_is() -> None:
    banner = banner_of(RECORD, today=TODAY, guidance=load_guidance())
    assert banner.born.replace("\u00a0", " ") == "12 Mar 1968 (58)"
    assert banner.about == ("female", "ID\u00a0SP-0417")
    assert banner.use.endswith(", approved use")


def test_taken_as_prescribed_stands_once() -> None:
    shown = facts(RECORD)
    assert shown["Taken"] == Fact("Taken", "60", "mg/day", "20\u00a0mg three times a day", "dose")
    assert "Prescribed" not in shown
    assert shown["Share of ceiling"].figure == "30\u00a0%"
    assert shown["At this dose"].figure == "day 82"
    assert shown["Exposure"] == Fact("Exposure", "4 months", "", "counts as long")


def test_taken_comes_first_where_it_differs() -> None:
    record = replace(RECORD, intakes=(RAN_OUT,))
    banner = banner_of(record, today=TODAY, guidance=load_guidance())
    assert banner.differs
    assert [fact.label for fact in banner.facts[:2]] == ["Taken", "Prescribed"]
    assert banner.facts[0].note == "since 12\u00a0Nov, day 2"
    assert facts(record)["At this dose"].figure == "day 82", "the prescription goes on"


def test_what_is_not_known_is_a_word() -> None:
    empty = replace(RECORD, regimens=(), exposure_months=None, sex="unknown", indication="rash")
    banner = banner_of(empty, today=TODAY, guidance=load_guidance())
    shown = facts(empty)
    assert {shown[label].figure for label in ("Taken", "Share of ceiling", "At this dose", "Exposure")} == {"unknown"}
    assert (banner.about[0], banner.use) == ("sex unknown", "Indication unknown")


def test_intake_that_nobody_knows_is_unknown_and_not_zero() -> None:
    record = replace(RECORD, intakes=(replace(RAN_OUT, kind=IntakeKind.UNKNOWN),))
    assert facts(record)["Taken"].figure == "unknown"


def test_a_change_ahead_does_not_count_yet() -> None:
    ahead = replace(REGIMEN, id="3", starts_on=TODAY + timedelta(days=1), regimen=Regimen())
    record = replace(RECORD, regimens=(REGIMEN, ahead))
    assert regimen_on(record, TODAY) == SIXTY
    assert regimen_on(record, TODAY + timedelta(days=1)) == Regimen()
    assert regimen_on(record, date(2026, 8, 23)) is None


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        ((), ""),
        (((0, 30_000),), ""),
        (((1, 30_000),), "From 14 Nov: 30 mg/day"),
        (((60, 0),), "From 12 Jan 2027: 0 mg/day"),
        (((10, 35_000), (20, 20_000)), "From 23 Nov: 35 mg/day"),
        (((10, 60_000),), ""),
    ],
    ids=["nothing", "today", "tomorrow", "next year", "the next of two", "the same total"],
)
def test_the_next_change_is_said(ahead: tuple[tuple[int, int], ...], words: str) -> None:
    entries = [
        replace(REGIMEN, id=str(days), starts_on=TODAY + timedelta(days), regimen=Regimen(morning_mcg=mcg))
        for days, mcg in ahead
    ]
    record = replace(RECORD, regimens=(REGIMEN, *entries))
    banner = banner_of(record, today=TODAY, guidance=load_guidance())
    assert banner.ahead.replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("mcg", "share"), [(0, "0"), (1000, "0.5"), (60_000, "30"), (61_000, "30.5"), (199_900, "99.95"), (200_000, "100")]
)
def test_the_share_never_looks_like_the_ceiling_below_it(mcg: int, share: str) -> None:
    assert share_of_ceiling(mcg, load_guidance()) == f"{share}\u00a0%"


def test_a_prescription_that_is_not_on_file_is_unknown_beside_what_was_taken() -> None:
    told = facts(replace(RECORD, regimens=(), intakes=(RAN_OUT,)))
    assert (told["Taken"].figure, told["Prescribed"].figure) == ("0", "unknown")


@pytest.mark.parametrize(("days", "words"), [(1, "1 day"), (9, "9 days"), (40, "1 month"), (80, "2 months")])
def test_exposure_is_said_in_days_and_then_in_months(days: int, words: str) -> None:
    begun = replace(REGIMEN, starts_on=TODAY - timedelta(days))
    assert facts(replace(RECORD, exposure_months=Fraction(0), regimens=(begun,)))["Exposure"].figure == words


STEP = PlannedStep(id="s", number=1, starts_on=date(2026, 11, 9), regimen=Regimen(morning_mcg=25_000), state="planned")
TAPER = PlanEntry(
    id="t",
    number=1,
    version=1,
    kind=PlanKind.TAPER,
    state=PlanState.RUNNING,
    steps=(STEP,),
    drafted_at=AT,
    drafted_by="R. Okafor",
    signed_at=AT,
    signed_by="R. Okafor",
)
AS_TOLD = replace(
    RAN_OUT, kind=IntakeKind.AS_PRESCRIBED, starts_on=STEP.starts_on, recorded_at=datetime(2026, 11, 12, 10, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("state", "told", "note"),
    [
        ("planned", (), "as planned, unconfirmed; 25\u00a0mg once a day"),
        ("started", (), "25\u00a0mg once a day"),
        ("done", (), "25\u00a0mg once a day"),
        ("planned", (AS_TOLD,), "as planned, unconfirmed; 25\u00a0mg once a day"),
        (
            "planned",
            (replace(AS_TOLD, recorded_at=datetime(2026, 11, 13, 8, tzinfo=UTC)),),
            "25\u00a0mg once a day",
        ),
    ],
    ids=["nobody said so", "confirmed", "done", "told up to yesterday", "told today"],
)
def test_a_planned_step_that_nobody_confirmed_is_said_to_be_so(
    state: str, told: tuple[IntakeEntry, ...], note: str
) -> None:
    plan = replace(TAPER, steps=(replace(STEP, state=state),))
    taken = facts(replace(RECORD, plans=(plan,), intakes=told))["Taken"]
    assert (taken.figure, taken.note) == ("25", note)
