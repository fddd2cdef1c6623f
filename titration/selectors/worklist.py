"""Who needs attention today: open flags first, then reviews due, the steps of this week, tablets that run out.

Reads stored flags and stored days only. A patient stands once among the flags, by the most urgent one.

Eight queries whatever the clinic's size: two for the keys of all rows, and for the fifty rows shown their flags, their
duties, what is asked about a step with what was reported of it, and two for the sparkline. Reports of a step whose plan
has none this week are one more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from titration.domain.findings import Severity
from titration.models import Flag, Membership, TreatmentStatus
from titration.models.flags import WAITING
from titration.selectors.asked_steps import AskedStep
from titration.selectors.duties import Duty, read_duties
from titration.selectors.prepared import Prepared
from titration.selectors.sparklines import SPARK_DAYS, Sparkline, read_sparklines
from titration.selectors.waiting import Due, Flagged, read_waiting

PAGE_ROWS = 50


class WorklistFilter(StrEnum):
    ALL = "all"
    CRITICAL = "critical"
    HIGH = "high"
    CAUTION = "caution"
    INFO = "info"
    REVIEWS = "reviews"
    STEPS = "steps"
    TABLETS = "tablets"
    MINE = "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistRow:
    """One line, as plain values. kind is flag, review, step or tablet.

    flag: severity, title, reason, opened_at, is_past (past, unanswered), over (in words, where the treatment ended or
    moved), more (other flags waiting). review: due_on, title (its purpose), how. step: due_on, title is empty, number,
    from_mcg (prescribed before it, None: not known), to_mcg, more (later steps of this week), asked (the step before it
    that somebody should speak of), prescribed_mcg (today's) and the patient's highest waiting flag: flag_id, severity,
    reason (its title). tablet: due_on is the first day without. spark: taken mg totals of the last 56 days as mcg,
    oldest first, None where not known; taken_mcg: today's, before_mcg: yesterday's.
    is_unconfirmed: of today's only a plan says so.
    """

    kind: str
    patient_id: UUID
    name: str
    birth_date: date
    identifier: str
    title: str
    reason: str = ""
    severity: str = ""
    flag_id: UUID | None = None
    code: str = ""
    opened_at: datetime | None = None
    since: date | None = None
    is_past: bool = False
    over: str = ""
    more: int = 0
    due_on: date | None = None
    how: str = ""
    number: int = 0
    plan_id: UUID | None = None
    plan_kind: str = ""
    to_mcg: int | None = None
    from_mcg: int | None = None
    prescribed_mcg: int | None = None
    taken_mcg: int | None = None
    before_mcg: int | None = None
    spark: tuple[int | None, ...] = ()
    is_unconfirmed: bool = False
    asked: AskedStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistView:
    """rows of this page in their order, without one that went away since it was counted. counts: rows by filter, over
    all pages. patients: all under treatment.
    """

    filter: WorklistFilter
    rows: tuple[WorklistRow, ...]
    counts: dict[str, int]
    patients: int
    page: int
    pages: int
    today: date

    def of_kind(self, kind: str) -> tuple[WorklistRow, ...]:
        return tuple(row for row in self.rows if row.kind == kind)


def worklist(
    membership: Membership,
    now: datetime,
    filter: WorklistFilter = WorklistFilter.ALL,  # noqa: A002 - the name the page uses
    page: int = 1,
) -> WorklistView:
    today = now.astimezone(membership.clinic.zone).date()
    found = read_waiting(membership, today, mine=filter is WorklistFilter.MINE)
    wanted: list[Flagged | Due] = [*_wanted_flags(found.flagged, filter), *_wanted_duties(found.due, filter)]
    pages = max(1, -(-len(wanted) // PAGE_ROWS))
    page = min(max(page, 1), pages)
    return WorklistView(
        filter=filter,
        rows=tuple(_rows(membership, wanted[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], today)),
        counts=_counts(found.flagged, found.due),
        patients=found.patients,
        page=page,
        pages=pages,
        today=today,
    )


def _severity(urgency: int) -> Severity:
    return Severity(urgency // 10)


def _wanted_flags(flagged: list[Flagged], chosen: WorklistFilter) -> list[Flagged]:
    if chosen in (WorklistFilter.ALL, WorklistFilter.MINE):
        return flagged
    return [row for row in flagged if _severity(row.urgency).label == chosen]


def _wanted_duties(due: list[Due], chosen: WorklistFilter) -> list[Due]:
    if chosen in (WorklistFilter.ALL, WorklistFilter.MINE):
        return due
    return [each for each in due if f"{each.kind}s" == chosen]


def _counts(flagged: list[Flagged], due: list[Due]) -> dict[str, int]:
    counts = dict.fromkeys((name.value for name in WorklistFilter if name is not WorklistFilter.MINE), 0)
    for row in flagged:
        label = _severity(row.urgency).label
        counts[label] = counts.get(label, 0) + 1
    for each in due:
        counts[f"{each.kind}s"] += 1
    counts["all"] = len(flagged) + len(due)
    counts["flags"] = len(flagged)
    return counts


def _rows(membership: Membership, shown: list[Flagged | Due], today: date) -> Iterable[WorklistRow]:
    patients = {entry.patient_pk for entry in shown}
    sparks = read_sparklines(patients, today)
    flag_rows = _flag_rows({entry.patient_pk for entry in shown if isinstance(entry, Flagged) or entry.kind == "step"})
    duties = read_duties(membership, today, [entry for entry in shown if isinstance(entry, Due)])
    duty_rows = {due: _duty_row(duty) for due, duty in duties.items()}
    for entry in shown:
        row = flag_rows.get(entry.patient_pk) if isinstance(entry, Flagged) else duty_rows.get(entry)
        if row is not None:
            yield _with_weeks(_with_flag(row, flag_rows.get(entry.patient_pk)), sparks.get(entry.patient_pk))


def _with_flag(row: WorklistRow, flag: WorklistRow | None) -> WorklistRow:
    """Beside a step stands the flag that is highest, whatever the page is filtered by."""
    if row.kind != "step" or flag is None:
        return row
    return replace(row, flag_id=flag.flag_id, severity=flag.severity, reason=flag.title)


def _with_weeks(row: WorklistRow, weeks: Sparkline | None) -> WorklistRow:
    totals = weeks.taken if weeks else (None,) * SPARK_DAYS
    unconfirmed = weeks is not None and weeks.is_unconfirmed
    row = replace(row, spark=totals, taken_mcg=totals[-1], before_mcg=totals[-2], is_unconfirmed=unconfirmed)
    if weeks is None or row.kind != "step" or row.due_on is None:
        return row
    return replace(row, from_mcg=weeks.prescribed_before(row.due_on), prescribed_mcg=weeks.prescribed_today)


def _waiting_flags(*patients: int) -> QuerySet[Any, Any]:
    flags = Flag.objects.filter(patient__in=patients, state__in=WAITING)
    return flags.order_by("-urgency", "opened_at", "pk").values_list(
        "patient_id", "patient__public_id", "patient__family_name", "patient__given_name", "patient__birth_date",
        "patient__identifier", "public_id", "code", "severity", "state", "since", "opened_at", "shown",
        "patient__treatment_status",
    )  # fmt: skip


_WAITING_FLAGS = Prepared(_waiting_flags)


def _flag_rows(patients: Collection[int]) -> dict[int, WorklistRow]:
    """By patient, the most urgent flag with how many more wait."""
    waiting: dict[int, list[list[Any]]] = defaultdict(list)
    for patient, *columns in _WAITING_FLAGS.of(patients):
        waiting[patient].append(columns)
    return {patient: _flag_row(flags[0], more=len(flags) - 1) for patient, flags in waiting.items()}


def _flag_row(columns: Sequence[Any], *, more: int) -> WorklistRow:
    (
        patient_id,
        family,
        given,
        birth_date,
        identifier,
        flag_id,
        code,
        severity,
        state,
        since,
        opened_at,
        shown,
        status,
    ) = columns
    return WorklistRow(
        kind="flag",
        patient_id=patient_id,
        name=f"{family}, {given}",
        birth_date=birth_date,
        identifier=identifier,
        title=str(shown.get("title", "")),
        reason=str(shown.get("reason", "")),
        severity=severity,
        flag_id=flag_id,
        code=code,
        opened_at=opened_at,
        since=since,
        is_past=state == "past_unanswered",
        over="" if status == TreatmentStatus.UNDER_TREATMENT else TreatmentStatus(status).label.capitalize(),
        more=more,
    )


def _duty_row(duty: Duty) -> WorklistRow:
    return WorklistRow(
        kind=duty.kind,
        patient_id=duty.patient_id,
        name=duty.name,
        birth_date=duty.birth_date,
        identifier=duty.identifier,
        title=duty.title,
        due_on=duty.due_on,
        how=duty.how,
        number=duty.number,
        plan_id=duty.plan_id,
        plan_kind=duty.plan_kind,
        to_mcg=duty.to_mcg,
        more=duty.more,
        asked=duty.asked,
    )
