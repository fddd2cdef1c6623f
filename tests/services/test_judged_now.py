"""What is proposed for today is judged at this minute, what is for a day to come at that day's beginning."""

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import titration
from tests.factories import make_patient, regimen
from titration.domain.case import case_at
from titration.domain.record import IntakeKind
from titration.models import Flag, Membership
from titration.selectors import patient_record
from titration.services.doses import DoseJudgement, judge_dose_change
from titration.services.drafts import IntakeDraft
from titration.services.flags import refresh_flags
from titration.services.intake import record_intake

LAST_DOSE = datetime(2026, 11, 12, 7, tzinfo=UTC)


def ran_out(actor: Membership, zone: str) -> None:
    actor.clinic.time_zone = zone
    actor.clinic.save()


def judged_at(actor: Membership, now: datetime, *, ahead: int = 0, mg: float = 55) -> DoseJudgement:
    patient = make_patient(actor)
    day = LAST_DOSE.astimezone(actor.clinic.zone).date()
    report = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=day + timedelta(1), last_dose_at=LAST_DOSE)
    record_intake(actor=actor, patient=patient, report=report, now=now)
    refresh_flags(patient=patient, now=now, actor=actor)
    today = now.astimezone(actor.clinic.zone).date()
    record = patient_record(patient, now)
    return judge_dose_change(record, starts_on=today + timedelta(ahead), regimen=regimen(mg), today=today, now=now)


def hours_in(findings: object) -> list[object]:
    return [each.values["hours"] for each in findings if each.code == "W4"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Sydney", "America/Anchorage"])
@pytest.mark.parametrize("hours", [25, 28, 36])
def test_preview_and_flag_count_the_same_hours(hours: int, zone: str, alice: Membership) -> None:
    ran_out(alice, zone)
    now = LAST_DOSE + timedelta(hours=hours)
    judged = judged_at(alice, now)
    assert hours_in(judged.now.findings) == hours_in(judged.assessment.findings) == [hours]
    assert Flag.objects.get(code="W4").title.replace("\u00a0", " ") == f"{hours} hours since the last dose"


def test_hours_that_nobody_has_waited_yet_are_not_asked_about(alice: Membership) -> None:
    """At 14 hours it is caution; at the end of the same day it would be critical."""
    judged = judged_at(alice, datetime(2026, 11, 12, 21, tzinfo=UTC) + timedelta(hours=3.5))
    assert hours_in(judged.assessment.findings) == [17]
    assert [each.severity.label for each in judged.assessment.findings if each.code == "W4"] == ["caution"]
    assert "W4" not in {each.code for each in judged.answers}


def test_a_day_to_come_is_judged_at_its_beginning(alice: Membership) -> None:
    now = LAST_DOSE + timedelta(hours=28)
    judged = judged_at(alice, now, ahead=2)
    assert hours_in(judged.now.findings) == [28]
    assert hours_in(judged.assessment.findings) == hours_in(judged.before.findings) == [65]


@pytest.mark.parametrize(
    ("on", "at"),
    [
        pytest.param(date(2026, 11, 12), None, id="a past day ends"),
        pytest.param(date(2026, 11, 13), "2026-11-13T23:30:00+11:00", id="today is now"),
        pytest.param(date(2026, 11, 14), "2026-11-14T00:00:00+11:00", id="tomorrow begins"),
    ],
)
def test_the_instant_is_of_the_clinics_own_day(on: date, at: str | None, alice: Membership) -> None:
    alice.clinic.time_zone = "Australia/Sydney"
    alice.clinic.save()
    now = datetime(2026, 11, 13, 12, 30, tzinfo=UTC)
    case = case_at(patient_record(make_patient(alice, now=now), now), on, now=now)
    assert (case.at.isoformat() if case.at else None) == at


@pytest.mark.parametrize("layer", ["services", "views", "selectors"])
def test_nothing_that_is_shown_or_saved_is_judged_without_an_instant(layer: str) -> None:
    """`case_from` leaves the hour out, so the end of the day would count."""
    files = (Path(titration.__file__).parent / layer).rglob("*.py")
    names = {
        str(file): [node.id for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Name)]
        for file in files
    }
    assert [file for file, used in names.items() if "case_from" in used] == []
