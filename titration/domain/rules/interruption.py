"""W8: interruptions that can be foreseen: a stay in hospital, fasting, an empty box.

It judges what is on file for the coming days; without a recorded interruption or dispensing it stays silent.
"""

from datetime import timedelta

from titration.domain.case import Interruption
from titration.domain.findings import Evidence, Finding, Severity
from titration.domain.situation import Answer, Situation
from titration.domain.vocabulary import INTERRUPTIONS


def foreseeable_interruption(situation: Situation) -> Answer:
    """W8 as of the judged day: a planned interruption before an empty box, which is never graver.

    Silent while nothing is taken or prescribed.
    """
    if not situation.prescribed_or_taken(situation.day):
        return [], []
    found = _planned(situation) or _supply(situation)
    return ([found] if found else []), []


def _planned(situation: Situation) -> Finding | None:
    today = situation.case.as_of
    last = today + timedelta(situation.guidance.count("w8_ahead"))
    coming = [i for i in situation.case.interruptions if not i.has_continuity and today <= i.on <= last]
    first = min(coming, key=lambda interruption: interruption.on, default=None)
    return None if first is None else _planned_finding(situation, first)


def _planned_finding(situation: Situation, first: Interruption) -> Finding:
    words = INTERRUPTIONS[first.kind]
    return Finding(
        code="W8",
        severity=Severity.HIGH,
        since=first.on - timedelta(situation.guidance.count("w8_ahead")),
        episode=first.on,
        until=first.on + timedelta(1),
        variant="planned",
        values={"kind": words, "day_on": first.on},
        trigger=(first.kind, first.on.isoformat()),
        evidence=(Evidence(label=words, value="no continuity note", on=first.on),),
        thresholds=situation.thresholds("w8_ahead"),
    )


def _supply(situation: Situation) -> Finding | None:
    case, empty = situation.case, situation.case.runs_out_on
    if empty is None:
        return None
    days = (empty - case.as_of).days
    before_review = case.next_review_on is not None and empty < case.next_review_on
    if days >= situation.guidance.count("w8_supply_days") and not before_review:
        return None
    soon = days < situation.guidance.count("w8_supply_days")
    return Finding(
        code="W8",
        severity=Severity.HIGH if soon else Severity.CAUTION,
        since=min(case.as_of, empty - timedelta(situation.guidance.count("w8_supply_days") - 1)),
        episode=empty,
        variant="supply_empty" if days <= 0 else "supply_soon" if soon else "supply_review",
        values={"empty_on": empty, "days": max(0, days), "review_on": case.next_review_on or empty},
        trigger=(empty.isoformat(), str(soon)),
        extent=-empty.toordinal(),
        evidence=(Evidence(label="First day without tablets", value=empty.isoformat(), on=empty),),
        thresholds=situation.thresholds("w8_supply_days"),
    )
