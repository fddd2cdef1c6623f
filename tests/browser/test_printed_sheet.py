"""The sheet as the browser prints it: no page cuts a week, nor a step where a week fills more than a page."""

import re

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import Browse
from tests.browser.screen import Screen
from tests.exports.pdf_text import needs_poppler, squeezed_pages_of

pytestmark = pytest.mark.browser

# Her taper has a step every other day, so that a week has up to four parts.
NOVAK = "SP-0431"


@needs_poppler
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_browser_cuts_no_week_by_a_page(browse: Browse, language: str) -> None:
    screen = browse()
    given_the_sheet_of(screen, NOVAK, f"language={language}")
    weeks = [squeezed(week.all_text_contents()) for week in weeks_of(screen)]
    assert len(weeks) > 2
    then_each_stands_on_one_page(screen, weeks)


@needs_poppler
@pytest.mark.parametrize("language", ["en", "de"])
def test_in_large_print_a_week_that_no_page_holds_is_cut_between_steps(browse: Browse, language: str) -> None:
    screen = browse()
    given_the_sheet_of(screen, NOVAK, f"language={language}&size=large")
    steps = [step for week in weeks_of(screen) for step in steps_of(week)]
    assert len(steps) > 10
    then_each_stands_on_one_page(screen, steps)


def given_the_sheet_of(screen: Screen, identifier: str, query: str) -> None:
    screen.visit_patient(identifier)
    screen.page.get_by_role("link", name=re.compile("^Taper 1")).first.click()
    screen.visit(f"{screen.path}sheet/?{query}")


def weeks_of(screen: Screen) -> list[Locator]:
    return screen.page.locator("tbody.week").all()


def steps_of(week: Locator) -> list[str]:
    """A step's part of the week: its dose and days, and the rows until the next one."""
    rows = week.locator("tr").all()
    heads = [number for number, row in enumerate(rows) if "part" in (row.get_attribute("class") or "")]
    spans = zip(heads, [*heads[1:], len(rows)], strict=True)
    return [squeezed([row.text_content() or "" for row in rows[first:last]]) for first, last in spans]


def squeezed(texts: list[str]) -> str:
    return "".join("".join(texts).split())


def then_each_stands_on_one_page(screen: Screen, parts: list[str]) -> None:
    pages = squeezed_pages_of(screen.page.pdf(prefer_css_page_size=True))
    assert len(pages) > 1
    assert [part for part in parts if sum(part in page for page in pages) != 1] == []
