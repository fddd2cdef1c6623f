"""One report of what was taken, from what was ticked and typed."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.factories import NOW
from titration.domain.intake_span import END_OR_ON
from titration.domain.record import IntakeKind
from titration.domain.regimen import Regimen
from titration.forms.intake import IntakeForm

THREE_TIMES = Regimen(morning_mcg=20_000, midday_mcg=20_000, evening_mcg=20_000)


def form_of(**typed: Any) -> IntakeForm:
    data = {"key": uuid4(), "starts_on": "2026-11-12", **typed}
    return IntakeForm(data, now=NOW, prescribed_on=lambda day: THREE_TIMES if day >= date(2026, 1, 1) else None)


def test_missed_doses_leave_what_was_still_taken() -> None:
    form = form_of(kind="missed", missed_times=["midday", "evening"])
    assert form.is_valid(), form.errors
    assert (form.draft.regimen, form.draft.missed, form.draft.due) == (Regimen(morning_mcg=20_000), 2, 3)


@pytest.mark.parametrize("kind", ["ran_out", "stopped", "as_prescribed", "unknown"])
def test_fields_of_other_kinds_are_not_judged(kind: str) -> None:
    form = form_of(kind=kind, morning="rubbish", daily="1,5", missed_times=["noon"])
    assert form.is_valid(), form.errors
    assert form.draft.kind is IntakeKind(kind)
    assert form.draft.regimen is None


def test_other_amounts_need_every_time_of_day() -> None:
    form = form_of(kind="by_time", morning="10", midday="10")
    assert form.errors["morning"] == ["Write what was taken at each time of day; write 0 for none."]


def test_other_amounts_by_time_of_day() -> None:
    form = form_of(kind="by_time", morning="10", midday="0", evening="2.5", bedtime="0")
    assert form.is_valid(), form.errors
    assert form.draft.regimen == Regimen(morning_mcg=10_000, evening_mcg=2_500)


def test_a_daily_total_may_pass_the_ceiling() -> None:
    form = form_of(kind="daily_total", daily="250")
    assert form.is_valid(), form.errors
    assert form.draft.daily_mcg == 250_000


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"kind": "missed"}, "missed_times", "Tick which doses were missed."),
        ({"kind": "missed", "missed_times": ["bedtime"]}, "missed_times", "No dose was due at bedtime on that day."),
        (
            {"kind": "missed", "missed_times": ["morning"], "starts_on": "2025-12-31"},
            "kind",
            "No dose was prescribed on that day. Choose other amounts, or another day.",
        ),
        ({"kind": "daily_total"}, "daily", "Write the total that was taken each day."),
        ({}, "kind", "Choose what was taken."),
    ],
)
def test_says_what_is_missing(typed: dict[str, Any], field: str, sentence: str) -> None:
    assert form_of(**typed).errors[field] == [sentence]


def test_an_end_and_going_on_together_are_asked_about() -> None:
    form = form_of(kind="daily_total", daily="40", ends_on="2026-11-13", goes_on="on")
    assert form.errors["goes_on"] == [END_OR_ON]


@pytest.mark.parametrize("ticked", [True, False])
def test_going_on_is_what_was_ticked(ticked: bool) -> None:
    form = form_of(kind="daily_total", daily="40", **({"goes_on": "on"} if ticked else {}))
    assert form.is_valid(), form.errors
    assert (form.draft.ends_on, form.draft.goes_on) == (None, ticked)
