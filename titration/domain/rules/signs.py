"""W7: withdrawal signs while the dose is falling. Monograph, Life-Threatening or Dangerous AEs; Leo and Baer
2005, Kao 2003.

A sign counts when it came within two weeks after a drop or a gap. Severe signs are an emergency on their own; the
same signs can be toxicity.
"""

from titration.domain.case import Sign
from titration.domain.findings import Evidence, Finding, Severity, Undecided
from titration.domain.history import Day
from titration.domain.rules.missed import misses_on
from titration.domain.situation import Answer, Situation, as_date
from titration.domain.vocabulary import WITHDRAWAL_SEVERITY, WITHDRAWAL_SIGNS


def signs_during_a_reduction(situation: Situation) -> Answer:
    """W7 as of the judged day. Without signs there is nothing to judge."""
    signs = _recent(situation)
    if not signs:
        return [], []
    drops = {sign: drop for sign in signs if (drop := _reduction_before(situation, sign.on.toordinal())) is not None}
    counting = list(drops)
    level = _level(situation, {sign.code for sign in counting})
    if level is not None:
        return [_finding(situation, counting, level, drops[counting[-1]])], []
    return [], [] if counting else [Undecided(code="W7", missing=_missing(situation, signs))]


def _recent(situation: Situation) -> list[Sign]:
    stays = situation.guidance.count("w7_stays")
    recent = (sign for sign in situation.case.signs if 0 <= situation.day - sign.on.toordinal() < stays)
    return sorted(
        (s for s in recent if s.until is None or s.until >= situation.case.as_of), key=lambda sign: (sign.on, sign.code)
    )


def _reduction_before(situation: Situation, day: Day) -> Day | None:
    """The last day of a drop or gap within the window before a sign."""
    window = range(day, day - situation.guidance.count("w7_window") - 1, -1)
    return next((earlier for earlier in window if _drops_on(situation, earlier) or misses_on(situation, earlier)), None)


def _drops_on(situation: Situation, day: Day) -> bool:
    terms = situation.terms
    dose, previous = terms.dose(day), terms.previous(day)
    if dose is None or not previous:
        return False
    maintenance = terms.maintenance(day)
    return maintenance is not None and previous - dose >= maintenance * situation.guidance.amount("w7_drop_share")


def _level(situation: Situation, codes: set[str]) -> Severity | None:
    severities = [WITHDRAWAL_SEVERITY[code] for code in codes]
    if "severe" in severities:
        return Severity.CRITICAL
    if len(severities) >= situation.guidance.count("w7_signs"):
        return Severity.HIGH
    return Severity.CAUTION if "moderate" in severities else None


def _missing(situation: Situation, signs: list[Sign]) -> str:
    """Signs without a reduction on file are not nothing: what was taken, or another cause, is to be looked for."""
    no_usual_dose = situation.terms.maintenance(signs[0].on.toordinal()) is None
    return "maintenance" if no_usual_dose else "reduction"


def _finding(situation: Situation, signs: list[Sign], level: Severity, drop: Day) -> Finding:
    """drop: the last day of a drop or gap before the latest sign."""
    first = signs[0].on
    until = as_date(signs[-1].on.toordinal() + situation.guidance.count("w7_stays"))
    return Finding(
        code="W7",
        severity=level,
        since=first,
        episode=first,
        until=until,
        variant={Severity.CRITICAL: "severe", Severity.HIGH: "several"}.get(level, "moderate"),
        values={**_named(signs), "drop_on": as_date(drop), "day_on": signs[-1].on, "until_on": until},
        trigger=tuple(f"{sign.on}:{sign.code}" for sign in signs),
        extent=len({sign.code for sign in signs}),
        evidence=tuple(
            Evidence(label=WITHDRAWAL_SIGNS[s.code], value=WITHDRAWAL_SEVERITY[s.code], on=s.on) for s in signs
        ),
        thresholds=situation.thresholds("w7_window", "w7_drop_share", "w7_signs", "w7_stays"),
    )


def _named(signs: list[Sign]) -> dict[str, str]:
    """All signs, each once; and, where one is severe, the severe ones apart from the others."""
    severe = [sign for sign in signs if WITHDRAWAL_SEVERITY[sign.code] == "severe"]
    others = [sign for sign in signs if sign not in severe]
    parts = {"severe": _names(severe), "others": _names(others)} if severe else {}
    return {"signs": _names(signs), **parts}


def _names(signs: list[Sign]) -> str:
    return ", ".join(dict.fromkeys(WITHDRAWAL_SIGNS[sign.code].lower() for sign in signs))
