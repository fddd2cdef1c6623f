"""How W1, W2 and W3 arise, stay and end.

A firing is a rule's answer for one day. It stays until a known day with enough taken again, at most 14 days; of
several that stand the highest is listed, with the day it arose. How levels shift and how long a
finding stays are design choices, named as such in `guidance/terms.toml`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from titration.domain.findings import Evidence, Severity
from titration.domain.history import Day
from titration.domain.situation import Situation
from titration.domain.vocabulary import C1_CONDITIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """One rule on one day, with the values it rests on, the fall, and the maintenance dose as it was then."""

    code: str
    day: Day
    severity: Severity
    variant: str
    maintenance: Fraction
    fall_mcg: int
    values: Mapping[str, object]
    trigger: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    thresholds: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


type Fire = Callable[[Situation, Day], Firing | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is listed: the firing, the day it arose, the first day of its unbroken time, and the first day on which
    time alone ends it.
    """

    firing: Firing
    since: Day
    episode: Day
    until: Day


def settle(
    rule_level: Severity, situation: Situation, day: Day, cap: Severity | None = None
) -> tuple[Severity, tuple[str, ...]]:
    """The level after exposure and vulnerability, which may cancel out, then the cap, and notes on what moved it."""
    shift, notes = 0, []
    if situation.terms.is_short(day):
        shift -= 1
        notes.append("short_exposure")
    if situation.case.conditions & C1_CONDITIONS:
        shift += 1
        notes.append("vulnerable")
    level = rule_level.shifted(shift)
    if cap is not None and level > cap:
        level = cap
        notes.append("capped")
    return level, tuple(notes)


def standing(fire: Fire, situation: Situation) -> Standing | None:
    """The firing that is listed as of the day judged, None when none stands."""
    today = situation.day
    stays = situation.guidance.count("stays")
    firings = [firing for day in range(today - stays + 1, today + 1) if (firing := fire(situation, day))]
    live = [firing for firing in firings if _stands_on(firing, today, situation)]
    if not live:
        return None
    listed = max(live, key=lambda firing: firing.severity)
    same_level = [firing for firing in live if firing.severity >= listed.severity]
    return Standing(
        firing=listed,
        since=_chain_start(fire, situation, listed.day, at_least=listed.severity),
        episode=_chain_start(fire, situation, live[0].day, at_least=Severity.INFO),
        until=same_level[-1].day + stays,
    )


def _stands_on(firing: Firing, day: Day, situation: Situation) -> bool:
    """Whether nothing has cleared it by then; callers look back no further than it stays."""
    return not situation.terms.cleared_between(firing.day + 1, day, firing.maintenance)


def _chain_start(fire: Fire, situation: Situation, first: Day, *, at_least: Severity) -> Day:
    """The first day of the unbroken time in which firings of at least this level stood one after the other up to
    `first`.

    Looking at the farthest day first finds the same start as going back day by day, in a fraction of the steps.
    """
    stays = situation.guidance.count("stays")
    while True:
        earlier = (fire(situation, day) for day in range(first - stays, first))
        link = next(
            (f for f in earlier if f and f.severity >= at_least and _stands_on(f, first - 1, situation)),
            None,
        )
        if link is None:
            return first
        first = link.day
