"""The steps of a week for the whole clinic, gathered a few patients a request, then handed out once.

A batch reads its patients one by one, each in the transaction of an export with its audit row, and stops when its time
is up; what is still to be read stands in the row, so a restart loses nothing. Handing out erases what was read.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404

from titration.domain.errors import DomainError
from titration.models import Membership, WeekPaper
from titration.permissions import check_can_export_plan
from titration.selectors.week_papers import steps_of_week, was_a_plan_changed, week_paper
from titration.services.audit import audited, record_event
from titration.services.errors import Conflict
from titration.services.writing import journey, store

KEPT_HOURS = 24

type Row = dict[str, object]
type Read = Callable[[UUID, UUID], list[Row]]


@journey("week.asked")
def ask_for_week(*, actor: Membership, today: date, mine: bool = False, now: datetime) -> WeekPaper:
    """In place of what the same person asked for before, and of what nobody fetched within a day."""
    check_can_export_plan(actor)
    here = WeekPaper.objects.filter(clinic=actor.clinic)
    here.filter(asked_by=actor.user).delete()
    here.filter(asked_at__lt=now - timedelta(hours=KEPT_HOURS)).delete()
    week = steps_of_week(actor, today, mine=mine)
    made = store(
        WeekPaper(
            clinic=actor.clinic,
            asked_by=actor.user,
            asked_at=now,
            first_on=week.first_on,
            last_on=week.last_on,
            total=len(week.plans),
            pending=[[str(patient), str(plan)] for patient, plan in week.plans],
        )
    )
    _tell(made, "week.asked", actor, now, patients=made.total)
    return made


def gather(*, actor: Membership, paper_id: UUID, read: Read, is_time_up: Callable[[], bool]) -> WeekPaper:
    """Read at least one patient more, and go on until the time is up; one transaction a patient."""
    check_can_export_plan(actor)
    while True:
        paper = _gather_one(actor=actor, paper_id=paper_id, read=read)
        if not paper.pending or is_time_up():
            return paper


@audited()
def _gather_one(*, actor: Membership, paper_id: UUID, read: Read) -> WeekPaper:
    """A patient who is no longer this clinic's leaves no row."""
    paper = week_paper(actor, paper_id, lock=True)
    if paper.pending:
        patient, plan = paper.pending.pop(0)
        paper.rows += _rows(read, UUID(patient), UUID(plan))
        paper.save(update_fields=["pending", "rows"])
    return paper


def _rows(read: Read, patient: UUID, plan: UUID) -> list[Row]:
    try:
        return read(patient, plan)
    except Http404:
        return []


@journey("week.exported")
def hand_out(*, actor: Membership, paper_id: UUID, now: datetime) -> tuple[WeekPaper, list[Row]]:
    """What was read, once; afterwards it is nowhere."""
    paper = week_paper(actor, paper_id, lock=True)
    check_can_export_plan(actor)
    if paper.fetched_at is not None:
        raise Conflict("This paper was fetched already and is not kept. Ask for a new one.")
    _check_still_true(paper, actor, now)
    if paper.pending:
        raise DomainError("Not every patient is read yet. Go on until the bar is full.")
    rows, paper.rows, paper.fetched_at = paper.rows, [], now
    paper.save(update_fields=["rows", "fetched_at"])
    _tell(paper, "week.exported", actor, now, patients=paper.total, steps=len(rows))
    return paper, rows


def _check_still_true(paper: WeekPaper, actor: Membership, now: datetime) -> None:
    """No paper with steps that were changed since it was asked for."""
    if now - paper.asked_at > timedelta(hours=KEPT_HOURS):
        raise Conflict("This paper was asked for more than a day ago. Ask for a new one.")
    if was_a_plan_changed(actor, paper.asked_at):
        raise Conflict("A plan was changed since this paper was asked for. Ask for a new one.")


def _tell(paper: WeekPaper, action: str, actor: Membership, now: datetime, **counts: int) -> None:
    detail = {"first_on": paper.first_on, "last_on": paper.last_on, **counts}
    record_event(clinic=paper.clinic, actor=actor, action=action, subject=paper, detail=detail, now=now)
