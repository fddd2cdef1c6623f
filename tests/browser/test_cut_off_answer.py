"""The server has saved, its answer never arrives, and the form is sent again: as it was, or with another dose."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import NARROW, WIDE, Browse
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

at_both_widths = pytest.mark.parametrize("width", [WIDE, NARROW])
SLOW_MS = 30_000
LOST = "No usable answer from the server"
SAVED_ALREADY = "This form was saved already"


@at_both_widths
def test_the_same_dose_again_counts_once_and_says_so(browse: Browse, width: int) -> None:
    screen = browse(width=width)
    given_the_patient(screen, "Hollis")
    when_the_answer_to_a_dose_is_cut_off(screen, evening="15")
    screen.click("Save dose change")
    screen.sees(f"{SAVED_ALREADY}, on")
    screen.shows_dose("55 mg")
    expect(rows_of_the_time_line(screen, "55 mg/day")).to_have_count(1)


@at_both_widths
def test_another_dose_stands_beside_the_one_on_file_and_is_recorded(browse: Browse, width: int) -> None:
    screen = browse(width=width)
    screen.expects(409)
    given_the_patient(screen, "Hollis")
    when_the_answer_to_a_dose_is_cut_off(screen, evening="15")
    screen.fill(Evening="10")
    screen.click("Save dose change")
    then_both_doses_are_shown(screen, "15 mg", "10 mg")
    screen.click("Record this as a correction")
    screen.sees("Dose change saved.", "55 mg/day")
    screen.shows_dose("50 mg")


@at_both_widths
def test_what_is_on_file_is_kept_by_a_click(browse: Browse, width: int) -> None:
    screen = browse(width=width)
    screen.expects(409)
    given_the_patient(screen, "Hollis")
    when_the_answer_to_a_dose_is_cut_off(screen, evening="15")
    screen.fill(Evening="10")
    screen.click("Save dose change")
    screen.click("Keep what is on file", "link")
    screen.shows_dose("55 mg")


def given_the_patient(screen: Screen, name: str) -> None:
    """From the worklist, by its own search."""
    screen.visit("/")
    screen.page.locator("#find").fill(name)
    screen.page.get_by_role("link", name=name).first.click()
    expect(screen.page.get_by_role("region", name="Patient", exact=True)).to_be_visible()


def when_the_answer_to_a_dose_is_cut_off(screen: Screen, *, evening: str) -> None:
    screen.fill(Evening=evening)
    screen.choose(Reason="Other, see note")
    screen.page.get_by_text("Note, a date in the past").click()
    screen.fill(Note="Told on the telephone.")
    with answers_cut_off(screen):
        screen.click("Save dose change")
        expect(screen.page.get_by_text(LOST)).to_be_visible(timeout=SLOW_MS)
    with screen.page.expect_response("**/preview/"):
        screen.fill(Note="Told on the telephone.")
    expect(screen.page.get_by_text(LOST)).to_be_visible()
    assert screen.complains_of("net::ERR_CONNECTION_RESET")
    screen.complains_of("htmx:sendError")
    expect(screen.field("Note")).to_have_value("Told on the telephone.")


@contextmanager
def answers_cut_off(screen: Screen) -> Iterator[None]:
    """The request arrives and is answered; the browser hears nothing of it."""

    def cut_off(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    screen.page.route("**/log/dose/", cut_off)
    yield
    screen.page.unroute("**/log/dose/")


def then_both_doses_are_shown(screen: Screen, on_file: str, typed: str) -> None:
    expect(screen.page.get_by_role("heading", name="What you typed now is not saved")).to_be_focused()
    row = screen.page.get_by_role("row").filter(has_text="Evening")
    expect(row.get_by_role("cell")).to_have_text([on_file.replace(" ", "\u00a0"), typed.replace(" ", "\u00a0")])
    screen.sees(SAVED_ALREADY)
    screen.shows_dose("55 mg")


def rows_of_the_time_line(screen: Screen, words: str):  # type: ignore[no-untyped-def]
    return screen.page.get_by_role("region", name="Time line").get_by_text(words.replace(" ", "\u00a0"))
