"""Typesets our own templates with a document's values as PDF/UA-1.

Values travel as JSON and reach the page as text, never as markup; nothing is fetched. Only packaged typefaces, by
path, and the compiler's own are used, so that pages break alike on every machine: Source Sans, and Noto where a name is
written in another script. A letter that none of them has is spelled out as its code point, since an empty box tells
nobody anything; should the standard still refuse, a tagged PDF without its mark is written. Where a rare mix of scripts
makes the compiler panic, it is set without invisible joiners, and at last with all but Latin spelled out.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

TEMPLATES = Path(__file__).parent
_FONTS = (files("font_source_sans_pro") / "files", files("manimgx_fonts"), files("manimgx_fonts_cjk"))
_NOT_DISPLAYED = re.compile('the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_JOINERS = re.compile("[\u200c\u200d\ufe0e\ufe0f]")
_UNSURE = re.compile("[^\x00-\u024f\u2010-\u2027\u202f\u2212]")
_one_at_a_time = Lock()


@cache
def _compiler(template: str) -> typst.Compiler:
    """Made once a process: fonts and parsed template are kept. It is not safe for two threads at once."""
    return typst.Compiler(
        input=str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(folder) for folder in _FONTS],
        ignore_system_fonts=True,
    )


def typeset(template: str, values: Mapping[str, object], *, at: datetime) -> bytes:
    """The PDF of a template beside this module. `at` is written into it as its time of making."""
    text = _without_direction_marks(json.dumps(values, ensure_ascii=False))
    with _one_at_a_time:
        return _unpanicked(template, [text, _JOINERS.sub("", text), _latin_only(text)], at)


def _unpanicked(template: str, texts: list[str], at: datetime) -> bytes:
    """The first of the texts with which the compiler does not panic."""
    try:
        return _accessible(template, texts[0], at)
    except BaseException as failure:
        if type(failure).__name__ != "PanicException" or len(texts) == 1:  # not exported by name
            raise
    _compiler.cache_clear()
    return _unpanicked(template, texts[1:], at)


def _latin_only(text: str) -> str:
    return _UNSURE.sub(lambda found: _code_point(found[0]), text)


def _without_direction_marks(text: str) -> str:
    """Without the invisible marks that turn text around: on paper they could make 21 of a 12, unseen."""
    return _INVISIBLE.sub("", text)


def _accessible(template: str, text: str, at: datetime) -> bytes:
    try:
        return _compile(template, text, at, standard="ua-1")
    except typst.TypstError as refusal:
        return _spelled_out(template, _spell_out(text, refusal), at)


def _spelled_out(template: str, text: str, at: datetime) -> bytes:
    try:
        return _compile(template, text, at, standard="ua-1")
    except typst.TypstError:
        return _compile(template, text, at, standard="1.7")


def _spell_out(text: str, refusal: typst.TypstError) -> str:
    """The same JSON with each letter that has no picture as [U+4F60]."""
    for letter in set(_letters(refusal)):
        if not letter.isascii():
            text = text.replace(letter, _code_point(letter))
    return text


def _code_point(letter: str) -> str:
    return f"[U+{ord(letter):04X}]"


def _letters(refusal: typst.TypstError) -> Iterator[str]:
    for words in _NOT_DISPLAYED.findall(refusal.diagnostic):
        yield from _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), words)


def _compile(template: str, text: str, at: datetime, *, standard: Literal["ua-1", "1.7"]) -> bytes:
    pdf = _compiler(template).compile(
        format="pdf", sys_inputs={"document": text}, pdf_standards=standard, timestamp=at.astimezone(UTC)
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    return pdf
