"""The limits of what people record stand in the guidance alone; spans and words are derived from it."""

from datetime import timedelta

import pytest

from titration.domain.findings import Severity
from titration.domain.guidance import load_guidance
from titration.domain.limits import longest_acceptance, longest_acceptance_words, span, span_words

LIMITS = {"accepted_usually": 14, "dose_change_ahead": 90, "stable_for_a_while": 28}


@pytest.mark.parametrize(
    ("severity", "longest", "words"),
    [
        (Severity.INFO, timedelta(days=90), "90 days"),
        (Severity.CAUTION, timedelta(days=90), "90 days"),
        (Severity.HIGH, timedelta(days=14), "14 days"),
        (Severity.CRITICAL, timedelta(hours=72), "72 hours"),
    ],
)
def test_every_severity_is_accepted_for_so_long(severity: Severity, longest: timedelta, words: str) -> None:
    assert (longest_acceptance(severity), longest_acceptance_words(severity)) == (longest, words)


@pytest.mark.parametrize(("name", "days"), LIMITS.items())
def test_a_limit_is_a_design_choice_and_says_so(name: str, days: int) -> None:
    assert (span(name), span_words(name)) == (timedelta(days=days), f"{days} days")
    assert load_guidance().threshold(name).origin == "design"
