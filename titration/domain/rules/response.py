"""N1: no response after weeks at a steady dose.

NHS Scotland East formulary; monograph, How Long Until It Works and If It Doesn't Work. The first score on file is
compared with the latest one. Info only: it opens the question of a slow taper.
"""

from datetime import date, timedelta
from fractions import Fraction

from titration.domain.case import Score
from titration.domain.findings import Evidence, Finding, Severity
from titration.domain.situation import Answer, Situation, as_date
from titration.domain.units import format_mg

_PER_CENT = 100
_WEEK = timedelta(weeks=1)


def no_response(situation: Situation) -> Answer:
    """N1 as of the judged day; silent without two scores, the latest of them after the dose was steady for long
    enough.
    """
    dose = situation.prescribed_or_taken(situation.day)
    steady_since = _steady_since(situation)
    steady_for = timedelta(situation.guidance.count("n1_steady_days"))
    if not dose or steady_since is None:
        return [], []
    pairs = [
        pair
        for scale in ("spasticity", "pain")
        if (pair := _first_and_latest(situation, scale, steady_since + steady_for))
    ]
    if not pairs or any(_fall(first, latest) >= situation.guidance.amount("n1_fall") for first, latest in pairs):
        return [], []
    first, latest = pairs[0]
    return [_finding(situation, dose, steady_since, first=first, latest=latest)], []


def _steady_since(situation: Situation) -> date | None:
    history = situation.case.prescribed or situation.case.taken
    begun = [day for day in history.days if day <= situation.day]
    return as_date(begun[-1]) if begun else None


def _first_and_latest(situation: Situation, scale: str, judged_from: date) -> tuple[Score, Score] | None:
    scores = sorted(
        (score for score in situation.case.scores if score.scale == scale and score.on <= situation.case.as_of),
        key=lambda score: score.on,
    )
    if len(scores) > 1 and scores[0].value and scores[-1].on >= judged_from:
        return scores[0], scores[-1]
    return None


def _fall(first: Score, latest: Score) -> Fraction:
    return Fraction(first.value - latest.value, first.value)


def _finding(situation: Situation, dose: int, steady_since: date, *, first: Score, latest: Score) -> Finding:
    return Finding(
        code="N1",
        severity=Severity.INFO,
        since=latest.on,
        episode=steady_since,
        variant="steady",
        values={
            "scale": latest.scale,
            "first_score": first.value,
            "first_on": first.on,
            "latest_score": latest.value,
            "latest_on": latest.on,
            "dose_mcg": dose,
            "steady_on": steady_since,
            "weeks": (situation.case.as_of - steady_since) // _WEEK,
            "fall_percent": max(Fraction(0), _fall(first, latest)) * _PER_CENT,
        },
        trigger=(latest.scale, str(first.value), str(latest.value), str(dose)),
        evidence=(
            Evidence(label=f"First {first.scale} score", value=str(first.value), on=first.on),
            Evidence(label=f"Latest {latest.scale} score", value=str(latest.value), on=latest.on),
            Evidence(label="Dose", value=format_mg(dose), unit="mg/day", on=steady_since),
        ),
        thresholds=situation.thresholds("n1_fall", "n1_steady_days"),
    )
