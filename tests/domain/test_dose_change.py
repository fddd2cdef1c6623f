"""A dose change in mg and per cent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.domain.files import file_of, noted
from titration.domain.assess import assess
from titration.domain.case import case_from, with_dose_change
from titration.domain.dose_change import (
    DoseChange,
    compared_words,
    held_words,
    regimen_before,
    same_words,
)
from titration.domain.guidance import load_guidance
from titration.domain.record import (
    EntryStatus,
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


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (60_000, 30_000, "60 → 30 mg/day (−30 mg, −50 %)"),
        (45_000, 60_000, "45 → 60 mg/day (+15 mg, +33.3 %)"),
        (60_000, 60_000, "No change of the total of 60 mg/day"),
        (0, 15_000, "0 → 15 mg/day (+15 mg)"),
        (None, 15_000, "The first dose on file"),
        (60_000, 0, "60 → 0 mg/day (−60 mg, −100 %)"),
        (3_000, 3_100, "3 → 3.1 mg/day (+0.1 mg, +3.3 %)"),
    ],
)
def test_says_by_how_much(before: int | None, after: int, words: str) -> None:
    assert DoseChange(before_mcg=before, after_mcg=after).words.replace("\u00a0", " ") == words


TODAY, NOW = date(2026, 11, 13), datetime(2026, 11, 13, 9, tzinfo=UTC)


def new_patient(told_mcg: int, *later_mcg: int, months: int | None = None) -> PatientRecord:
    """Told today what is taken; each later dose of the same day supersedes the one before."""
    totals = (told_mcg, *later_mcg)
    entries = tuple(
        RegimenEntry(
            id=str(place), recorded_at=NOW, recorded_by="", starts_on=TODAY, reason="", as_told=not place,
            regimen=Regimen.of((mcg, 0, 0, 0)),
            status=EntryStatus.CURRENT if place == len(totals) - 1 else EntryStatus.SUPERSEDED,
        )
        for place, mcg in enumerate(totals)
    )  # fmt: skip
    return file_of(regimens=entries, exposure_months=months)


@pytest.mark.parametrize(("first_mcg", "severity"), [(80_000, "high"), (15_000, None)])
def test_the_first_dose_of_who_was_told_to_take_nothing_is_an_increase_from_0(
    first_mcg: int, severity: str | None
) -> None:
    proposed = with_dose_change(new_patient(0), TODAY, Regimen.of((first_mcg, 0, 0, 0)), at=NOW)
    for record in (proposed, new_patient(0, first_mcg)):
        found = assess(case_from(record, TODAY), load_guidance())
        rise = next((each for each in found.findings if each.code == "T1"), None)
        assert (rise.severity.label if rise else None) == severity
        assert "T1" not in {each.code for each in found.undecided}


def test_an_increase_on_the_day_of_a_told_dose_is_not_decided() -> None:
    proposed = with_dose_change(new_patient(10_000), TODAY, Regimen.of((80_000, 0, 0, 0)), at=NOW)
    assert ("T1", "prescribed_before") in {
        (each.code, each.missing) for each in assess(case_from(proposed, TODAY), load_guidance()).undecided
    }


@pytest.mark.parametrize(
    ("record", "before"),
    [(new_patient(0), 0), (new_patient(0, 5_000), 0), (new_patient(10_000), None)],
    ids=["told nothing", "begun today", "told a dose today"],
)
def test_what_stood_before_the_first_day(record: PatientRecord, before: int | None) -> None:
    earlier = regimen_before(record, TODAY)
    assert (earlier.daily_mcg if earlier else None) == before


SIXTY, THIRTY = Regimen.of((20_000, 20_000, 20_000, 0)), Regimen.of((10_000, 10_000, 10_000, 0))
PRESCRIBED = noted(RegimenEntry, starts_on=TODAY - timedelta(60), regimen=SIXTY, reason="")


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("kind", "total_mcg", "words"),
    [
        (IntakeKind.DAILY_TOTAL, 60_000, ""),
        (
            IntakeKind.DAILY_TOTAL,
            20_000,
            "Compared with what was prescribed on the day before; 20 mg/day was taken then, and the rules judge what "
            "is taken.",
        ),
        (
            IntakeKind.UNKNOWN,
            None,
            "Compared with what was prescribed on the day before; what was taken then is not known, and the rules "
            "judge what is taken.",
        ),
    ],
    ids=["as prescribed", "less", "not known"],
)
def test_a_change_says_so_where_taken_and_prescribed_differ(kind: IntakeKind, total_mcg: int, words: str) -> None:
    before = TODAY - timedelta(1)
    report = noted(IntakeEntry, kind=kind, starts_on=before, ends_on=before, daily_mcg=total_mcg)
    assert plain(compared_words(file_of(regimens=[PRESCRIBED], intakes=[report]), TODAY)) == words


def plan(state: PlanState, number: int = 1) -> PlanEntry:
    return PlanEntry(
        id="p", number=number, version=2, kind=PlanKind.TAPER, state=state, steps=(), drafted_at=NOW, drafted_by=""
    )


def test_a_change_names_the_plan_that_it_holds() -> None:
    plans = [plan(PlanState.HELD), plan(PlanState.RUNNING, 3)]
    assert held_words(file_of(plans=plans), TODAY, TODAY) == (
        "This holds the running taper (plan 3, version 2): no later step counts until someone resumes it."
    )
    assert held_words(file_of(plans=plans[:1]), TODAY, TODAY) == ""


def test_a_plan_that_began_after_the_change_is_said_to_be_held_from_tomorrow() -> None:
    """Its step began and stands: "no later step counts" would contradict that."""
    step = PlannedStep(id="s", number=1, starts_on=TODAY - timedelta(5), regimen=SIXTY, state="planned")
    record = file_of(plans=[replace(plan(PlanState.RUNNING), steps=(step,), signed_at=NOW)])
    assert held_words(record, TODAY - timedelta(9), TODAY) == (
        "This holds the running taper (plan 1, version 2) from tomorrow: no further step begins until someone resumes "
        "it."
    )
    assert held_words(record, TODAY - timedelta(5), TODAY).endswith(": no later step counts until someone resumes it.")


def test_the_same_doses_are_no_change() -> None:
    record = file_of(regimens=[PRESCRIBED])
    assert plain(same_words(record, TODAY, SIXTY)).startswith("60 mg/day (20 mg three times a day) is the dose already")
    assert same_words(record, TODAY, Regimen.of((60_000, 0, 0, 0))) == ""
    nothing = file_of(regimens=[noted(RegimenEntry, starts_on=TODAY, regimen=Regimen(), reason="")])
    assert plain(same_words(nothing, TODAY, Regimen())).startswith("0 mg/day is the dose already on 13 Nov 2026.")
