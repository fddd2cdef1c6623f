"""A plan's days are the clinic's own: what may be done today is asked of its clock, far ahead, far behind and on the
days on which the clock changes.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import make_clinic, make_member, make_patient, regimen
from tests.services.acts import running_plan
from titration.domain.errors import DomainError
from titration.models import Membership, Patient, Plan
from titration.services.plans import confirm_step, hold_plan, stop_plan
from titration.services.plans.confirming import complete_finished_plan

pytestmark = pytest.mark.django_db


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


TURNS = [
    pytest.param("Pacific/Kiritimati", utc(2026, 11, 13, 10), date(2026, 11, 14), id="14 hours ahead"),
    pytest.param("Pacific/Pago_Pago", utc(2026, 11, 14, 11), date(2026, 11, 14), id="11 hours behind"),
    pytest.param("Europe/London", utc(2026, 10, 24, 23), date(2026, 10, 25), id="in the night the clock goes back"),
    pytest.param("Europe/London", utc(2026, 10, 26, 0), date(2026, 10, 26), id="after it"),
    pytest.param("Europe/London", utc(2027, 3, 28, 0), date(2027, 3, 28), id="in the night the clock goes on"),
    pytest.param("Europe/London", utc(2027, 3, 28, 23), date(2027, 3, 29), id="after that one"),
    pytest.param("America/Sao_Paulo", utc(2018, 11, 4, 3), date(2018, 11, 4), id="a day without midnight"),
    pytest.param("Europe/London", utc(2028, 2, 29, 0), date(2028, 2, 29), id="29 February begins"),
    pytest.param("Europe/London", utc(2028, 3, 1, 0), date(2028, 3, 1), id="and ends"),
]
at_each_turn = pytest.mark.parametrize(("zone", "midnight", "day"), TURNS)
A_MINUTE = timedelta(minutes=1)


def clinician(zone: str) -> Membership:
    return make_member(make_clinic(f"Clinic of {zone}", time_zone=zone))


def plan_from(actor: Membership, day: date, at: datetime) -> tuple[Patient, Plan]:
    """Signed a week before its first step."""
    signed = at - timedelta(days=7)
    patient = make_patient(actor, since=day - timedelta(days=60), now=signed)
    steps = [(day, regimen(20, 20, 15)), (day + timedelta(days=7), regimen(20, 20, 10))]
    return patient, running_plan(actor, patient, steps, now=signed)


@at_each_turn
def test_a_step_begins_at_midnight_of_the_clinic(zone: str, midnight: datetime, day: date) -> None:
    actor = clinician(zone)
    _, plan = plan_from(actor, day, midnight)
    step = plan.steps.get(number=1)
    with pytest.raises(DomainError, match="not begun"):
        confirm_step(actor=actor, step=step, now=midnight - A_MINUTE)
    assert confirm_step(actor=actor, step=step, now=midnight).state == "started"


@at_each_turn
def test_a_hold_keeps_back_what_has_not_begun_there(zone: str, midnight: datetime, day: date) -> None:
    """A minute before its midnight the step never begins; on its day it has begun, and the hold is from the next."""
    actor = clinician(zone)
    for at, held_on in ((midnight - A_MINUTE, day - timedelta(days=1)), (midnight, day + timedelta(days=1))):
        _, plan = plan_from(actor, day, midnight)
        held = hold_plan(actor=actor, plan=plan, reason="spasms", state_version=plan.state_version, now=at)
        assert held.held_on == held_on


@at_each_turn
def test_a_stop_leaves_the_step_of_the_day(zone: str, midnight: datetime, day: date) -> None:
    actor = clinician(zone)
    _, plan = plan_from(actor, day, midnight)
    stopped = stop_plan(actor=actor, plan=plan, reason="unwell", state_version=plan.state_version, now=midnight)
    assert stopped.ended_on == day + timedelta(days=1)


@at_each_turn
def test_a_plan_is_complete_on_the_day_after_its_last_step(zone: str, midnight: datetime, day: date) -> None:
    actor = clinician(zone)
    signed = midnight - timedelta(days=7)
    patient = make_patient(actor, since=day - timedelta(days=60), now=signed)
    running_plan(actor, patient, [(day - timedelta(days=1), regimen(20, 20, 15))], now=signed)
    assert complete_finished_plan(patient=patient, now=midnight - A_MINUTE) is None
    assert complete_finished_plan(patient=patient, now=midnight) is not None
