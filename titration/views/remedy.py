"""What would clear a proposed dose change, in the words of the preview, and the values that its button fills in.

The search is the domain's; a stop is answered in words only, and what has no remedy is said to have none.
"""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from titration.domain.days import bare_weekday, show_near_day
from titration.domain.dose_change import regimen_before
from titration.domain.guidance import load_guidance
from titration.domain.history import prescribed_regimens
from titration.domain.regimen import Regimen
from titration.domain.remedy import DoseProposal, DoseRemedy, find_dose_remedy
from titration.domain.units import format_mg, show_mg, show_mg_per_day
from titration.forms.doses import TIMES

_COUNTED = {1: "it", 2: "both"}
_SEPARATOR = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyLine:
    """words: what clears it. fill_in: the value of the button, empty where there is none."""

    words: str
    fill_in: str = ""


def remedy_line(proposal: DoseProposal) -> RemedyLine | None:
    """None where there is nothing that a dose could clear."""
    remedy = find_dose_remedy(proposal, load_guidance())
    if remedy is None:
        return None
    return RemedyLine(words=_words(proposal, remedy), fill_in=_value(remedy) if remedy.may_be_filled_in else "")


def _words(proposal: DoseProposal, remedy: DoseRemedy) -> str:
    counted = _COUNTED.get(len(remedy.clears), "all of them")
    if remedy.regimen is None:
        days = load_guidance().count("stays")
        return (
            f"No change within the label and the signed plan, and no later start within {days} days, clears {counted}."
        )
    if remedy.held_days:
        day = show_near_day(remedy.starts_on, beside=proposal.today)
        days_words = f"{remedy.held_days} more day{'' if remedy.held_days == 1 else 's'}"
        return (
            f"Smallest change that clears {counted}: {_until(proposal, remedy)} {days_words}, these doses from {day}."
        )
    if remedy.once_taken:
        return f"Smallest dose that clears {counted}, once it is taken: {_doses(remedy.regimen)}."
    return f"Smallest change that clears {counted}: {_doses(remedy.regimen)}{_instead(proposal, remedy.regimen)}."


def _until(proposal: DoseProposal, remedy: DoseRemedy) -> str:
    """Holding is not the word where a plan or an entry changes the dose on the way."""
    ahead = (day for day, _ in prescribed_regimens(proposal.record) if proposal.starts_on <= day < remedy.starts_on)
    return "go on as prescribed for" if any(ahead) else "hold the present dose"


def _doses(regimen: Regimen) -> str:
    """20 + 15 + 20 + 0 = 55 mg/day."""
    doses = " + ".join(format_mg(mcg) for mcg in regimen.doses_mcg)
    return f"{doses} = {show_mg_per_day(regimen.daily_mcg)}"


def _instead(proposal: DoseProposal, regimen: Regimen) -> str:
    """5 mg less instead of 15 mg less; empty where nothing was prescribed before."""
    earlier = regimen_before(proposal.record, proposal.starts_on)
    if earlier is None:
        return ""
    sizes = [total - earlier.daily_mcg for total in (regimen.daily_mcg, proposal.regimen.daily_mcg)]
    words = [f"{show_mg(abs(size))} {'more' if size > 0 else 'less'}" for size in sizes]
    return f", {words[0]} instead of {words[1]}"


def _value(remedy: DoseRemedy) -> str:
    assert remedy.regimen is not None  # noqa: S101 - only what was found may be filled in
    doses = (format_mg(mcg) for mcg in remedy.regimen.doses_mcg)
    return _SEPARATOR.join((remedy.starts_on.isoformat(), *doses))


def filled_in(data: QueryDict) -> QueryDict:
    """What was typed, with date and doses of the button that was pressed; unreadable values stay to be refused."""
    values = data.get("fill_in", "").split(_SEPARATOR)
    if len(values) != len(TIMES) + 1:
        return data
    filled = data.copy()
    for name, value in zip(("starts_on", *TIMES), (_day_words(values[0]), *values[1:]), strict=True):
        filled[name] = value
    return filled


def _day_words(text: str) -> str:
    """As the form shows a day; what is none stays as it is."""
    try:
        return bare_weekday(date.fromisoformat(text))
    except ValueError:
        return text
