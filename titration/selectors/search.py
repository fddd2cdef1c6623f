"""Finding a patient as one types.

The beginning of a family or given name, both in either order, an identifier or its last digits, or a birth date.

Every way is answered by an index on both databases, but for last digits: these are looked for in a query of their own
among the identifiers of the one clinic. At most twenty are shown.
"""

import re
from datetime import date

from django.db.models import Q

from titration.models import Membership, Patient, search_key
from titration.selectors.objects import visible_patients

MOST_SHOWN = 20
LONGEST_TEXT = 80
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)
_LAST_DIGITS = re.compile(r"\d{3,}", re.ASCII)
_IN_WORDS = re.compile(r"(\d{1,2}) ?([a-z]{3})[a-z]* ?(\d{4})", re.ASCII)


def find_patients(membership: Membership | None, text: str) -> list[Patient]:
    """Up to twenty patients in the order of their names; none for a blank text."""
    key = _key(text)
    if not key:
        return []
    found = _first(membership, _matching(key, membership))
    if not _LAST_DIGITS.fullmatch(key):
        return found
    ending = _first(membership, Q(identifier_key__endswith=key))
    return [*found, *(patient for patient in ending if patient not in found)][:MOST_SHOWN]


def _first(membership: Membership | None, condition: Q) -> list[Patient]:
    found = visible_patients(membership).filter(condition)
    return list(found.order_by("family_key", "given_key", "pk")[:MOST_SHOWN])


def understood_birth_date(text: str) -> date | None:
    """The day that a text is searched as, None where it is no date."""
    return read_birth_date(_key(text))


def _key(text: str) -> str:
    return search_key(text.replace("\x00", "")[:LONGEST_TEXT].replace(",", " "))


def _matching(key: str, membership: Membership | None) -> Q:
    """Each way carries the clinic, so that the database may answer it by its own index."""
    day = read_birth_date(key)
    clinic = Q(clinic_id=membership.clinic_id if membership else None)
    if day is not None:
        return clinic & Q(birth_date=day)
    ways = [Q(family_key__begins=key), Q(given_key__begins=key), Q(identifier_key__begins=key), *_both_names(key)]
    condition = Q()
    for way in ways:
        condition |= clinic & way
    return condition


def _both_names(key: str) -> list[Q]:
    words = key.split(" ")
    pairs = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, min(len(words), 4))]
    return [
        Q(family_key__begins=first, given_key__begins=second) | Q(given_key__begins=first, family_key__begins=second)
        for first, second in pairs
    ]


def read_birth_date(key: str) -> date | None:
    """ISO, or the day first and the month in words or digits; whoever shows matches says how it was read.

    "1968-03-12", "12 mar 1968", "12/03/1968", "12.3.1968". A year of two digits is no date.
    """
    if match := _ISO.fullmatch(key):
        return _day(*(int(part) for part in match.groups()))
    if (match := _IN_WORDS.fullmatch(key)) and match[2] in _MONTHS:
        return _day(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    if match := _DAY_FIRST.fullmatch(key):
        return _day(int(match[4]), int(match[3]), int(match[1]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
