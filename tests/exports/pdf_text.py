"""What a reader gets out of a PDF: text, pages, fonts and the standard it claims. Needs poppler-utils."""

import os
import re
import shutil
import subprocess
import tempfile

import pytest

TOOLS = ("pdftotext", "pdfinfo", "pdffonts", "pdftohtml")
missing = [tool for tool in TOOLS if shutil.which(tool) is None]
if missing and os.environ.get("CI") == "true":
    raise RuntimeError(f"poppler-utils is missing: {', '.join(missing)}")
needs_poppler = pytest.mark.skipif(
    bool(missing), reason="poppler-utils is not installed: the text of PDFs is not checked"
)


def text_of(pdf: bytes) -> str:
    return _run("pdftotext", "-layout", "-", "-", pdf=pdf).replace("\u00a0", " ")


def words_of(pdf: bytes) -> str:
    """The whole text on one line with single spaces, in reading order."""
    return " ".join(_run("pdftotext", "-", "-", pdf=pdf).split())


def rows_of(pdf: bytes) -> str:
    """The same, but each row of a table stays together."""
    return " ".join(text_of(pdf).split())


def squeezed_pages_of(pdf: bytes) -> list[str]:
    """Each page as it was written, without a space between its letters: how words are spread over it says nothing."""
    return ["".join(text.split()) for text in _run("pdftotext", "-raw", "-", "-", pdf=pdf).split("\f")[:-1]]


def pages_of(pdf: bytes) -> list[str]:
    return text_of(pdf).split("\f")[:-1]


def fonts_of(pdf: bytes) -> set[str]:
    names = [line.split()[0] for line in _run("pdffonts", "-", pdf=pdf).splitlines()[2:]]
    return {re.sub(r"^[A-Z]{6}\+", "", name).removesuffix("-Identity-H") for name in names}


def sizes_of(pdf: bytes) -> set[int]:
    """The sizes of its letters in points."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        told = _run("pdftohtml", "-xml", "-i", "-zoom", "1", "-stdout", file.name, pdf=b"")
    return {int(size) for size in re.findall(r'<fontspec id="\d+" size="(\d+)"', told)}


def is_tagged(pdf: bytes) -> bool:
    return bool(re.search(r"^Tagged:\s+yes$", _run("pdfinfo", "-", pdf=pdf), re.MULTILINE))


def claims_universal_access(pdf: bytes) -> bool:
    return b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def _run(*command: str, pdf: bytes) -> str:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
