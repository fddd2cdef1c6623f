"""What would end a finding of withdrawal, told without proposing a dose that nobody decided on.

An amount is named only where it is prescribed, or where neither a signed plan nor a label ends below it. Under a plan
the way is a dose of that plan, or time alone: whoever is on a taper is not sent back up by the words of a finding.
"""

from fractions import Fraction

from titration.domain.history import Day, DoseHistory
from titration.domain.situation import Situation, as_date

type Values = dict[str, object]
_TIME: Values = {"way": "time"}


def way_out(situation: Situation, *, enough_mcg: Fraction, fired: Day, until: Day) -> Values:
    """way: which of the wordings; due_mcg, due_on: the dose that would do and its first day, where it is prescribed.

    enough_mcg: what must be taken on a day after `fired`; until: the day on which time ends it.
    """
    case, guidance = situation.case, situation.guidance
    if case.is_over:
        return {"way": "over"}
    first = max(situation.day, fired + 1)
    due = _due(situation, enough_mcg, first, until)
    is_due = due is not None and due[0] == first and _prescribes(case.prescribed, situation.day, enough_mcg)
    if case.planned is not None and case.planned.on(situation.day) is not None:
        return {"way": "due" if is_due else "later", "due_mcg": due[1], "due_on": as_date(due[0])} if due else _TIME
    if is_due:
        return {"way": "dose"}
    if enough_mcg > guidance.ceiling_mcg:
        return {"way": "ceiling"}
    return {"way": "label" if enough_mcg > guidance.labelled_maximum_mcg(case.label_set) else "dose"}


def _prescribes(prescribed: DoseHistory | None, day: Day, enough_mcg: Fraction) -> bool:
    mcg = prescribed.on(day) if prescribed else None
    return mcg is not None and mcg >= enough_mcg


def _due(situation: Situation, enough_mcg: Fraction, first: Day, until: Day) -> tuple[Day, int] | None:
    """The first day before the end on which enough is prescribed, and how much."""
    prescribed = situation.case.prescribed
    totals = prescribed.span(first, until - 1) if prescribed else []
    return next(((first + n, mcg) for n, mcg in enumerate(totals) if mcg is not None and mcg >= enough_mcg), None)
