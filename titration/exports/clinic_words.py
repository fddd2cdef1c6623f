"""The clinic's own words on the sheet: its hours, whom to call and what to watch for, its clock times.

What the clinic writes is printed as it wrote it, once. Emergency wording that goes on from its call with signs of its
own ("Ring 999 if ...") stands in place of ours; anything else it says is added to ours.
"""

import re

from titration.domain.record import PlanKind
from titration.exports.document import DocumentClinic, PlanDocument
from titration.exports.language import gettext_noop
from titration.exports.phrases import Value
from titration.exports.text import one_line
from titration.exports.wording import HELP_NOW, WARNINGS

_CALL = re.compile(r"\b(ring|call|dial|phone) (\d{2,4})\b", re.IGNORECASE)
_AFTER_CALL = re.compile(r"^(?:[.,;:]|\s+and\b)*\s*")
_LEAD_IN = re.compile(r"^in (?:an emergency|emergencies),?\s+", re.IGNORECASE)
_OWN_SIGNS = re.compile(r"^\s*(?:straight away |at once |now )?(?:if|when|for)\b[\s:]*", re.IGNORECASE)
_CLOCKS = {
    "morning": gettext_noop("morning {clock}"),
    "midday": gettext_noop("midday {clock}"),
    "evening": gettext_noop("evening {clock}"),
    "bedtime": gettext_noop("bedtime {clock}"),
}


def hours_words(clinic: DocumentClinic) -> str:
    """When the telephone is answered, and who answers otherwise; nothing twice."""
    hours, otherwise = (one_line(words).rstrip(" .;,") for words in (clinic.hours, clinic.out_of_hours))
    if otherwise.casefold() in hours.casefold():
        return hours
    return otherwise if hours.casefold() in otherwise.casefold() else f"{hours}; {otherwise}"


def warnings(plan: PlanDocument) -> list[Value]:
    """Heading and text of each: what to keep, when to ring us, when to call for help."""
    say = plan.language
    ours = [
        (say.gettext(heading, call=""), say.gettext(text))
        for heading, text in WARNINGS["up" if plan.kind is PlanKind.TITRATION else "down"]
    ]
    *first, (_, signs) = ours
    call, own_signs, more = _emergency(plan)
    heading = say.gettext("{call} if", call=call)
    text = own_signs or f"{signs} {more}".strip()
    return [{"heading": title, "text": words} for title, words in [*first, (heading, text)]]


def _emergency(plan: PlanDocument) -> tuple[str, str, str]:
    """Whom to call, "Ring 999"; the clinic's own signs; and what else it says about it. Nothing is said twice."""
    words = _LEAD_IN.sub("", one_line(plan.clinic.emergency_wording))
    found = _CALL.search(words)
    if found is None:
        return plan.language.gettext(HELP_NOW), "", _sentence(words)
    call = _call(plan, found[1].capitalize(), found[2])
    if not words.lower().startswith(found[0].lower()):
        return call, "", _sentence(words)
    rest = words[found.end() :]
    signs = _OWN_SIGNS.match(rest)
    if signs:
        return call, rest[signs.end() :], ""
    return call, "", _sentence(_AFTER_CALL.sub("", rest))


def _call(plan: PlanDocument, verb: str, number: str) -> str:
    """In English with the clinic's own verb."""
    return f"{verb} {number}" if plan.language_code == "en" else plan.language.gettext("Ring {number}", number=number)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def clock_sentence(plan: PlanDocument) -> str:
    """Morning is about 08:00, midday 13:00 and evening 18:00."""
    say = plan.language
    clocks = [(time, one_line(plan.clinic.clock_times.get(time, ""))) for time in plan.times_used()]
    known = [say.gettext(_CLOCKS[time.value], clock=clock) for time, clock in clocks if clock]
    return say.gettext("The times are about: {times}.", times=say.joined(known)) if known else ""
