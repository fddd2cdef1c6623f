"""The end of a treatment: shown before it is saved, answered, marked on the page, and taken back from the time line."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.browser.screen import Screen, in_days, with_and_without_scripts

pytestmark = pytest.mark.browser

HOLLIS = "SP-0347"


@with_and_without_scripts
def test_an_end_at_60_mg_is_shown_asked_marked_and_taken_back(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_page(screen)
    screen.page.get_by_role("radio", name="Treatment ended").check()
    screen.fill(**{"Last day with a dose": in_days(-1).isoformat(), "Taken on that day": "60"})
    if not scripts:
        screen.click("Preview")
    screen.sees("0\u00a0mg/day from then on", "If saved, this would raise", "Abrupt stop")
    screen.click("Save")
    screen.sees("This must be answered before it is saved")
    screen.page.get_by_label("Reason", exact=True).select_option(index=1)
    screen.click("Save with this reason")
    screen.sees("The end of the treatment is saved.", "Treatment ended: last dose on")
    screen.shows_dose("0 mg/day")
    when_it_is_corrected(screen)
    expect(screen.page.locator(".banner-mark")).to_have_count(0)
    screen.shows_dose("60 mg/day")


@pytest.mark.parametrize("width", [1280, 390])
def test_after_a_death_nothing_is_asked(browse: Browse, width: int) -> None:
    screen = browse("brandt", width=width)
    given_the_page(screen)
    screen.page.get_by_role("radio", name="Patient died").check()
    screen.fill(Date_of_death=in_days(0).isoformat())
    screen.click("Save")
    screen.sees("Died on", "Nothing is judged after the death")
    expect(screen.page.get_by_role("main")).not_to_contain_text("Consider")
    screen.visit("/")
    screen.sees_not("Hollis")


def given_the_page(screen: Screen) -> None:
    screen.visit_patient(HOLLIS)
    screen.click("Status", "link")
    expect(screen.page.get_by_role("heading", name="Treatment", exact=True)).to_be_visible()


def when_it_is_corrected(screen: Screen) -> None:
    screen.click("Correct an entry", "link")
    entry = screen.page.get_by_role("row").filter(has_text="Treatment ended")
    entry.get_by_role("link", name="Entered in error?").click()
    screen.fill(**{"What is wrong with it": "Another patient's letter."})
    screen.click("Mark as entered in error")
    screen.sees("Another patient's letter.")
