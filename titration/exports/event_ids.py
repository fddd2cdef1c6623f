"""Which event of a phone's calendar each step of a re-dated plan is, so that the phone moves events and doubles none.

A version's steps take over, in their order, the events of the earlier steps that no longer stand; what is left over is
called off, and what is new gets an id of its own. The step that had begun goes on until the new version begins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from titration.domain.history import step_counts
from titration.domain.record import PlanEntry
from titration.exports.document import CancelledStep

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventIds:
    """of_step: the event's id by the step's. called_off: events to call off. begun: the earlier version's last step
    that had begun, until the day before the new version.
    """

    of_step: dict[str, str] = field(default_factory=dict)
    called_off: tuple[CancelledStep, ...] = ()
    begun: CancelledStep | None = None


def event_ids(versions: Sequence[PlanEntry]) -> EventIds:
    """versions: of one plan, signed, in their order; the last is the one on paper."""
    ids: dict[str, str] = {}
    free: list[CancelledStep] = []
    begun: CancelledStep | None = None
    for version in versions:
        for step in version.steps:
            ids[step.id] = free.pop(0).id if free else step.id
        if version is not versions[-1]:
            events = list(_events(version, ids))
            free += [event for event in events if not _stands(version, event)]
            begun = next((event for event in reversed(events) if _stands(version, event)), begun)
    return EventIds(of_step=ids, called_off=tuple(free), begun=_until(begun, versions[-1].steps[0].starts_on))


def left_by_others(plans: Sequence[PlanEntry], number: int, from_on: date) -> Iterator[CancelledStep]:
    """The events from a day on of earlier plans that were stopped or that another took the place of, and that no
    longer stand: a phone may still hold them. plans: of one patient, by number and version.
    """
    signed = [plan for plan in plans if plan.number < number and plan.signed_at]
    for earlier in dict.fromkeys(plan.number for plan in signed):
        versions = [plan for plan in signed if plan.number == earlier]
        last = versions[-1]
        for event in _events(last, event_ids(versions).of_step):
            if last.ended_on is not None and event.starts_on >= from_on and not _stands(last, event):
                yield replace(event, version=last.version)


def _stands(version: PlanEntry, event: CancelledStep) -> bool:
    """Begun before the version was replaced, and not kept back by a hold before that."""
    return version.ended_on is not None and step_counts(version, event.starts_on)


def _events(version: PlanEntry, ids: dict[str, str]) -> Iterator[CancelledStep]:
    ends = [*[step.starts_on - _ONE_DAY for step in version.steps[1:]], version.steps[-1].starts_on]
    for step, ends_on in zip(version.steps, ends, strict=True):
        yield CancelledStep(
            id=ids[step.id], starts_on=step.starts_on, ends_on=ends_on, daily_mcg=step.regimen.daily_mcg
        )


def _until(begun: CancelledStep | None, first_on: date) -> CancelledStep | None:
    if begun is None or begun.starts_on >= first_on:
        return None
    return CancelledStep(id=begun.id, starts_on=begun.starts_on, ends_on=first_on - _ONE_DAY, daily_mcg=begun.daily_mcg)
