"""Everything on file, newest first; nothing that was seen may vanish."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from tests.domain.test_banner import RAN_OUT, RECORD, REGIMEN
from titration.domain.findings import Severity
from titration.domain.plan_acts import PlanAct
from titration.domain.record import (
    CoMedicationEntry,
    ConditionEntry,
    DispensingEntry,
    EntryStatus,
    FlagEntry,
    IntakeEntry,
    IntakeKind,
    InterruptionEntry,
    KidneyReadingEntry,
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    ReviewEntry,
    ScoreEntry,
    SedationEntry,
    SymptomEntry,
    SymptomList,
    TreatmentEntry,
    TreatmentState,
)
from titration.domain.regimen import Regimen
from titration.domain.timeline import KINDS, Item, timeline

AT = datetime(2026, 11, 13, 8, 50, tzinfo=UTC)
DAY = date(2026, 11, 12)
WHO = {"recorded_at": AT, "recorded_by": "L. Brandt"}
SCORE = ScoreEntry(id="s", at=AT, scale="spasticity", value="7", **WHO)
PAIN = replace(SCORE, id="t", scale="pain", value="4")
SIGN = SymptomEntry(
    id="w", symptom_list=SymptomList.WITHDRAWAL_SIGN, code="insomnia", severity="mild", onset_on=DAY, **WHO
)
EFFECT = replace(SIGN, id="e", symptom_list=SymptomList.ADVERSE_EFFECT, code="other", other_text="hiccups")
SEDATION = SedationEntry(id="g", at=AT, grade=2, source="carer", time_of_day="evening", falls=True, **WHO)
CONDITION = ConditionEntry(id="c", code="stroke", **WHO)
MEDICINE = CoMedicationEntry(id="m", code="gabapentinoid", since=date(2025, 5, 2), **WHO)
READING = KidneyReadingEntry(id="k", on=DAY, egfr=Fraction(149, 2), **WHO)
SURGERY = InterruptionEntry(id="i", code="admission", first_on=date(2026, 11, 20), **WHO)
TABLETS = DispensingEntry(id="d", on=DAY, product="tablet-10-halves", quantity=Fraction(168), **WHO)
PLAN = PlanEntry(
    id="p",
    number=1,
    version=2,
    kind=PlanKind.TAPER,
    state=PlanState.RUNNING,
    steps=tuple(
        PlannedStep(
            id=str(at),
            number=at,
            starts_on=date(2026, 11, 16) + timedelta(days=7 * at),
            regimen=Regimen(morning_mcg=mcg),
            state="planned",
        )
        for at, mcg in enumerate((50_000, 0))
    ),
    drafted_at=AT,
    drafted_by="P. Pike",
    signed_at=AT,
    signed_by="R. Okafor",
)
FLAG = FlagEntry(
    id="f",
    code="W1",
    severity="critical",
    state="accepted",
    episode_on=DAY,
    opened_at=AT,
    fingerprint="",
    title="Abrupt stop",
    why=(),
    consider=(),
    guidance_version="2026.1",
    accepted_reason="supervised",
    accepted_comment="On the ward",
    accepted_by="R. Okafor",
    accepted_at=AT + timedelta(hours=1),
    expires_at=AT + timedelta(days=2),
)
DONE = ReviewEntry(id="r", due_on=DAY, how="telephone", purpose="Sleep", done_on=DAY)
MOVED = TreatmentEntry(id="m", kind=TreatmentState.MOVED, starts_on=DAY, handed_to="Dr Pine", **WHO)
EVERYTHING = replace(
    RECORD,
    intakes=(replace(RAN_OUT, **WHO),),
    sedations=(SEDATION,),
    symptoms=(SIGN, EFFECT),
    scores=(SCORE, PAIN),
    conditions=(CONDITION,),
    comedications=(MEDICINE,),
    kidney=(READING,),
    interruptions=(SURGERY,),
    dispensings=(TABLETS,),
    plans=(PLAN,),
    reviews=(DONE, replace(DONE, id="later", done_on=None)),
    flags=(FLAG,),
    treatment=(MOVED,),
)


def text(item: Item) -> str:
    return "".join(piece for piece, _ in item.pieces).replace("\u00a0", " ")


def texts(record: PatientRecord, kind: str) -> list[str]:
    return [text(item) for item in timeline(record, kind=kind).items]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("dose", ["60 mg/day, 20 mg three times a day. Better response wanted."]),
        ("taken", ["Ran out since 12 Nov."]),
        ("sedation", ["Grade 2, limits daily tasks; said by carer; in the evening; fell."]),
        ("effects", ["Other: hiccups, mild, since 12 Nov."]),
        ("signs", ["Sleeplessness, mild, since 12 Nov."]),
        ("response", ["Spasticity 7, pain 4"]),
        ("plan", ["Taper 1, version 2 signed: to 0 mg/day, 16 Nov to 23 Nov, 2 steps."]),
        ("review", ["Review done by telephone: Sleep"]),
        ("condition", ["Stroke, since when is unknown."]),
        ("medicine", ["Gabapentinoid (depressant), since 2 May 2025."]),
        ("kidney", ["eGFR 74.5 of 12 Nov."]),
        ("interruption", ["Hospital admission from 20 Nov, no continuity note."]),
        ("supply", ["168 tablets of 10 mg dispensed on 12 Nov."]),
        ("treatment", ["Handed over to Dr Pine, from 12 Nov; not known since what is taken."]),
        ("flag", ["accepted: Abrupt stop, until 15 Nov, 08:50", "raised: Abrupt stop"]),
    ],
)
def test_each_kind_in_its_words(kind: str, said: list[str]) -> None:
    assert texts(EVERYTHING, kind) == said


def test_every_kind_has_its_words() -> None:
    assert {item.kind for item in timeline(EVERYTHING).items} == set(KINDS)


def test_newest_first() -> None:
    stands_at = [item.at for item in timeline(EVERYTHING).items]
    assert stands_at == sorted(stands_at, reverse=True)


def test_a_dose_says_from_what_it_came_and_when_it_begins() -> None:
    later = replace(
        REGIMEN, id="9", starts_on=date(2026, 8, 30), regimen=Regimen(morning_mcg=45_000), reason="sedation"
    )
    record = replace(RECORD, regimens=(REGIMEN, later))
    assert "60 → 45 mg/day, 45 mg once a day, from 30 Aug. Sedation: step back." in texts(record, "dose")


def test_what_was_taken_over_at_registration_says_so() -> None:
    record = replace(RECORD, regimens=(replace(REGIMEN, as_told=True),))
    assert texts(record, "dose")[0].endswith("As told at registration.")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": IntakeKind.STOPPED}, "Stopped on own account since 12 Nov."),
        ({"kind": IntakeKind.UNKNOWN, "ends_on": date(2026, 11, 13)}, "Not known what was taken 12 Nov to 13 Nov."),
        ({"kind": IntakeKind.AS_PRESCRIBED, "ends_on": DAY}, "Taken as prescribed on 12 Nov."),
        (
            {"kind": IntakeKind.MISSED, "missed": 1, "due": 3, "regimen": Regimen(morning_mcg=40_000)},
            "Missed 1 of 3 doses a day: 40 mg/day since 12 Nov.",
        ),
        ({"kind": IntakeKind.DAILY_TOTAL, "daily_mcg": 250_000}, "Took 250 mg/day since 12 Nov."),
        (
            {"kind": IntakeKind.BY_TIME, "regimen": Regimen(morning_mcg=10_000, evening_mcg=5_000)},
            "Took 15 mg/day (10 + 0 + 5 + 0 mg) since 12 Nov.",
        ),
        ({"last_dose_at": datetime(2026, 11, 11, 22, tzinfo=UTC)}, "Ran out since 12 Nov. Last dose 11 Nov, 22:00."),
        ({"starts_on": date(2025, 12, 31)}, "Ran out since 31 Dec 2025."),
    ],
)
def test_what_was_taken_in_words(changes: dict[str, object], said: str) -> None:
    entry: IntakeEntry = replace(RAN_OUT, **{**WHO, **changes})  # type: ignore[arg-type]
    assert texts(replace(RECORD, intakes=(entry,)), "taken") == [said]


def test_what_was_entered_in_error_stays_with_its_reason_and_apart() -> None:
    wrong = replace(PAIN, status=EntryStatus.ENTERED_IN_ERROR, status_reason="Another visit")
    items = timeline(replace(RECORD, scores=(SCORE, wrong)), kind="response").items
    assert [(text(item), item.is_struck, item.status_reason) for item in items] == [
        ("Pain 4", True, "Another visit"),
        ("Spasticity 7", False, ""),
    ]
    assert [item.correctable for item in items] == ["", "response"]


def test_for_correcting_each_entry_stands_alone() -> None:
    items = timeline(EVERYTHING, kind="response", one_by_one=True).items
    assert [text(item) for item in items] == ["Pain 4", "Spasticity 7"]


def test_an_answer_shows_its_reason_in_words() -> None:
    answer, raised = timeline(EVERYTHING, kind="flag").items
    assert (answer.note, answer.who) == ("Supervised closely, for example in hospital: On the ward", "R. Okafor")
    assert (raised.severity, raised.who) == (Severity.CRITICAL, "guidance 2026.1")


def test_what_ended_says_how() -> None:
    ended = replace(FLAG, state="past_unanswered", resolved_at=AT + timedelta(days=3), accepted_at=None)
    assert texts(replace(RECORD, flags=(ended,)), "flag")[0] == "past, and still unanswered: Abrupt stop"


def test_the_list_is_bounded_and_says_what_is_left() -> None:
    scores = tuple(replace(SCORE, id=str(n), at=AT - timedelta(days=n)) for n in range(10_000))
    found = timeline(replace(RECORD, scores=scores), kind="response", limit=40)
    assert (len(found.items), found.earlier) == (40, 9_960)
    assert found.back_to == (AT - timedelta(days=9_999)).date()
    rest = timeline(replace(RECORD, scores=scores), kind="response", skip=9_990, limit=40)
    assert (len(rest.items), rest.earlier, rest.back_to) == (10, 0, None)


def test_a_draft_is_drafted_and_a_plan_without_steps_says_no_course() -> None:
    draft = replace(PLAN, state=PlanState.DRAFT, signed_at=None, steps=())
    assert texts(replace(RECORD, plans=(draft,)), "plan") == ["Taper 1, version 2 drafted."]


def test_an_item_names_its_kind_and_how_it_stands() -> None:
    wrong = replace(SCORE, status=EntryStatus.ENTERED_IN_ERROR)
    (item,) = timeline(replace(RECORD, scores=(wrong,)), kind="response").items
    assert (item.kind_words, item.status_words) == (KINDS["response"], "entered in error")


def test_a_condition_with_only_an_end_says_until_when() -> None:
    ended = replace(CONDITION, until=DAY)
    assert texts(replace(RECORD, conditions=(ended,)), "condition") == ["Stroke, until 12 Nov."]


def test_an_acceptance_without_an_end_names_none() -> None:
    accepted = replace(FLAG, expires_at=None)
    assert texts(replace(RECORD, flags=(accepted,)), "flag")[0] == "accepted: Abrupt stop"


def act(kind: str, **fields: object) -> PlanAct:
    return PlanAct(id=1, kind=kind, at=AT + timedelta(hours=1), by="R. Okafor", **fields)


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (act("held", held_on=date(2026, 11, 23)), "held from 23 Nov."),
        (act("stopped"), "stopped."),
        (act("completed"), "completed."),
        (act("replaced"), "replaced."),
    ],
    ids=lambda value: value.kind if isinstance(value, PlanAct) else "",
)
def test_each_act_on_a_plan_has_a_line_of_its_own_and_the_signing_stays_as_it_was(done: PlanAct, said: str) -> None:
    acted = replace(PLAN, state=PlanState.STOPPED, acts=(replace(done, reason="Infection"),))
    newest, signed = timeline(replace(RECORD, plans=(acted,)), kind="plan").items
    assert text(newest) == f"Taper 1, version 2 {said}"
    assert (newest.note, newest.who, newest.at) == ("Infection", "R. Okafor", AT + timedelta(hours=1))
    assert text(signed) == "Taper 1, version 2 signed: to 0 mg/day, 16 Nov to 23 Nov, 2 steps."


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("resumed", "resumed"),
        ("slowed_down", "slowed down"),
        ("stepped_back", "stepped back"),
        ("skipped", "a step skipped"),
    ],
)
def test_the_act_that_made_a_version_stands_for_its_signing(kind: str, words: str) -> None:
    version = replace(PLAN, acts=(act(kind, reason="Sedation"),))
    assert texts(replace(RECORD, plans=(version,)), "plan") == [
        f"Taper 1, version 2 {words} and signed: to 0 mg/day, 16 Nov to 23 Nov, 2 steps."
    ]


def test_a_version_replaced_by_a_newer_one_needs_no_line_for_it() -> None:
    old = replace(PLAN, id="o", version=1, acts=(act("replaced"),))
    assert not [words for words in texts(replace(RECORD, plans=(old, PLAN)), "plan") if "replaced" in words]


def test_a_draft_given_up_is_discarded() -> None:
    draft = replace(PLAN, state=PlanState.STOPPED, signed_at=None, acts=(act("stopped"),))
    assert texts(replace(RECORD, plans=(draft,)), "plan")[0] == "Taper 1, version 2 discarded."
