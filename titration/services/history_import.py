"""A history out of a file: uploaded, judged, imported as a whole, taken back as a whole.

An upload is a draft of text cells; nothing of it is on file before the import, which judges every row again and writes
all of them or none. The import adds to the past and overwrites nothing; taking it back marks its entries as entered in
error together. Reports need the right to record, prescribed doses the right to prescribe.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import models

from titration.domain.case import case_at
from titration.domain.dose_change import taken_as_ordered
from titration.domain.errors import DomainError
from titration.domain.findings import Finding
from titration.domain.guidance import load_guidance
from titration.domain.record import EntryStatus, PatientRecord
from titration.domain.wording import say
from titration.domain.worsening import compare, joined, to_answer
from titration.imports.checks import Against, DosesAre, checked
from titration.imports.columns import DOSES, check_columns
from titration.imports.proposal import Proposal, propose, with_proposal
from titration.imports.rows import DateOrder, RowVerdict, read_rows
from titration.imports.sheets import NO_TABLE, NotATable, Sheet, read_sheet
from titration.models import (
    HistoryImport,
    ImportState,
    IntakeReport,
    Membership,
    Patient,
    RegimenChange,
    ResponseScore,
    SedationReport,
    SymptomReport,
    TreatmentStatus,
)
from titration.models.bounds import CEILING_MCG
from titration.permissions import Action, can, check_can_log, check_can_prescribe
from titration.selectors import patient_record
from titration.services.audit import record_event
from titration.services.drafts import Key
from titration.services.flags import refresh_flags
from titration.services.inserting import Inserts, insert, written_down
from titration.services.plans.following import hold_for_correction
from titration.services.prescribed import doses
from titration.services.under_treatment import check_under_treatment
from titration.services.writing import journey, locked, moved, store

LATE = "Imported from a file"
_BATCH = 500
_MODELS: dict[str, type[models.Model]] = {
    "regimens": RegimenChange,
    "intakes": IntakeReport,
    "sedations": SedationReport,
    "symptoms": SymptomReport,
    "scores": ResponseScore,
}
_COLUMNS = {
    "regimens": ("starts_on", "reason", "note"),
    "intakes": ("kind", "starts_on", "ends_on", "daily_mcg", "note"),
    "sedations": ("at", "grade", "source", "note"),
    "symptoms": ("symptom_list", "code", "severity", "other_text", "onset_on", "ended_on", "note"),
    "scores": ("at", "scale", "value", "note"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How a file is to be read: what each column holds, the order of its dates, what its doses mean."""

    columns: tuple[str, ...]
    order: DateOrder
    doses_are: DosesAre

    @property
    def prescribes(self) -> bool:
        return self.doses_are is DosesAre.PRESCRIBED and any(code in DOSES for code in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Every row with its verdict; raised: what would stand now and does not yet, once all rows are good."""

    verdicts: tuple[RowVerdict, ...]
    proposal: Proposal
    raised: tuple[Finding, ...]
    refusal: str = ""

    @property
    def refused_rows(self) -> int:
        return sum(1 for verdict in self.verdicts if verdict.problems)


def sheet_of(draft: HistoryImport) -> Sheet:
    rows = tuple((int(number), tuple(cells)) for number, cells in draft.cells)
    return Sheet(header=tuple(draft.header), rows=rows)


def judge_history(record: PatientRecord, sheet: Sheet, choices: Choices, *, now: datetime) -> Judged:
    """What importing would do, as of now in the clinic's zone. Nothing is written."""
    check_columns(choices.columns, sheet.header)
    against = Against(record=record, now=now, ceiling_mcg=CEILING_MCG, doses_are=choices.doses_are)
    verdicts = checked(read_rows(sheet, choices.columns, choices.order), against)
    rows = [verdict.row for verdict in verdicts if verdict.row is not None and not verdict.problems]
    if len(rows) < len(verdicts):
        return Judged(verdicts=verdicts, proposal=Proposal(), raised=())
    proposal = propose(rows, against)
    refusal = _refusal(record, proposal, now) if choices.prescribes else ""
    return Judged(verdicts=verdicts, proposal=proposal, raised=_raised(record, proposal, now), refusal=refusal)


def _raised(record: PatientRecord, proposal: Proposal, now: datetime) -> tuple[Finding, ...]:
    """What stands now only with the history, or is worse with it: what it says of the past are marks on the chart."""
    with_history = with_proposal(record, proposal)
    before, after = (case_at(each, now.date(), now=now) for each in (record, with_history))
    return compare(before, after, load_guidance()).worse


def _refusal(record: PatientRecord, proposal: Proposal, now: datetime) -> str:
    """An import cannot be answered: it is refused what a dose change would ask, with standing reports and without."""
    with_reports = with_proposal(record, replace(proposal, regimens=()))
    followed = taken_as_ordered(with_reports, now.date(), at=now)
    courses = (_raised(each, Proposal(regimens=proposal.regimens), now) for each in (with_reports, followed))
    asked = to_answer(joined(*courses))
    if not asked:
        return ""
    title, severity = say(asked[0], load_guidance()).title, asked[0].severity.label
    return (
        f"As prescribed, this history would raise a {severity} finding today: {title}. "
        "Leave out the last change and record it by hand, where it is answered."
    )


def upload_history(*, actor: Membership, patient: Patient, content: bytes, now: datetime) -> HistoryImport:
    """The table as a draft, in place of the actor's earlier drafts for this patient. It is read before the transaction,
    which would hold up everybody's saves.
    """
    sheet = _read(content) if can(actor, Action.LOG) else None
    return _keep_draft(actor=actor, patient=patient, sheet=sheet, now=now)


def _read(content: bytes) -> Sheet | NotATable:
    try:
        return read_sheet(content)
    except NotATable as refusal:
        return refusal


@journey("import.uploaded")
def _keep_draft(
    *, actor: Membership, patient: Patient, sheet: Sheet | NotATable | None, now: datetime
) -> HistoryImport:
    check_can_log(actor)
    patient = locked(patient, actor)
    if not isinstance(sheet, Sheet):
        raise sheet or NotATable(NO_TABLE)
    mine = HistoryImport.objects.filter(patient=patient, state=ImportState.DRAFT, uploaded_by=actor.user)
    mine.delete()
    draft = store(
        HistoryImport(
            patient=patient,
            header=list(sheet.header),
            cells=[[number, list(cells)] for number, cells in sheet.rows],
            row_count=len(sheet.rows),
            uploaded_by=actor.user,
            uploaded_at=now,
        )
    )
    _audit(draft, "import.uploaded", {"rows": draft.row_count}, actor, now)
    return draft


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ahead:
    """What importing into this record would write; worth nothing once the record is another."""

    record: PatientRecord
    judged: Judged
    inserts: dict[str, Inserts]


def import_history(
    *, actor: Membership, draft: HistoryImport, choices: Choices, now: datetime, key: Key | None = None
) -> HistoryImport:
    """All rows or none. What takes long is worked out before the transaction, which would hold up everybody's saves."""
    ahead = None
    if can(actor, Action.LOG) and draft.patient.clinic_id == actor.clinic_id:
        with suppress(DomainError):  # told by the transaction, which records the refusal
            ahead = _worked_out(patient_record(draft.patient, now), draft, choices, actor, now)
    return _import(actor=actor, draft=draft, choices=choices, now=now, key=key, ahead=ahead)


def _worked_out(
    record: PatientRecord, draft: HistoryImport, choices: Choices, actor: Membership, now: datetime
) -> _Ahead:
    local_now = now.astimezone(draft.patient.clinic.zone)
    judged = judge_history(record, sheet_of(draft), choices, now=local_now)
    _check_all_good(judged)
    inserts = {kind: _inserts(kind, judged.proposal, draft.patient, actor, now) for kind in judged.proposal.counts}
    return _Ahead(record=record, judged=judged, inserts=inserts)


@journey("history.imported")
def _import(
    *,
    actor: Membership,
    draft: HistoryImport,
    choices: Choices,
    now: datetime,
    key: Key | None,
    ahead: _Ahead | None,
) -> HistoryImport:
    check_can_log(actor)
    if choices.prescribes:
        check_can_prescribe(actor)
    patient = locked(draft.patient, actor)
    if choices.prescribes or patient.treatment_status == TreatmentStatus.DIED:
        check_under_treatment(patient)
    record = patient_record(patient, now)
    if ahead is None or ahead.record != record:
        ahead = _worked_out(record, draft, choices, actor, now)
    moved(
        HistoryImport.objects.filter(pk=draft.pk, state=ImportState.DRAFT),
        state=ImportState.IMPORTED,
        imported_by=actor.user,
        imported_at=now,
        entry_ids={kind: insert(inserts) for kind, inserts in ahead.inserts.items()},
        cells=[],
    )
    detail = {"rows": draft.row_count, "doses_are": choices.doses_are, **ahead.judged.proposal.counts}
    _audit(draft, "history.imported", detail, actor, now)
    hold_for_correction(before=record, patient=patient, actor=actor, now=now)
    refresh_flags(patient=patient, now=now, actor=actor)
    return HistoryImport.objects.select_related("patient").get(pk=draft.pk)


def _check_all_good(judged: Judged) -> None:
    if judged.refusal:
        raise DomainError(judged.refusal)
    first = next((problem for verdict in judged.verdicts for problem in verdict.problems), None)
    if first is not None:
        more = judged.refused_rows - 1
        also = f" {more} more rows cannot be imported either." if more else ""
        raise DomainError(f"Nothing was imported. {first.words}{also}")


def _inserts(kind: str, proposal: Proposal, patient: Patient, actor: Membership, now: datetime) -> Inserts:
    model = _MODELS[kind]
    shared = {"patient": patient, "recorded_by": actor.user, "recorded_at": now}
    return written_down(model, [model(**shared, **_columns_of(kind, entry)) for entry in getattr(proposal, kind)])


def _columns_of(kind: str, entry: Any) -> dict[str, Any]:
    columns = {name: getattr(entry, name) for name in _COLUMNS[kind]}
    if kind in ("regimens", "intakes") and entry.regimen is not None:
        columns |= doses(entry.regimen)
    return columns | ({"backdate_reason": LATE} if kind == "regimens" else {})


@journey("history.import_undone")
def undo_import(
    *, actor: Membership, made: HistoryImport, reason: str, now: datetime, key: Key | None = None
) -> HistoryImport:
    """Every entry of the import that still counts is marked as entered in error, with one reason."""
    check_can_log(actor)
    if made.entry_ids.get("regimens"):
        check_can_prescribe(actor)
    patient = locked(made.patient, actor)
    if not reason.strip():
        raise DomainError("Say what is wrong with this import.")
    moved(
        HistoryImport.objects.filter(pk=made.pk, state=ImportState.IMPORTED),
        state=ImportState.UNDONE,
        undone_by=actor.user,
        undone_at=now,
        undo_reason=reason,
    )
    before = patient_record(patient, now)
    marked = {kind: _marked(kind, ids, actor, reason, now) for kind, ids in made.entry_ids.items()}
    _audit(made, "history.import_undone", marked, actor, now)
    hold_for_correction(before=before, patient=patient, actor=actor, now=now)
    refresh_flags(patient=patient, now=now, actor=actor, corrected=True)
    return HistoryImport.objects.select_related("patient").get(pk=made.pk)


def _marked(kind: str, ids: list[str], actor: Membership, reason: str, now: datetime) -> int:
    current = _MODELS[kind]._default_manager.filter(status=EntryStatus.CURRENT)
    error = {"status": EntryStatus.ENTERED_IN_ERROR, "status_reason": reason, "status_by": actor.user, "status_at": now}
    return sum(current.filter(public_id__in=some).update(**error) for some in batched(ids, _BATCH))


def _audit(row: HistoryImport, action: str, detail: dict[str, Any], actor: Membership, now: datetime) -> None:
    record_event(
        clinic=actor.clinic, actor=actor, action=action, subject=row, patient=row.patient, detail=detail, now=now
    )
