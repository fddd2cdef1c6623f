"""What must be answered with a reason before a dose is saved: high or critical, and only what the dose makes worse."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from tests.domain.files import NOTED, TODAY, file_of, noted
from tests.factories import regimen
from titration.domain.record import (
    ConditionEntry,
    FlagEntry,
    IntakeEntry,
    IntakeKind,
    KidneyReadingEntry,
    PatientRecord,
    RegimenEntry,
    SedationEntry,
)
from titration.services.doses import judge_dose_change


@dataclass(frozen=True, kw_only=True)
class Told:
    """doses: the total from so many days ago on; dose: what is proposed, from so many days ahead on."""

    doses: dict[int, float]
    dose: float
    ahead: int = 0
    egfr: int | None = None
    born: date = date(1968, 3, 12)
    others: dict[str, tuple[object, ...]] = field(default_factory=dict)


def record_of(told: Told) -> PatientRecord:
    entries = [
        noted(RegimenEntry, starts_on=TODAY - timedelta(days=back), regimen=regimen(mg), reason="", as_told=not place)
        for place, (back, mg) in enumerate(told.doses.items())
    ]
    readings = [] if told.egfr is None else [noted(KidneyReadingEntry, on=TODAY, egfr=Fraction(told.egfr))]
    record = file_of(regimens=entries, kidney=readings, exposure_months=Fraction(24), **told.others)
    return replace(record, birth_date=told.born)


def asked(told: Told) -> list[str]:
    return asked_of(record_of(told), told)


def asked_of(record: PatientRecord, told: Told) -> list[str]:
    on = TODAY + timedelta(days=told.ahead)
    judged = judge_dose_change(record, starts_on=on, regimen=regimen(told.dose), today=TODAY, now=NOTED)
    assert all(each in judged.raised for each in judged.answers)
    return [f"{each.code} {each.severity.label}" for each in judged.answers]


OLD = date(1950, 1, 1)
PREGNANT = {"conditions": (noted(ConditionEntry, code="pregnancy"),)}
HARD_TO_ROUSE = {"sedations": (noted(SedationEntry, at=NOTED - timedelta(hours=2), grade=3, source="patient"),)}


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        pytest.param(Told(doses={90: 60}, dose=0), ["W1 critical"], id="raised: a stop"),
        pytest.param(Told(doses={90: 60}, dose=30), ["W2 high"], id="raised: half in one day"),
        pytest.param(Told(doses={90: 60}, dose=45), [], id="raised: a quarter, caution"),
        pytest.param(Told(doses={90: 20}, dose=60), ["T1 high"], id="raised: a fast rise"),
        pytest.param(Told(doses={90: 20}, dose=40), [], id="raised: a rise of caution"),
        pytest.param(Told(doses={90: 115}, dose=125), ["T2 high"], id="raised: above 120"),
        pytest.param(Told(doses={90: 60}, dose=0, ahead=9), ["W1 critical"], id="raised: a stop to come"),
        pytest.param(Told(doses={90: 150}, dose=145), [], id="milder: 150 to 145"),
        pytest.param(Told(doses={90: 150}, dose=150.5), [], id="standing: within the band up to 180"),
        pytest.param(Told(doses={90: 150}, dose=160), [], id="standing: higher, within the band up to 180"),
        pytest.param(Told(doses={90: 175}, dose=185), ["T2 high"], id="worsened: from above 120 to above 180"),
        pytest.param(Told(doses={90: 190}, dose=185), [], id="milder: within the band above 180"),
        pytest.param(Told(doses={90: 190}, dose=175), [], id="milder: from above 180 to above 120"),
        pytest.param(Told(doses={90: 60, 0: 0}, dose=30), [], id="other rule, milder: a stop of today half undone"),
        pytest.param(Told(doses={90: 60, 0: 0}, dose=5), [], id="other rule, milder: a stop of today a little undone"),
        pytest.param(Told(doses={90: 60, 0: 30}, dose=40), [], id="milder: a drop of today made smaller"),
        pytest.param(Told(doses={90: 60, 0: 30}, dose=26), ["W2 high"], id="worsened: a drop of today made larger"),
        pytest.param(Told(doses={90: 60, 0: 30}, dose=0), ["W1 critical"], id="worsened: a drop of today to a stop"),
        pytest.param(Told(doses={90: 60, 2: 30}, dose=35), [], id="standing: a drop of two days ago, now more"),
        pytest.param(Told(doses={90: 60, 3: 30}, dose=29), [], id="standing: a drop of three days ago, a little less"),
        pytest.param(Told(doses={90: 60, 3: 30}, dose=12), ["W2 high", "W3 high"], id="worsened: a second drop"),
        pytest.param(Told(doses={90: 60, 10: 0, 4: 60}, dose=60.5), [], id="standing: a stop that is over"),
        pytest.param(Told(doses={90: 60, 2: 0}, dose=60), [], id="milder: back to the dose before the stop"),
        pytest.param(Told(doses={90: 60, 9: 0, 6: 30}, dose=0), ["W1 critical"], id="worsened: a second stop"),
        pytest.param(Told(doses={90: 60, 5: 0, 4: 40}, dose=10), ["W2 critical", "W3 high"], id="raised behind a stop"),
        pytest.param(Told(doses={90: 60, 5: 0, 4: 40}, dose=38), [], id="standing: a stop, and a small step since"),
        pytest.param(Told(doses={90: 20, 1: 60}, dose=58), [], id="milder: a fast rise of yesterday made smaller"),
        pytest.param(Told(doses={90: 20, 1: 60}, dose=65), ["T1 high"], id="worsened: a fast rise goes on"),
        pytest.param(Told(doses={90: 30}, dose=35, egfr=25), ["R1 critical"], id="worsened: a rise at eGFR 25"),
        pytest.param(Told(doses={90: 30}, dose=25, egfr=25), [], id="standing: eGFR 25 and less of it"),
        pytest.param(
            Told(doses={90: 30, 0: 40}, dose=35, egfr=25), [], id="milder: a rise of today at eGFR 25 made smaller"
        ),
        pytest.param(
            Told(doses={90: 30, 0: 35}, dose=40, egfr=25), ["R1 critical"], id="worsened: it is made larger instead"
        ),
        pytest.param(Told(doses={90: 30}, dose=38, egfr=45, born=OLD), [], id="standing: eGFR 45 at 76, same band"),
        pytest.param(
            Told(doses={90: 35}, dose=45, egfr=45, born=OLD), ["R1 high"], id="worsened: eGFR 45 at 76, next band"
        ),
        pytest.param(Told(doses={90: 60}, dose=55, others=PREGNANT), [], id="standing: a fact that no dose changes"),
        pytest.param(Told(doses={90: 60}, dose=65, others=HARD_TO_ROUSE), [], id="standing: sedation of grade 3"),
    ],
)
def test_asks_for_what_a_dose_raises_or_makes_worse(told: Told, answers: list[str]) -> None:
    assert asked(told) == answers


DROPS = Told(doses={90: 60}, dose=30)
IN_BAND = Told(doses={90: 35}, dose=45, egfr=45, born=OLD)
NEXT_BAND = replace(IN_BAND, doses={90: 35, 5: 45}, dose=65)
RISES, RISES_ON = Told(doses={90: 30}, dose=35, egfr=25), Told(doses={90: 30, 1: 35}, dose=40, egfr=25)


def flag(told: Told, *, state: str = "accepted", left: timedelta = timedelta(days=2)) -> FlagEntry:
    on, drop = TODAY + timedelta(days=told.ahead), record_of(told)
    judged = judge_dose_change(drop, starts_on=on, regimen=regimen(told.dose), today=TODAY, now=NOTED)
    (answer,) = judged.answers
    return FlagEntry(
        id="1", code=answer.code, severity=answer.severity.label, state=state, episode_on=answer.episode,
        opened_at=NOTED, fingerprint=answer.fingerprint, title="", why=(), consider=(), guidance_version="",
        accepted_at=NOTED, expires_at=NOTED + left,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "of", "answers"),
    [
        pytest.param(DROPS, flag(DROPS), [], id="the same finding"),
        pytest.param(replace(DROPS, dose=28), flag(DROPS), ["W2 high"], id="one that was less"),
        pytest.param(NEXT_BAND, flag(IN_BAND), ["R1 high"], id="a kidney finding at a dose of a lower band"),
        pytest.param(RISES_ON, flag(RISES), ["R1 critical"], id="a rise that went less far"),
        pytest.param(DROPS, flag(DROPS, state="resolved"), ["W2 high"], id="one that is over"),
        pytest.param(DROPS, flag(DROPS, left=-timedelta(hours=1)), ["W2 high"], id="until an hour ago"),
    ],
)
def test_what_was_accepted_earlier(told: Told, of: FlagEntry, answers: list[str]) -> None:
    assert asked_of(replace(record_of(told), flags=(of,)), told) == answers


def reported(kind: IntakeKind, first: int, last: int, mg: float | None = None) -> dict[str, tuple[object, ...]]:
    """Days before today; mg: what was taken."""
    days = (TODAY - timedelta(days=first), TODAY - timedelta(days=last))
    daily_mcg = None if mg is None else round(mg * 1000)
    return {"intakes": (noted(IntakeEntry, kind=kind, starts_on=days[0], ends_on=days[1], daily_mcg=daily_mcg),)}


FIFTY_TODAY = reported(IntakeKind.DAILY_TOTAL, 0, 0, 50)
STOPPED_BEFORE = reported(IntakeKind.STOPPED, 3, 1)


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        pytest.param(Told(doses={90: 60}, dose=0, others=FIFTY_TODAY), ["W1 critical"], id="a stop"),
        pytest.param(Told(doses={90: 60}, dose=20, others=FIFTY_TODAY), ["W2 high", "W3 high"], id="a third left"),
        pytest.param(Told(doses={90: 60}, dose=55, others=FIFTY_TODAY), [], id="a small step"),
        pytest.param(Told(doses={90: 60}, dose=65, others=FIFTY_TODAY), [], id="a small rise"),
    ],
)
def test_a_report_of_today_hides_no_fall_that_is_ordered(told: Told, answers: list[str]) -> None:
    assert asked(told) == answers


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        pytest.param(Told(doses={90: 60}, dose=30, others=STOPPED_BEFORE), ["W1 critical"], id="with half the dose"),
        pytest.param(Told(doses={90: 60}, dose=58, others=STOPPED_BEFORE), [], id="with nearly all of it"),
    ],
)
def test_a_stop_that_was_over_and_stands_again_is_asked_about(told: Told, answers: list[str]) -> None:
    assert asked(told) == answers


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        pytest.param(Told(doses={90: 60, -7: 35}, dose=70, ahead=3), ["W2 high"], id="it makes it larger"),
        pytest.param(Told(doses={90: 60, -7: 30}, dose=55, ahead=3), [], id="it makes it smaller"),
        pytest.param(Told(doses={90: 60, -7: 70}, dose=30, ahead=3), ["W2 high", "T1 high"], id="a rise follows"),
        pytest.param(Told(doses={90: 60, -7: 70}, dose=50, ahead=3), [], id="a small rise follows"),
    ],
)
def test_the_step_to_a_dose_that_is_to_come_is_asked_about(told: Told, answers: list[str]) -> None:
    assert asked(told) == answers


def test_nothing_is_asked_twice_on_the_way_back_up() -> None:
    """A stop of today is undone in two steps: each is less than what stands."""
    stop = Told(doses={90: 60, 0: 0}, dose=20)
    first = record_of(stop)
    assert asked_of(first, stop) == []
    assert asked(Told(doses={90: 60, 0: 20}, dose=55)) == []


NIGHT = datetime(2026, 11, 13, 23, 30, tzinfo=NOTED.tzinfo)


@pytest.mark.parametrize("now", [NOTED, NIGHT], ids=["in the morning", "before midnight"])
def test_the_hour_changes_nothing_that_is_asked(now: datetime) -> None:
    told = Told(doses={90: 60}, dose=30)
    judged = judge_dose_change(record_of(told), starts_on=TODAY, regimen=regimen(30), today=TODAY, now=now)
    assert [each.code for each in judged.answers] == ["W2"]


def _reported(kind: IntakeKind, since: int, mg: int | None = None) -> IntakeEntry:
    daily_mcg = None if mg is None else mg * 1000
    return noted(IntakeEntry, kind=kind, starts_on=TODAY - timedelta(days=since), ends_on=None, daily_mcg=daily_mcg)


@pytest.mark.parametrize(
    ("report", "dose", "ahead", "answers"),
    [
        pytest.param(_reported(IntakeKind.DAILY_TOTAL, 3, 40), 0, 0, ["W1 critical"], id="a stop behind a report"),
        pytest.param(_reported(IntakeKind.DAILY_TOTAL, 3, 40), 0, 5, ["W1 critical"], id="a stop to come behind one"),
        pytest.param(
            _reported(IntakeKind.DAILY_TOTAL, 3, 40), 15, 0, ["W2 high", "W3 high"], id="a drop behind a report"
        ),
        pytest.param(_reported(IntakeKind.DAILY_TOTAL, 3, 40), 40, 0, [], id="the dose that is taken"),
        pytest.param(_reported(IntakeKind.DAILY_TOTAL, 3, 40), 30, 0, [], id="a small step down from what is taken"),
        pytest.param(_reported(IntakeKind.UNKNOWN, 1), 0, 0, ["W1 critical"], id="a stop where nobody knows"),
        pytest.param(_reported(IntakeKind.RAN_OUT, 2), 30, 0, [], id="a lower dose while the box is empty"),
        pytest.param(_reported(IntakeKind.RAN_OUT, 0), 30, 0, [], id="a lower dose for a box that is empty today"),
    ],
)
def test_a_report_that_goes_on_hides_no_order(report: IntakeEntry, dose: float, ahead: int, answers: list[str]) -> None:
    """What is ordered is judged as if it were taken too: somebody will take it."""
    told = Told(doses={90: 45}, dose=dose, ahead=ahead, others={"intakes": (report,)})
    assert asked(told) == answers


def test_a_rise_to_come_is_asked_about_while_a_report_says_that_nothing_is_taken() -> None:
    stopped = _reported(IntakeKind.STOPPED, 3)
    told = Told(doses={90: 160, 10: 20, -7: 160}, dose=25, others={"intakes": (stopped,)})
    assert "T1 high" not in asked(replace(told, doses={90: 160}, dose=155))
    assert "T1 high" in asked(replace(told, doses={90: 160, -7: 160}, dose=20))
