"""How a clinic's rules fared: how often each fired, how it was answered, and what followed within two weeks.

Counted by the database in a fixed number of queries, whatever the length of the record. A flag that is raised again
counts again. What followed came after, which does not mean that it came of it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Case, When, Window
from django.db.models.functions import RowNumber, StrIndex, Substr

from titration.domain.limits import FOLLOWED_WITHIN, span
from titration.domain.record import EntryStatus, SymptomList
from titration.models import Entry, FlagEvent, Membership, RegimenChange, SymptomReport

_RAISED = ("raised", "raised_again")
_ENDS = {
    "by_facts": ("resolved", "corrected", "died"),
    "by_time": ("lapsed",),
    "unanswered": ("past_unanswered",),
    "raised_again": ("raised_again",),
}


@dataclass(slots=True, kw_only=True)
class RuleFigures:
    """One rule. fired, accepted: how often; half_answered_in: the median time from a flag to its answer, None without.

    reasons: code -> how often. The others: how many of the fired were followed by it within 14 days.
    """

    code: str
    fired: int = 0
    accepted: int = 0
    half_answered_in: timedelta | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    by_facts: int = 0
    by_time: int = 0
    unanswered: int = 0
    raised_again: int = 0
    dose_changed: int = 0
    signs_reported: int = 0


def rule_figures(membership: Membership, since: datetime | None) -> list[RuleFigures]:
    """The rules that fired or were answered in this clinic since then (None: ever), those that fired most first."""
    events = FlagEvent.objects.filter(flag__patient__clinic_id=membership.clinic_id).order_by()
    if since is not None:
        events = events.filter(at__gte=since)
    found: dict[str, RuleFigures] = {}
    for row in _fired(events):
        code = row.pop("flag__code")
        found[code] = RuleFigures(code=code, **row)
    for code, reason, count in _reasons(events):
        figures = found.setdefault(code, RuleFigures(code=code))
        figures.reasons[reason] = count
        figures.accepted += count
    for code, waited in _median_waits(events).items():
        found[code].half_answered_in = waited
    return sorted(found.values(), key=lambda figures: (-figures.fired, figures.code))


def _fired(events: QuerySet[FlagEvent]) -> QuerySet[FlagEvent, Any]:
    """code, how often it fired, and how many of these were followed by what."""
    raised = events.filter(kind__in=_RAISED).annotate(
        until=ExpressionWrapper(F("at") + span(FOLLOWED_WITHIN), _moment())
    )
    seen = {name: Exists(_later(kinds)) for name, kinds in _ENDS.items()}
    signs = SymptomReport.objects.filter(symptom_list=SymptomList.WITHDRAWAL_SIGN)
    seen |= {
        "dose_changed": Exists(_recorded(RegimenChange.objects.all())),
        "signs_reported": Exists(_recorded(signs)),
    }
    marked = raised.annotate(**{f"saw_{name}": what for name, what in seen.items()})
    counts = {name: Count("pk", filter=Q(**{f"saw_{name}": True})) for name in seen}
    return marked.values("flag__code").annotate(fired=Count("pk"), **counts)


def _moment() -> Any:
    return FlagEvent._meta.get_field("at")


def _later(kinds: tuple[str, ...]) -> QuerySet[FlagEvent]:
    same = FlagEvent.objects.filter(flag=OuterRef("flag"), pk__gt=OuterRef("pk"), kind__in=kinds)
    return same.filter(at__lte=OuterRef("until")).order_by()


def _recorded[Row: Entry](entries: QuerySet[Row]) -> QuerySet[Row]:
    """Entries of the same patient that were recorded after the flag and were not entered in error."""
    rows = entries.filter(patient=OuterRef("flag__patient"), recorded_at__gt=OuterRef("at"))
    return rows.filter(recorded_at__lte=OuterRef("until")).exclude(status=EntryStatus.ENTERED_IN_ERROR).order_by()


def _reasons(events: QuerySet[FlagEvent]) -> QuerySet[FlagEvent, tuple[str, str, int]]:
    """code, reason, how often. An answer is kept as its reason's code, with a comment after ": "."""
    colon = StrIndex("text", Value(": "))
    reason = Case(When(colon=0, then=F("text")), default=Substr("text", 1, F("colon") - 1), output_field=CharField())
    accepted = events.filter(kind="accepted").annotate(colon=colon).annotate(reason=reason)
    counted = accepted.values("flag__code", "reason").annotate(count=Count("pk")).order_by("flag__code", "-count")
    return counted.values_list("flag__code", "reason", "count")


def _median_waits(events: QuerySet[FlagEvent]) -> dict[str, timedelta]:
    """code -> the time within which half of the flags were first answered (the lower of two in the middle)."""
    before = FlagEvent.objects.filter(flag=OuterRef("flag"), pk__lt=OuterRef("pk"), kind__in=[*_RAISED, "accepted"])
    last = before.order_by("-pk")
    answers = events.filter(kind="accepted").annotate(
        asked_by=Subquery(last.values("kind")[:1]), asked_at=Subquery(last.values("at")[:1])
    )
    waits = answers.filter(asked_by__in=_RAISED).annotate(
        waited=ExpressionWrapper(F("at") - F("asked_at"), DurationField())
    )
    ranked = waits.annotate(
        place=Window(RowNumber(), partition_by="flag__code", order_by="waited"),
        of=Window(Count("pk"), partition_by="flag__code"),
    )
    middle = ranked.filter(place=(F("of") + 1) / 2).values_list("flag__code", "waited")
    return dict(middle)
