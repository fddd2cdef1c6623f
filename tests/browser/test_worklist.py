"""A step confirmed on the worklist: one click, and what the page counts goes along."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.browser.screen import with_and_without_scripts

pytestmark = pytest.mark.browser


@with_and_without_scripts
def test_the_counts_follow_a_confirmed_step(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.visit("/?show=steps")
    questions = screen.page.get_by_role("button", name="Taken as planned")
    asked = questions.count()
    assert asked
    questions.first.click()
    screen.sees("is confirmed as taken")
    expect(questions).to_have_count(asked - 1)
    filters = screen.page.get_by_role("navigation", name="Filter")
    expect(filters).to_have_count(1)
    listed = screen.page.locator("table.worklist tbody tr:has(td)").count()
    expect(filters.get_by_role("link", name="Steps", exact=False)).to_have_text(f"Steps {listed}")
    expect(filters.locator("[aria-current]")).to_have_text(f"Steps {listed}")
