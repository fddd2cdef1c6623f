"""The entries that the rows of a history become, as domain values: for the preview's record and for the rows to store.

A report of the past is about its day: a side effect of a file begins and ends on it. Every entry says in its note that
it was imported, and from which row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from titration.domain.record import (
    IntakeEntry,
    IntakeKind,
    PatientRecord,
    RegimenEntry,
    ScoreEntry,
    SedationEntry,
    SymptomEntry,
)
from titration.imports.checks import Against, DosesAre, reported_at, taken_until
from titration.imports.rows import HistoryRow

REASON = "other"
SOURCE = "clinician"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would be on file, by kind."""

    regimens: tuple[RegimenEntry, ...] = ()
    intakes: tuple[IntakeEntry, ...] = ()
    sedations: tuple[SedationEntry, ...] = ()
    symptoms: tuple[SymptomEntry, ...] = ()
    scores: tuple[ScoreEntry, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """kind -> how many, without the kinds that have none."""
        kinds = ("regimens", "intakes", "sedations", "symptoms", "scores")
        return {kind: len(getattr(self, kind)) for kind in kinds if getattr(self, kind)}


def propose(rows: Sequence[HistoryRow], against: Against) -> Proposal:
    prescribed = against.doses_are is DosesAre.PRESCRIBED
    until = {} if prescribed else taken_until(rows, against)
    doses = [row for row in rows if row.has_dose]
    return Proposal(
        regimens=tuple(_regimen(row, against) for row in doses) if prescribed else (),
        intakes=() if prescribed else tuple(_intake(row, until, against) for row in doses),
        sedations=tuple(_sedation(row, against) for row in rows if row.sedation is not None),
        symptoms=tuple(symptom for row in rows for symptom in _symptoms(row, against)),
        scores=tuple(score for row in rows for score in _scores(row, against)),
    )


def with_proposal(record: PatientRecord, proposal: Proposal) -> PatientRecord:
    """The record as it would be; nothing is written."""
    return replace(
        record,
        regimens=tuple(sorted((*record.regimens, *proposal.regimens), key=lambda entry: entry.starts_on)),
        intakes=tuple(sorted((*record.intakes, *proposal.intakes), key=lambda entry: entry.starts_on)),
        sedations=tuple(sorted((*record.sedations, *proposal.sedations), key=lambda entry: entry.at)),
        symptoms=tuple(sorted((*record.symptoms, *proposal.symptoms), key=lambda entry: entry.onset_on)),
        scores=tuple(sorted((*record.scores, *proposal.scores), key=lambda entry: entry.at)),
    )


def _shared(row: HistoryRow, against: Against) -> dict[str, Any]:
    note = f"Imported, row {row.number}. {row.note}".strip()
    return {"id": f"row-{row.number}", "recorded_at": against.now, "recorded_by": "", "note": note}


def _regimen(row: HistoryRow, against: Against) -> RegimenEntry:
    assert row.regimen is not None  # noqa: S101 - the checks refuse a daily total as a prescription
    return RegimenEntry(**_shared(row, against), starts_on=row.on, regimen=row.regimen, reason=REASON)


def _intake(row: HistoryRow, until: dict[int, date], against: Against) -> IntakeEntry:
    return IntakeEntry(
        **_shared(row, against),
        kind=IntakeKind.BY_TIME if row.regimen else IntakeKind.DAILY_TOTAL,
        starts_on=row.on,
        ends_on=until[row.number],
        regimen=row.regimen,
        daily_mcg=row.daily_mcg,
    )


def _sedation(row: HistoryRow, against: Against) -> SedationEntry:
    at = reported_at(row, against.zone, against.now)
    return SedationEntry(**_shared(row, against), at=at, grade=row.sedation or 0, source=SOURCE)


def _symptoms(row: HistoryRow, against: Against) -> list[SymptomEntry]:
    return [
        SymptomEntry(
            **_shared(row, against),
            symptom_list=symptom.symptom_list,
            code=symptom.code,
            severity=symptom.severity,
            other_text=symptom.other_text,
            onset_on=row.on,
            ended_on=row.on,
        )
        for symptom in row.symptoms
    ]


def _scores(row: HistoryRow, against: Against) -> list[ScoreEntry]:
    at = reported_at(row, against.zone, against.now)
    return [ScoreEntry(**_shared(row, against), at=at, scale=scale, value=row.scores[scale]) for scale in row.scores]
