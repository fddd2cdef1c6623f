"""The language of a paper: its sentences by gettext, its numbers and lists, without what the machine is set to.

English is the language of the message ids; `titration/locale` holds the others, whole or not at all. A decimal sign
follows the language's own pharmacy labels, and nothing ever groups thousands, so that 2.5 and 2,5 are both half of
five. Dates are in `dates`, tablets in `takings`.
"""

import gettext as catalogs
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

from titration.domain.units import NO_BREAK_SPACE, format_mg

LOCALES = Path(__file__).parent.parent / "locale"
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""By code, each in its own words; the first is the one that the message ids are in."""


def gettext_noop(message: str) -> str:
    """Marks a message of a table for translation; the language is known where it is said."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Messages with their values put in: {name} in a message is the value of that name."""

    code: str
    catalog: catalogs.NullTranslations = field(repr=False)

    def gettext(self, message: str, **values: object) -> str:
        return self.catalog.gettext(message).format(**values)

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        return self.catalog.ngettext(one, many, number).format(number=number, **values)

    def pgettext(self, context: str, message: str, **values: object) -> str:
        return self.catalog.pgettext(context, message).format(**values)

    def number(self, number: Fraction | int) -> str:
        """To one decimal, as a dose is written: "60", "2.5"; "2,5" in German."""
        return format_mg(number * 1000).replace(".", self.pgettext("decimal sign", "."))

    def mg(self, mcg: int) -> str:
        """ "2.5 mg", with a space that never breaks."""
        return f"{format_mg(mcg).replace('.', self.pgettext('decimal sign', '.'))}{NO_BREAK_SPACE}mg"

    def joined(self, parts: list[str]) -> str:
        """ "a", "a and b", "a, b and c" """
        if len(parts) < 2:
            return "".join(parts)
        return self.pgettext("list", "{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])


@cache
def language_of(code: str) -> Language:
    """Raises ValueError for a language that has no catalogue here."""
    if code not in LANGUAGES:
        raise ValueError("a language of the list")
    catalog = catalogs.translation("django", LOCALES, languages=[code], fallback=code == next(iter(LANGUAGES)))
    return Language(code=code, catalog=catalog)
