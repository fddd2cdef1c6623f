"""How the clinic's rules fared, so that it sees which of them are noise."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from titration.domain.guidance import load_guidance
from titration.selectors.statistics import RuleFigures, rule_figures
from titration.views.answers import show
from titration.views.desk import READS, ClinicRequest, clinic_page

PERIODS = {"90": ("90 days", timedelta(days=90)), "365": ("1 year", timedelta(days=365)), "all": ("All", None)}
USUAL = "90"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@clinic_page(*READS)
def statistics(request: ClinicRequest) -> HttpResponse:
    asked = request.GET.get("period", USUAL)
    chosen = asked if asked in PERIODS else USUAL
    length, address = PERIODS[chosen][1], reverse("statistics")
    since = request.now - length if length else None
    context = {
        "rows": [_row(figures, request) for figures in rule_figures(request.membership, since)],
        "periods": [(words, f"{address}?period={key}", key == chosen) for key, (words, _) in PERIODS.items()],
        "since": since,
        "until": request.now,
    }
    return show(request, "statistics/page.html", context)


def _row(figures: RuleFigures, request: ClinicRequest) -> dict[str, Any]:
    reasons, names = request.membership.clinic.known_reasons, {card.code: card.name for card in load_guidance().rules}
    followed = (
        figures.by_facts, figures.by_time, figures.unanswered, figures.raised_again, figures.dose_changed,
        figures.signs_reported,
    )  # fmt: skip
    return {
        "code": figures.code,
        "name": names.get(figures.code, figures.code),
        "is_known": figures.code in names,
        "fired": figures.fired,
        "accepted": figures.accepted,
        "reasons": [(reasons.get(code, code), count) for code, count in figures.reasons.items()],
        "half_answered_in": show_wait(figures.half_answered_in) if figures.half_answered_in is not None else "",
        "followed": followed,
    }


def show_wait(waited: timedelta) -> str:
    """3 min, 5 h, 2 days: rounded down, in the largest unit of which there are two."""
    if waited >= 2 * DAY:
        return f"{waited // DAY}\u00a0days"
    return f"{waited // HOUR}\u00a0h" if waited >= 2 * HOUR else f"{waited // MINUTE}\u00a0min"
