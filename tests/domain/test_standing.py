"""What stands: live findings met with flags on file by rule and episode."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.domain.test_banner import RAN_OUT, RECORD, TODAY
from titration.domain.assess import assess
from titration.domain.case import case_from
from titration.domain.findings import Assessment, Severity
from titration.domain.guidance import load_guidance
from titration.domain.record import FlagEntry
from titration.domain.standing import Standing, standing

STOPPED: Assessment = assess(case_from(replace(RECORD, intakes=(RAN_OUT,)), TODAY), load_guidance())
QUIET: Assessment = assess(case_from(RECORD, TODAY), load_guidance())
STOP = next(finding for finding in STOPPED.findings if finding.code == "W1")
FLAG = FlagEntry(
    id="f",
    code="W1",
    severity="critical",
    state="open",
    episode_on=STOP.episode,
    opened_at=datetime(2026, 11, 12, 8, tzinfo=UTC),
    fingerprint=STOP.fingerprint,
    title="As it was shown",
    why=("then",),
    consider=(),
    guidance_version="2025.1",
)


def stands(assessment: Assessment, *flags: FlagEntry) -> Standing:
    return standing(assessment, flags, load_guidance())


def test_a_live_finding_speaks_with_its_live_words() -> None:
    shown = stands(STOPPED, FLAG).highest
    assert shown is not None
    assert (shown.code, shown.severity, shown.flag) == ("W1", Severity.CRITICAL, FLAG)
    assert shown.words.title != "As it was shown"


def test_a_finding_without_a_flag_is_shown_all_the_same() -> None:
    shown = stands(STOPPED).highest
    assert shown is not None
    assert shown.flag is None


def test_a_flag_of_another_episode_is_another_flag() -> None:
    earlier = replace(FLAG, episode_on=date(2026, 6, 1), state="past_unanswered")
    shown = stands(STOPPED, earlier)
    assert [each.is_past for each in shown.open if each.code == "W1"] == [False, True]


ACCEPTED = replace(
    FLAG,
    state="accepted",
    accepted_reason="supervised",
    accepted_by="R. Okafor",
    accepted_at=datetime(2026, 12, 30, 10, tzinfo=UTC),
    expires_at=datetime(2026, 12, 31, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Accepted until 30 Dec by R. Okafor: Supervised closely, for example in hospital"),
        (
            {"expires_at": datetime(2027, 1, 1, 10, tzinfo=UTC)},
            "Accepted until 1 Jan 2027 by R. Okafor: Supervised closely, for example in hospital",
        ),
        ({"accepted_reason": "Own words"}, "Accepted until 30 Dec by R. Okafor: Own words"),
        (
            {"accepted_comment": "on the ward"},
            "Accepted until 30 Dec by R. Okafor: Supervised closely, for example in hospital (on the ward)",
        ),
        ({"state": "open", "accepted_at": None, "expires_at": None}, ""),
    ],
    ids=["to the end of a day", "into another year", "a clinic's own reason", "with a comment", "not accepted"],
)
def test_an_acceptance_says_until_when_by_whom_and_why(changes: dict[str, Any], words: str) -> None:
    shown = stands(STOPPED, replace(ACCEPTED, **changes))
    flagged = next(each for each in (*shown.open, *shown.accepted) if each.code == "W1")
    assert flagged.acceptance.replace("\u00a0", " ") == words


def test_an_accepted_flag_outranks_only_what_is_lower() -> None:
    accepted = stands(STOPPED, ACCEPTED)
    assert [each.code for each in accepted.outranking] == ["W1"]
    still_open = replace(FLAG, id="g", episode_on=date(2026, 6, 1), state="past_unanswered")
    assert stands(STOPPED, ACCEPTED, still_open).outranking == ()


def test_what_was_accepted_stands_apart() -> None:
    shown = stands(STOPPED, replace(FLAG, state="accepted"))
    assert [each.code for each in shown.accepted] == ["W1"]
    assert all(each.code != "W1" for each in shown.open)


@pytest.mark.parametrize("state", ["open", "past_unanswered"])
def test_an_unanswered_flag_stays_with_the_words_it_was_raised_with(state: str) -> None:
    shown = stands(QUIET, replace(FLAG, state=state)).highest
    assert shown is not None
    assert shown.words.title == "As it was shown"
    assert shown.is_past is (state == "past_unanswered")


@pytest.mark.parametrize("state", ["resolved", "corrected", "accepted"])
def test_what_is_over_is_not_shown(state: str) -> None:
    assert stands(QUIET, replace(FLAG, state=state)).open == ()


def test_nothing_stands_on_a_quiet_day() -> None:
    assert stands(QUIET).highest is None


def test_what_is_past_and_unanswered_says_so_above_its_reason() -> None:
    shown = stands(STOPPED, FLAG).highest
    assert shown is not None
    assert shown.lines == (shown.words.reason,)
    assert replace(shown, is_past=True).lines == ("Past, and still unanswered.", shown.words.reason)


def test_the_highest_finding_stands_first() -> None:
    assert STOPPED.highest == STOPPED.findings[0]
    assert QUIET.highest is None
