"""What the rules are handed of a patient's file: entries that count, known from their day, and nothing else."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from tests.domain.files import NOTED, TODAY, file_of, noted
from titration.domain.case import Case, Interruption, MissedDoses, Score, Sedation, Sign, case_from, with_dose_change
from titration.domain.correction import prescribed_without
from titration.domain.record import (
    CoMedicationEntry,
    ConditionEntry,
    EntryStatus,
    IntakeEntry,
    IntakeKind,
    InterruptionEntry,
    KidneyReadingEntry,
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    RegimenEntry,
    ReviewEntry,
    ScoreEntry,
    SedationEntry,
    SymptomEntry,
    SymptomList,
)
from titration.domain.regimen import Regimen

SIXTY, THIRTY = Regimen.of((20_000, 20_000, 20_000, 0)), Regimen.of((10_000, 10_000, 10_000, 0))
ERROR = EntryStatus.ENTERED_IN_ERROR
LONG_AGO = NOTED - timedelta(90)


def day(offset: int) -> date:
    return TODAY + timedelta(offset)


def case_of(**entries: object) -> Case:
    return case_from(file_of(**entries), TODAY)


def intake(kind: IntakeKind, first: int, last: int | None, *, minutes: int = 0, **fields: object) -> IntakeEntry:
    ends_on = None if last is None else day(last)
    entry = noted(IntakeEntry, kind=kind, starts_on=day(first), ends_on=ends_on, **fields)
    return replace(entry, recorded_at=NOTED + timedelta(minutes=minutes))


def test_the_latest_report_of_today_says_when_the_last_dose_was() -> None:
    at = datetime.combine(TODAY, NOTED.time(), tzinfo=NOTED.tzinfo)
    told = [
        intake(IntakeKind.MISSED, 0, 0, minutes=5, missed=1, due=3, last_dose_at=at - timedelta(hours=9)),
        intake(IntakeKind.MISSED, -1, None, missed=1, due=3, last_dose_at=at - timedelta(hours=20)),
        intake(IntakeKind.MISSED, -3, -1, minutes=9, missed=1, due=3, last_dose_at=at - timedelta(hours=40)),
    ]
    assert case_of(intakes=told).last_dose_at == at - timedelta(hours=9)
    assert case_of(intakes=told[2:]).last_dose_at is None


def test_reports_stand_in_the_order_of_recording_and_errors_do_not_count() -> None:
    told = [
        intake(IntakeKind.STOPPED, 0, None, minutes=5),
        intake(IntakeKind.UNKNOWN, -2, -1),
        replace(intake(IntakeKind.RAN_OUT, -1, None, minutes=9), status=ERROR),
    ]
    assert [report.kind for report in case_of(intakes=told).reports] == [IntakeKind.UNKNOWN, IntakeKind.STOPPED]


@pytest.mark.parametrize(("last", "days"), [(-1, 2), (None, 3), (4, 3)], ids=["ended", "open", "ahead"])
def test_missed_doses_count_for_each_day_up_to_today(last: int | None, days: int) -> None:
    told = [intake(IntakeKind.MISSED, -2, last, missed=1, due=3), intake(IntakeKind.MISSED, -9, -9, missed=0, due=3)]
    expected = tuple(MissedDoses(on=day(-2 + offset), missed=1, due=3) for offset in range(days))
    assert case_of(intakes=told).missed == expected


def test_only_spasticity_and_pain_are_scores_for_the_rules() -> None:
    scores = [
        noted(ScoreEntry, at=NOTED, scale=scale, value=value) for scale, value in (("pain", "7"), ("ashworth", "1+"))
    ]
    wrong = noted(ScoreEntry, at=NOTED, scale="spasticity", value="9", status=ERROR)
    assert case_of(scores=[*scores, wrong]).scores == (Score(on=TODAY, scale="pain", value=7),)


def test_withdrawal_signs_count_and_other_side_effects_do_not() -> None:
    fields = {"severity": "mild", "onset_on": day(-2)}
    symptoms = [
        noted(SymptomEntry, symptom_list=SymptomList.WITHDRAWAL_SIGN, code="tremor", ended_on=day(-1), **fields),
        noted(SymptomEntry, symptom_list=SymptomList.ADVERSE_EFFECT, code="nausea", **fields),
    ]
    assert case_of(symptoms=symptoms).signs == (Sign(on=day(-2), code="tremor", until=day(-1)),)


def test_a_sedation_report_in_error_does_not_count() -> None:
    reports = [noted(SedationEntry, at=NOTED, grade=grade, source="patient") for grade in (1, 3)]
    reports[1] = replace(reports[1], status=ERROR)
    assert case_of(sedations=reports).sedation == (Sedation(at=NOTED, grade=1),)


def regimen_entry(regimen: Regimen, first: int, *, at: datetime = LONG_AGO, number: str = "r") -> RegimenEntry:
    return noted(RegimenEntry, id=number, starts_on=day(first), regimen=regimen, reason="", recorded_at=at)


def lasting(code: str, *, at: datetime = LONG_AGO, since: date | None = None, **fields: object) -> CoMedicationEntry:
    return noted(CoMedicationEntry, code=code, recorded_at=at, since=since, **fields)


@pytest.mark.parametrize(
    ("entries", "known"),
    [
        ([lasting("opioid")], {}),
        ([lasting("opioid", since=day(-200))], {"opioid": day(-200)}),
        ([lasting("opioid", at=NOTED - timedelta(5))], {"opioid": day(-5)}),
        ([lasting("opioid", at=NOTED - timedelta(5)), lasting("opioid", since=day(-30))], {"opioid": day(-30)}),
        ([lasting("opioid", since=day(-30), until=day(-1))], {}),
        ([lasting("opioid", since=day(1))], {}),
        (
            [lasting("opioid", at=NOTED - timedelta(5), status=EntryStatus.SUPERSEDED), lasting("opioid", at=NOTED)],
            {"opioid": day(-5)},
        ),
        ([lasting("opioid", at=NOTED - timedelta(5), status=ERROR), lasting("opioid", at=NOTED)], {"opioid": TODAY}),
    ],
    ids=["at registration", "dated", "first heard of", "the earlier of two", "ended", "to come", "superseded", "error"],
)
def test_a_drug_is_known_from_its_beginning_else_from_when_it_was_first_heard_of(
    entries: list[CoMedicationEntry], known: dict[str, date]
) -> None:
    case = case_of(regimens=[regimen_entry(SIXTY, -90)], comedications=entries)
    assert case.known_since == known


def test_conditions_that_are_not_active_are_not_handed_on() -> None:
    conditions = [noted(ConditionEntry, code="psychosis"), noted(ConditionEntry, code="stroke", until=day(-1))]
    assert case_of(conditions=conditions).conditions == {"psychosis"}


def test_of_two_kidney_readings_of_one_day_the_last_recorded_counts_and_none_from_tomorrow() -> None:
    readings = [noted(KidneyReadingEntry, on=day(on), egfr=Fraction(egfr)) for on, egfr in ((0, 45), (0, 44), (1, 20))]
    assert [(each.on, each.egfr) for each in case_of(kidney=readings).egfr] == [(TODAY, 44)]


def test_a_note_on_an_interruption_is_its_continuity() -> None:
    stays = [noted(InterruptionEntry, code="surgery", first_on=day(3), note=note) for note in ("by tube", " ")]
    stays.append(noted(InterruptionEntry, code="fasting", first_on=day(4), status=ERROR))
    assert case_of(interruptions=stays).interruptions == (
        Interruption(on=day(3), kind="surgery", has_continuity=True),
        Interruption(on=day(3), kind="surgery", has_continuity=False),
    )


def test_the_next_review_is_the_first_that_is_neither_held_nor_overdue() -> None:
    reviews = [
        ReviewEntry(id="", due_on=day(due), how="clinic", purpose="", done_on=done)
        for due, done in ((-2, None), (2, day(-1)), (9, None), (5, day(1)))
    ]
    assert case_of(reviews=reviews).next_review_on == day(5)
    assert case_of(reviews=reviews[:2]).next_review_on is None


def plan(state: PlanState, **fields: object) -> PlanEntry:
    steps = tuple(
        PlannedStep(id=str(at), number=at, starts_on=day(7 * at), regimen=Regimen.of((mcg, 0, 0, 0)), state="planned")
        for at, mcg in ((1, 20_000), (2, 10_000))
    )
    return PlanEntry(
        id="p", number=1, version=1, kind=PlanKind.TAPER, state=state, steps=steps, drafted_at=LONG_AGO, drafted_by="",
        signed_at=LONG_AGO, **fields,
    )  # fmt: skip


def proposed(entry: PlanEntry, on: int) -> PatientRecord:
    record = file_of(regimens=[regimen_entry(SIXTY, -90)], plans=[entry])
    return with_dose_change(record, day(on), THIRTY, at=NOTED)


def test_a_dose_change_holds_the_plan_that_runs_from_its_day() -> None:
    case = case_from(proposed(plan(PlanState.RUNNING), 3), TODAY)
    assert [case.taken.on(day(at).toordinal()) for at in (2, 3, 7, 14)] == [60_000, 30_000, 30_000, 30_000]


def test_a_dose_change_ends_what_a_replaced_plan_had_left() -> None:
    replaced = plan(PlanState.REPLACED, ended_on=day(30))
    assert case_from(proposed(replaced, 3), TODAY).taken.on(day(14).toordinal()) == 30_000
    over = plan(PlanState.REPLACED, ended_on=day(10))
    assert proposed(over, 20).plans == (over,)


def test_without_an_entry_the_one_before_it_is_prescribed_again() -> None:
    record = file_of(regimens=[regimen_entry(SIXTY, -90, number="a"), regimen_entry(THIRTY, -9, number="b")])
    assert prescribed_without(record, "b", TODAY) == (day(-90), SIXTY)
    assert prescribed_without(record, "a", day(-20)) is None
