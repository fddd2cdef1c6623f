"""Typesets our own templates with a document's values as PDF.

Values travel as JSON and reach the page as text, never as markup; nothing is fetched, and only the packaged Source
Sans, by path, and the compiler's own fonts are used, so that pages break alike everywhere. A page is PDF/UA-1 unless
a letter is missing in those fonts; then the machine's fonts are asked for that letter, and at last a tagged PDF
without the mark of the standard is written.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

TEMPLATES = Path(__file__).parent
_FONTS = files("font_source_sans_pro") / "files"
_one_at_a_time = Lock()


@cache
def _compiler(template: str, *, machine_fonts: bool) -> typst.Compiler:
    """Compiled once a process: fonts and parsed template are kept. It is not safe for two threads at once."""
    return typst.Compiler(
        input=str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=not machine_fonts,
    )


def typeset(template: str, values: Mapping[str, object], *, at: datetime) -> bytes:
    """The PDF of a template beside this module. `at` is written into it as its time of making."""
    inputs = {"document": json.dumps(values)}
    with _one_at_a_time:
        try:
            return _compile(template, inputs, at, machine_fonts=False, standard="ua-1")
        except typst.TypstError:
            return _with_machine_fonts(template, inputs, at)


def _with_machine_fonts(template: str, inputs: dict[str, str], at: datetime) -> bytes:
    try:
        return _compile(template, inputs, at, machine_fonts=True, standard="ua-1")
    except typst.TypstError:
        return _compile(template, inputs, at, machine_fonts=True, standard="1.7")


def _compile(
    template: str, inputs: dict[str, str], at: datetime, *, machine_fonts: bool, standard: Literal["ua-1", "1.7"]
) -> bytes:
    compiler = _compiler(template, machine_fonts=machine_fonts)
    pdf = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=standard, timestamp=at.astimezone(UTC))
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    return pdf
