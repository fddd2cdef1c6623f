"""R1 and R2: kidney function, and its change. Vlavonou 2014, AJKD 2017, Muanda 2019; monograph, Tests
(none required).

The monograph asks for no test and the literature does; both are shown, and a reading is never demanded: without one
the rules stay silent.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import takewhile

from titration.domain.case import KidneyReading
from titration.domain.dose_bands import dose_band_mcg, higher_bands_mcg
from titration.domain.findings import Evidence, Finding, Severity, fingerprint_of
from titration.domain.rules.titration import age_on, lowest_before, was_held_before
from titration.domain.situation import Answer, Situation
from titration.domain.units import format_mg

_PER_CENT = 100
_DIALYSIS, _ACUTE_INJURY = "dialysis", "acute_kidney_injury"


def kidney_function(situation: Situation) -> Answer:
    """R1 as of the judged day: the latest reading against the dose; silent at 0 mg and without a reading."""
    dose = situation.prescribed_or_taken(situation.day)
    latest = _latest(situation)
    on_dialysis = _DIALYSIS in situation.case.conditions
    if not dose or (latest is None and not on_dialysis):
        return [], []
    band = "r1_severe" if on_dialysis else _band(situation, latest)
    if band is None:
        return [], []
    severity, variant = _r1_level(situation, band, dose)
    return [_r1_finding(situation, latest, dose, band=band, severity=severity, variant=variant)], []


def _latest(situation: Situation) -> KidneyReading | None:
    known = _known(situation)
    return known[-1] if known else None


def _known(situation: Situation) -> list[KidneyReading]:
    """By date; of two on one day the later one in the case counts as later."""
    known = (reading for reading in situation.case.egfr if reading.on <= situation.case.as_of)
    return sorted(known, key=lambda reading: reading.on)


def _band(situation: Situation, reading: KidneyReading | None) -> str | None:
    bands = ("r1_severe", "r1_moderate", "r1_mild")
    return next((band for band in bands if reading and reading.egfr < situation.guidance.amount(band)), None)


def _r1_level(situation: Situation, band: str, dose: int) -> tuple[Severity, str]:
    if band == "r1_mild":
        return Severity.INFO, "mild"
    if band == "r1_severe":
        return (Severity.CRITICAL, "severe_raised") if _is_raised(situation, dose) else (Severity.HIGH, "severe")
    amount = situation.guidance.amount
    old = situation.case.birth_date is not None and (
        age_on(situation.case.birth_date, situation.case.as_of) >= amount("r1_old_age")
    )
    return (Severity.HIGH, "moderate_old") if old and dose >= amount("r1_old_dose") else (Severity.CAUTION, "moderate")


def _is_raised(situation: Situation, dose: int) -> bool:
    """Whether baclofen is being started or raised: the increase is as new as T1 would see it."""
    lowest = lowest_before(situation, situation.day, "t1_span")
    return lowest is not None and dose > lowest and not was_held_before(situation, situation.day, dose)


def _r1_finding(
    situation: Situation, latest: KidneyReading | None, dose: int, *, band: str, severity: Severity, variant: str
) -> Finding:
    on_dialysis = _DIALYSIS in situation.case.conditions
    since = situation.known_from(_DIALYSIS) if latest is None or on_dialysis else latest.on
    kidney = "dialysis" if latest is None or on_dialysis else f"eGFR {_show(latest)}"
    stale = latest is not None and situation.case.as_of - latest.on > timedelta(
        situation.guidance.count("r1_reading_age")
    )
    begun_on = since if latest is None or on_dialysis else _band_since(situation, band)
    raised = variant.endswith("raised")
    return Finding(
        code="R1",
        severity=severity,
        since=since,
        episode=begun_on,
        variant=variant,
        values={"kidney": kidney, "reading_on": since, "dose_mcg": dose, "notes": ("old_reading",) if stale else ()},
        trigger=(band, variant, str(dose if raised else dose_band_mcg(dose))),
        extent=dose if raised else dose_band_mcg(dose),
        beyond=frozenset() if raised else frozenset(_beyond(band, severity, variant, dose)),
        evidence=(
            Evidence(label="Kidney function", value=kidney, on=latest.on if latest else None),
            Evidence(label="Dose", value=format_mg(dose), unit="mg/day", on=situation.case.as_of),
        ),
        thresholds=situation.thresholds(band, *(("r1_old_age", "r1_old_dose") if variant == "moderate_old" else ())),
        standing=begun_on <= situation.first_on and not raised,
    )


def _beyond(band: str, severity: Severity, variant: str, dose: int) -> Iterator[str]:
    """The same at a dose of a higher band, and of older people at a lower dose what was said of the higher one."""
    for higher in higher_bands_mcg(dose):
        yield fingerprint_of(severity, variant, (band, variant, str(higher)))
    if variant == "moderate":
        for each in (dose_band_mcg(dose), *higher_bands_mcg(dose)):
            yield fingerprint_of(Severity.HIGH, "moderate_old", (band, "moderate_old", str(each)))


def _band_since(situation: Situation, band: str) -> date:
    """The first of the latest readings in a row that are all in this band: a like reading is the same episode."""
    same = [*takewhile(lambda reading: _band(situation, reading) == band, reversed(_known(situation)))]
    return same[-1].on


def kidney_change(situation: Situation) -> Answer:
    """R2 as of the judged day: a fall of kidney function, or acute injury on file."""
    if _ACUTE_INJURY in situation.case.conditions:
        return [_r2_finding(situation, situation.known_from(_ACUTE_INJURY), (), "acute_injury", Fraction(0))], []
    latest = _latest(situation)
    if latest is None:
        return [], []
    span = timedelta(situation.guidance.count("r2_span"))
    if situation.case.as_of - latest.on > span:
        return [], []
    earlier = [r for r in situation.case.egfr if timedelta(0) < latest.on - r.on <= span]
    highest = max(earlier, key=lambda reading: reading.egfr, default=None)
    if highest is None or not highest.egfr:
        return [], []
    fall = (highest.egfr - latest.egfr) / highest.egfr
    if fall < situation.guidance.amount("r2_fall"):
        return [], []
    return [_r2_finding(situation, latest.on, (highest, latest), "fall", fall)], []


def _r2_finding(
    situation: Situation, on: date, readings: tuple[KidneyReading, ...], variant: str, fall: Fraction
) -> Finding:
    return Finding(
        code="R2",
        severity=Severity.HIGH,
        since=on,
        episode=on,
        variant=variant,
        values={
            "from_egfr": _show(readings[0]) if readings else "",
            "to_egfr": _show(readings[-1]) if readings else "",
            "fall_percent": fall * _PER_CENT,
            "day_on": on,
        },
        trigger=tuple(f"{reading.on}:{_show(reading)}" for reading in readings) or (variant,),
        evidence=tuple(Evidence(label="eGFR", value=_show(reading), on=reading.on) for reading in readings),
        thresholds=situation.thresholds("r2_fall", "r2_span"),
    )


def _show(reading: KidneyReading) -> str:
    return f"{float(reading.egfr):g}"
