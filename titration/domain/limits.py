"""Limits of what people record, from the guidance, as a span of time and in words.

They say nothing about a dose; the limits of a plan are the planner's.
"""

from datetime import timedelta

from titration.domain.findings import Severity
from titration.domain.guidance import load_guidance

_ACCEPTED = {
    Severity.INFO: "accepted_caution",
    Severity.CAUTION: "accepted_caution",
    Severity.HIGH: "accepted_high",
    Severity.CRITICAL: "accepted_critical",
}
USUALLY_ACCEPTED = "accepted_usually"
DOSE_CHANGE_AHEAD = "dose_change_ahead"
FOLLOWED_WITHIN = "followed_within"
STABLE_FOR_A_WHILE = "stable_for_a_while"
TABLETS_AHEAD = "tablets_ahead"
USUALLY_STABLE = "usually_stable"


def span(name: str) -> timedelta:
    """The limit as a span of time; its unit is days or hours."""
    threshold = load_guidance().threshold(name)
    return timedelta(**{threshold.unit: int(threshold.amount)})


def span_words(name: str) -> str:
    """As a person says it: 72 hours."""
    threshold = load_guidance().threshold(name)
    return f"{threshold.value} {threshold.unit}"


def longest_acceptance(severity: Severity) -> timedelta:
    return span(_ACCEPTED[severity])


def longest_acceptance_words(severity: Severity) -> str:
    return span_words(_ACCEPTED[severity])
