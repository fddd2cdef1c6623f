"""W1 to W3: a stop, a drop in one day, a drop over seven days. Monograph, Life-Threatening or Dangerous
AEs.

They look at what was taken. Each answers for any day (`stop_on`, `drop_on`, `week_drop_on`); what stands as of the
judged day is worked out in `firing`.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from titration.domain.findings import Evidence, Finding, Severity, Undecided
from titration.domain.history import Day
from titration.domain.rules.firing import Fire, Firing, Standing, settle, standing
from titration.domain.rules.way_out import way_out
from titration.domain.situation import Answer, Situation, as_date
from titration.domain.units import format_mg

_PER_CENT = 100


def stop_on(situation: Situation, day: Day) -> Firing | None:
    """W1: nothing was taken on a day that had a level to fall from."""
    terms, amount = situation.terms, situation.guidance.amount
    if terms.dose(day) != 0 or not (previous := terms.previous(day)):
        return None
    maintenance, peak = terms.maintenance(day), terms.peak(day)
    if maintenance is None or peak is None:
        return None
    weighty = terms.is_long(day) or maintenance >= amount("w1_high_maintenance")
    if not terms.is_terminal(peak, maintenance) and peak > maintenance * amount("w1_peak_share") and weighty:
        return _stop(situation, day, Severity.CRITICAL, peak)
    if not terms.is_terminal(previous, maintenance) and previous >= maintenance * amount("w1_previous_share"):
        return _stop(situation, day, Severity.HIGH, previous)
    return None


def _stop(situation: Situation, day: Day, level: Severity, from_mcg: int) -> Firing:
    names = ("w1_peak_share", "w1_high_maintenance", "w1_previous_share", "terminal_dose", "clears_share", "stays")
    return _firing(situation, day, "W1", level, None, from_mcg=from_mcg, variant="stop", thresholds=names)


def drop_on(situation: Situation, day: Day) -> Firing | None:
    """W2: the dose dropped steeply from one known day to this one."""
    terms = situation.terms
    if terms.is_steady(day):
        return None
    dose, previous = terms.dose(day), terms.previous(day)
    if dose is None or not previous:
        return None
    drop = previous - dose
    if drop < previous * situation.guidance.amount("w2_caution_drop"):
        return None
    maintenance = terms.maintenance(day)
    if maintenance is None or terms.is_terminal(previous, maintenance):
        return None
    for level, name in _drop_levels(situation, day):
        if _steep_enough(situation, name, drop=drop, previous=previous, maintenance=maintenance):
            cap, variant = _cap(situation, day, drop)
            names = (f"w2_{name}_drop", f"w2_{name}_share", "clears_share", "stays")
            return _firing(situation, day, "W2", level, cap, from_mcg=previous, variant=variant, thresholds=names)
    return None


def _drop_levels(situation: Situation, day: Day) -> tuple[tuple[Severity, str], ...]:
    below_critical = ((Severity.HIGH, "high"), (Severity.CAUTION, "caution"))
    return ((Severity.CRITICAL, "critical"), *below_critical) if situation.terms.is_long(day) else below_critical


def _steep_enough(situation: Situation, name: str, *, drop: int, previous: int, maintenance: Fraction) -> bool:
    """The critical share of the usual dose must be exceeded, the others reached: critical begins above a third."""
    amount = situation.guidance.amount
    share, least = drop / maintenance, amount(f"w2_{name}_share")
    return drop >= previous * amount(f"w2_{name}_drop") and (share > least if name == "critical" else share >= least)


def _cap(situation: Situation, day: Day, drop: int) -> tuple[Severity | None, str]:
    amount = situation.guidance.amount
    if drop <= amount("w2_info_step"):
        return Severity.INFO, "small_step"
    if _is_step_back(situation, day, drop):
        return Severity.CAUTION, "step_back"
    if drop <= amount("w2_caution_step"):
        return Severity.CAUTION, "drop"
    if any(report.on.toordinal() == day and report.missed for report in situation.case.missed):
        return Severity.CAUTION, "missed"
    return None, "drop"


def _is_step_back(situation: Situation, day: Day, drop: int) -> bool:
    """Whether the dose returns to the non-zero total that was held directly before the last increase."""
    dose = situation.terms.dose(day)
    increase = _last_increase_before(situation, day)
    if not dose or increase is None or drop > situation.guidance.amount("w2_step_back"):
        return False
    held = situation.case.taken.span(increase - situation.guidance.count("w2_step_back_held"), increase - 1)
    return all(mcg == dose for mcg in held)


def _last_increase_before(situation: Situation, day: Day) -> Day | None:
    taken = situation.case.taken
    changes = (change for change in reversed(taken.days) if change < day)
    return next((change for change in changes if taken.rises_on(change)), None)


def week_drop_on(situation: Situation, day: Day) -> Firing | None:
    """W3: the dose is far below the level of seven days ago."""
    terms, amount = situation.terms, situation.guidance.amount
    dose, before = terms.dose(day), terms.level(day - situation.guidance.count("w3_span"))
    if dose is None or before is None or before - dose <= amount("w3_tolerance"):
        return None
    beyond_tolerance = before - dose - amount("w3_tolerance")
    maintenance = terms.maintenance(day)
    if maintenance is None:
        return None
    if beyond_tolerance > maintenance * amount("w3_high_share"):
        level = Severity.HIGH if terms.is_long(day) else Severity.CAUTION
        return _week_drop(situation, day, level, before, "w3_high_share")
    if beyond_tolerance > maintenance * amount("w3_info_share"):
        return _week_drop(situation, day, Severity.INFO, before, "w3_info_share")
    return None


def _week_drop(situation: Situation, day: Day, level: Severity, before: int, share: str) -> Firing:
    names = (share, "w3_tolerance", "clears_share", "stays")
    return _firing(situation, day, "W3", level, None, from_mcg=before, variant="week", thresholds=names)


def _firing(
    situation: Situation,
    day: Day,
    code: str,
    rule_level: Severity,
    cap: Severity | None,
    *,
    from_mcg: int,
    variant: str,
    thresholds: tuple[str, ...],
) -> Firing:
    severity, notes = settle(rule_level, situation, day, cap)
    maintenance = situation.terms.maintenance(day)
    dose = situation.terms.dose(day)
    if maintenance is None or dose is None:
        raise ValueError("a withdrawal rule fires only where dose and maintenance are known")
    return Firing(
        code=code,
        day=day,
        severity=severity,
        variant=variant,
        maintenance=maintenance,
        values=_values(situation, day, from_mcg, dose, maintenance),
        trigger=(str(day), str(from_mcg), str(dose), str(maintenance)),
        fall_mcg=from_mcg - dose,
        evidence=_evidence(situation, day, from_mcg, dose, maintenance),
        thresholds=thresholds,
        notes=notes,
    )


def _values(situation: Situation, day: Day, from_mcg: int, dose: int, maintenance: Fraction) -> dict[str, object]:
    drop = from_mcg - dose
    return {
        "from_mcg": from_mcg,
        "to_mcg": dose,
        "drop_mcg": drop,
        "drop_percent": Fraction(drop * _PER_CENT, from_mcg),
        "share_percent": drop * _PER_CENT / maintenance,
        "maintenance_mcg": maintenance,
        "enough_mcg": maintenance * situation.guidance.amount("clears_share"),
        "exposure_days": situation.terms.exposure_days(day),
        "long": situation.terms.is_long(day),
        "day_on": as_date(day),
        "cause": _cause(situation, as_date(day)),
    }


def _cause(situation: Situation, on: date) -> str:
    """How it came to what was taken on a day, by the reports or by the prescription; empty where nobody said."""
    covering = [report.kind.value for report in situation.case.reports if report.covers(on)]
    if not covering and situation.case.prescribed and situation.case.prescribed.on(on.toordinal()) == 0:
        return "ordered"
    return covering[-1] if covering else ""


def _evidence(situation: Situation, day: Day, from_mcg: int, dose: int, maintenance: Fraction) -> tuple[Evidence, ...]:
    exposure = situation.terms.exposure_days(day)
    return (
        Evidence(
            label="Dose before", value=format_mg(from_mcg), unit="mg/day", on=_last_day_at(situation, day, from_mcg)
        ),
        Evidence(label="Dose taken", value=format_mg(dose), unit="mg/day", on=as_date(day)),
        Evidence(
            label="Usual dose in the 28 days before", value=format_mg(maintenance), unit="mg/day", on=as_date(day)
        ),
        Evidence(
            label="Exposure", value="unknown" if exposure is None else str(int(exposure)), unit="days", on=as_date(day)
        ),
    )


def _last_day_at(situation: Situation, day: Day, level_mcg: int) -> date:
    """The last day before `day` with this level; every rule here looks back a week at the most."""
    earlier = range(day - 1, day - situation.guidance.count("w3_span") - 1, -1)
    return as_date(next(before for before in earlier if situation.terms.level(before) == level_mcg))


def abrupt_stop(situation: Situation) -> Answer:
    """W1 as of the judged day."""
    return _answer("W1", stop_on, situation)


def one_day_drop(situation: Situation) -> Answer:
    """W2 as of the judged day; not listed while a W1 stands."""
    return _answer("W2", drop_on, situation)


def seven_day_drop(situation: Situation) -> Answer:
    """W3 as of the judged day; not listed while a W1 stands."""
    return _answer("W3", week_drop_on, situation)


FALLS: Mapping[str, Fire] = {"W1": stop_on, "W2": drop_on, "W3": week_drop_on}
"""The rules that judge any day by itself, by their codes."""


def hidden_on(situation: Situation, day: Day, *, behind: str) -> Iterator[Firing]:
    """What fires on a later day and is not listed while that rule's finding stands: its own, and behind a stop every
    fall that is none.
    """
    if (own := FALLS[behind](situation, day)) is not None:
        yield own
    elif behind == "W1":
        yield from (firing for fire in FALLS.values() if (firing := fire(situation, day)) is not None)


def _answer(code: str, fire: Fire, situation: Situation) -> Answer:
    missing = _missing(code, situation)
    undecided = [Undecided(code=code, missing=missing)] if missing else []
    listed = standing(fire, situation)
    if listed is None or (code != "W1" and standing(stop_on, situation)):
        return [], undecided
    return [finding_of(listed, situation)], undecided


def _missing(code: str, situation: Situation) -> str:
    """The code of what is not known and keeps the rule from judging this day; empty when it can judge."""
    terms, day = situation.terms, situation.day
    if terms.maintenance(day) is None:
        return "maintenance"
    if terms.dose(day) is None:
        return "taken_today"
    if code == "W3":
        return "taken_week_ago" if terms.level(day - situation.guidance.count("w3_span")) is None else ""
    return "taken_before" if terms.previous(day) is None else ""


def finding_of(listed: Standing, situation: Situation) -> Finding:
    """A standing firing as a finding."""
    firing = listed.firing
    enough_mcg = situation.guidance.amount("clears_share") * firing.maintenance
    way = way_out(situation, enough_mcg=enough_mcg, fired=firing.day, until=listed.until)
    return Finding(
        code=firing.code,
        severity=firing.severity,
        since=as_date(listed.since),
        episode=as_date(listed.episode),
        until=as_date(listed.until),
        variant=firing.variant,
        values={**firing.values, **way, "until_on": as_date(listed.until), "notes": firing.notes},
        trigger=firing.trigger,
        extent=firing.fall_mcg,
        evidence=firing.evidence,
        thresholds=situation.thresholds(*firing.thresholds),
        missing=("exposure",) if firing.values["exposure_days"] is None else (),
    )
