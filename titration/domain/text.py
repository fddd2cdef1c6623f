"""What a person may write in one line or in a note: composed letters (NFC) that can be seen.

A character that nobody sees can turn a line around, empty a name or make two names alike differ: it is refused when it
is written, and shown as its code point where an older row holds it. Joiners stand inside the words of many scripts,
and a variant is chosen of a sign that has some.
"""

import re
import unicodedata

# Controls, soft hyphen, fillers, directions, invisible operators, replacement of damaged bytes, tags, halves of pairs.
_UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    r"\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffd\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
_JOINED = r"[\u0590-\u1fff\u2190-\ud7ff\uf900-\U000dffff]"
_JOINER = rf"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})"
_VARIANT = rf"(?<!{_JOINED})[\ufe00-\ufe0f]"
_HIDDEN = re.compile(f"[{_UNSEEN}]|{_JOINER}|{_VARIANT}")
_BREAK = re.compile(r"[\t\n\r]")
FIRST_STRONG, END_OF_IT = "\u2068", "\u2069"


class Hidden(ValueError):
    """A character that cannot be seen stands in what was written."""

    @property
    def sentence(self) -> str:
        return str(self)


def line_of(text: str) -> str:
    """One line, composed. Raises Hidden."""
    return _without(text, _HIDDEN.search(text) or _BREAK.search(text))


def note_of(text: str) -> str:
    """Several lines, composed. Raises Hidden."""
    return _without(text, _HIDDEN.search(text))


def marked(text: str) -> str:
    """As it is shown: what cannot be seen by its code point, such as [U+202E]."""
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def isolated(text: str) -> str:
    """For plain text around it: words that run from right to left leave the order of the rest as it is."""
    runs_left = any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)
    return f"{FIRST_STRONG}{text}{END_OF_IT}" if runs_left else text


def _without(text: str, found: re.Match[str] | None) -> str:
    if found is not None:
        raise Hidden(_sentence(text, found))
    return unicodedata.normalize("NFC", text)


def _sentence(text: str, found: re.Match[str]) -> str:
    before = marked(text[: found.start()]).split()[-1:]
    where = f"after “{before[0]}”" if before else "at the beginning"
    return f"Remove the character that cannot be seen {where} (U+{ord(found[0]):04X}), or type the text anew."
