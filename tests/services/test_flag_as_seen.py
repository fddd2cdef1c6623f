"""As seen on 3 March: each event keeps the words, values, thresholds and guidance version of its moment."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW, change_dose, regimen
from tests.services.acts import raised_flag
from titration.domain import guidance
from titration.models import Flag, FlagEvent, Membership, Patient
from titration.selectors.flags import flag_events, moments
from titration.services import flag_words
from titration.services import flags as flags_service
from titration.services.acceptance import log_contact
from titration.services.flags import refresh_flags

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def newer_guidance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guidance after its next review: another version, other words."""
    newer, say = replace(guidance.load_guidance(), version="2027.9"), flag_words.say

    def other_words(finding: Any, facts: Any) -> Any:
        return replace(say(finding, facts), title="Said in other words")

    monkeypatch.setattr(flags_service, "load_guidance", lambda: newer)
    monkeypatch.setattr(flag_words, "say", other_words)


def seen(flag: Flag) -> list[tuple[str, dict[str, Any] | None]]:
    return [(moment.event.kind, moment.shown) for moment in moments(flag, flag_events(flag))]


def shown_now(flag: Flag) -> dict[str, Any]:
    flag.refresh_from_db()
    return {**flag.shown, "guidance_version": flag.guidance_version}


def test_keeps_what_was_shown_after_the_values_changed(alice: Membership, patient: Patient) -> None:
    flag = raised_flag(alice, patient)
    first = shown_now(flag)
    log_contact(actor=alice, flag=flag, text="called", now=NOW)
    change_dose(alice, patient, regimen(10, 10), now=LATER)
    second = shown_now(flag)
    assert first != second
    assert seen(flag) == [("raised", first), ("contact", first), ("worsened", second), ("accepted", second)]
    assert first["evidence"]
    assert first["thresholds"][0]["source"]


def test_keeps_what_was_shown_after_guidance_and_words_changed(
    alice: Membership, patient: Patient, request: pytest.FixtureRequest
) -> None:
    flag = raised_flag(alice, patient)
    first = shown_now(flag)
    request.getfixturevalue("newer_guidance")
    refresh_flags(patient=patient, now=LATER, actor=alice)
    second = shown_now(flag)
    assert (second["title"], second["guidance_version"]) == ("Said in other words", "2027.9")
    assert seen(flag) == [("raised", first), ("reworded", second)]


def test_newer_guidance_is_told_once(alice: Membership, patient: Patient, request: pytest.FixtureRequest) -> None:
    flag = raised_flag(alice, patient)
    request.getfixturevalue("newer_guidance")
    for hours in (1, 2, 3):
        refresh_flags(patient=patient, now=NOW + timedelta(hours=hours))
    assert [kind for kind, _ in seen(flag)] == ["raised", "reworded"]


def test_an_event_older_than_the_keeping_shows_the_flag_or_nothing(alice: Membership, patient: Patient) -> None:
    flag = raised_flag(alice, patient)
    old = FlagEvent(flag=flag, kind="contact", at=NOW, severity="caution")
    assert [moment.shown for moment in moments(flag, [old])] == [shown_now(flag)]
    later = FlagEvent(flag=flag, kind="changed", at=NOW, severity="caution", shown={"title": "later"})
    assert [moment.shown for moment in moments(flag, [old, later])] == [None, {"title": "later"}]
