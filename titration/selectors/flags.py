"""What happened to one flag, in order, with who did it and what was shown at each moment: one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from titration.models import Flag, FlagEvent, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One event. shown: what the flag showed then, None where that was not kept yet. number: its place, from 1."""

    number: int
    event: FlagEvent
    shown: dict[str, Any] | None


def flag_events(flag: Flag) -> list[FlagEvent]:
    return list(FlagEvent.objects.filter(flag=flag).select_related("by").order_by("pk"))


def event_of(flag: Flag, by: User, at: datetime) -> FlagEvent | None:
    """What a person did to a flag at one moment."""
    return FlagEvent.objects.filter(flag=flag, by=by, at=at).order_by("pk").last()


def moments(flag: Flag, events: Iterable[FlagEvent]) -> list[Moment]:
    """Every event with what was shown: its own, else that of the event before it.

    Before anything was kept it is what the flag holds, unless that was replaced by a later event.
    """
    listed = list(events)
    was_replaced = any(event.shown for event in listed)
    shown = None if was_replaced else {**flag.shown, "guidance_version": flag.guidance_version}
    found: list[Moment] = []
    for number, event in enumerate(listed, start=1):
        shown = event.shown or shown
        found.append(Moment(number=number, event=event, shown=shown))
    return found
