"""The registry: every format writes, and no file name says who the patient is."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.exports.pdf_text import needs_poppler, words_of
from tests.exports.samples import CONTENT_HASH, HOSTILE, ashdown
from titration.exports import FORMATS

STARTS = {".pdf": b"%PDF-", ".ics": b"BEGIN:VCALENDAR\r\n", ".csv": b"\xef\xbb\xbfplan_id,", ".json": b"{"}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_writes_what_its_suffix_says(name: str):
    suffix = name[name.index(".") :]
    assert FORMATS[name].write(ashdown()).startswith(STARTS[suffix])


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_writes_the_same_document_alike(name: str):
    assert FORMATS[name].write(ashdown()) == FORMATS[name].write(ashdown())


def test_the_formats_are_those_of_the_pages():
    assert set(FORMATS) == {"sheet.pdf", "record.pdf", "calendar.ics", "steps.csv", "days.csv", "plan.json"}


def test_many_at_once_write_what_one_after_another_writes():
    plans = [ashdown(version=version) for version in range(1, 9)]
    with ThreadPoolExecutor(max_workers=4) as pool:
        assert list(pool.map(FORMATS["sheet.pdf"].write, plans)) == [FORMATS["sheet.pdf"].write(plan) for plan in plans]


@pytest.mark.parametrize("name", FORMATS)
def test_file_names_are_plain_ascii_without_names(name: str):
    disposition = FORMATS[name].disposition(ashdown(note=HOSTILE, id=HOSTILE))
    assert re.fullmatch(r'attachment; filename="baclofen-plan-3-version-2-[a-z]+\.[a-z]+"', disposition)
    assert FORMATS[name].file_name(ashdown()).endswith(name)


@needs_poppler
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_carries_the_same_hash(name: str):
    written = FORMATS[name].write(ashdown())
    text = words_of(written) if name.endswith(".pdf") else written.decode().replace("\r\n ", "")
    assert CONTENT_HASH[:12] in text
    assert set(re.findall(r"\b[0-9a-f]{64}\b", text)) <= {CONTENT_HASH}


@needs_poppler
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_the_whole_plan(name: str):
    """The first step, the last one, and each dose between."""
    written = FORMATS[name].write(ashdown())
    text = words_of(written) if name.endswith(".pdf") else written.decode()
    for step in ashdown().steps:
        day = step.starts_on
        assert any(said in text for said in (f"{day}", f"{day:%Y%m%d}", f"{day.day} {day:%b}")), day
