"""A story as the case file (`titration.case/1`) that `manage.py assess` reads: every known day's total, spelt out."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from titration.demo.acts import Story
from titration.demo.record import drafted_steps, record_of
from titration.domain.case import case_from
from titration.domain.case_file import SCHEMA
from titration.domain.history import DoseHistory, prescribed_history, taken_history
from titration.domain.record import PatientRecord, SymptomList
from titration.domain.units import format_mg


def case_file(story: Story, today: date) -> dict[str, Any]:
    """JSON-ready. A drafted plan is put to the rules; a signed one counts as prescribed and is in the totals."""
    record = record_of(story, today)
    case = case_from(record, today)
    first = min(entry.starts_on for entry in record.regimens)
    return {
        "schema": SCHEMA,
        "as_of": today.isoformat(),
        "birth_date": record.birth_date.isoformat(),
        "exposure_months": None if record.exposure_months is None else int(record.exposure_months),
        "taken": _daily(taken_history(record), first, today),
        "prescribed": _daily(prescribed_history(record), first, today),
        **_drafted(record),
        "missed": [[missed.on.isoformat(), missed.missed, missed.due] for missed in case.missed],
        "sedation": [[_minute(report.at), report.grade] for report in case.sedation],
        "signs": list(_signs(record)),
        "conditions": sorted(case.conditions),
        "comedications": sorted(case.comedications),
        "egfr": [[reading.on.isoformat(), float(reading.egfr)] for reading in case.egfr],
        "interruptions": [[each.on.isoformat(), each.kind, each.has_continuity] for each in case.interruptions],
        "runs_out_on": case.runs_out_on.isoformat() if case.runs_out_on else None,
        "last_dose_at": _last_dose(record),
    }


def _daily(history: DoseHistory, first: date, last: date) -> list[list[str]]:
    days = range(first.toordinal(), last.toordinal() + 1)
    totals = zip(days, history.span(days[0], days[-1]), strict=True)
    return [[date.fromordinal(day).isoformat(), format_mg(mcg)] for day, mcg in totals if mcg is not None]


def _drafted(record: PatientRecord) -> dict[str, list[list[str]]]:
    steps = drafted_steps(record)
    if not steps:
        return {}
    plan = DoseHistory.of((starts_on.toordinal(), regimen.daily_mcg) for starts_on, regimen in steps)
    return {"plan": _daily(plan, steps[0][0], steps[-1][0])}


def _signs(record: PatientRecord) -> Iterable[list[str]]:
    for entry in record.symptoms:
        if entry.counts and entry.symptom_list is SymptomList.WITHDRAWAL_SIGN:
            yield [entry.onset_on.isoformat(), entry.code]


def _last_dose(record: PatientRecord) -> str | None:
    reported = [entry.last_dose_at for entry in record.intakes if entry.counts and entry.last_dose_at]
    return _minute(reported[-1]) if reported else None


def _minute(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="minutes")
