"""Where things stand: the chart on the first sheet of paper, the Log button beside the ranges and never on them."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse

pytestmark = pytest.mark.browser

ASHDOWN = "SP-0417"
PAPER_WIDE, PAPER_HIGH = 688, 1016


def test_the_first_sheet_holds_the_highest_flag_and_the_chart(browse: Browse) -> None:
    screen = browse(width=PAPER_WIDE)
    screen.visit_patient(ASHDOWN)
    screen.page.emulate_media(media="print")
    picture = screen.page.locator(".chart-wide svg").bounding_box()
    flag = screen.page.locator(".flag-main").bounding_box()
    assert picture is not None
    assert flag is not None
    assert flag["y"] < picture["y"]
    assert picture["y"] + picture["height"] <= PAPER_HIGH
    for words in ("Correct an entry", "New plan"):
        expect(screen.page.get_by_text(words)).to_be_hidden()


def test_the_log_button_of_a_phone_never_covers_the_ranges(browse: Browse) -> None:
    screen = browse(width=390)
    screen.visit_patient(ASHDOWN)
    ranges, button = screen.page.locator(".segments"), screen.page.locator(".log-jump")
    place = ranges.bounding_box()
    assert place is not None
    for above in range(0, 900, 60):
        screen.page.evaluate("top => window.scrollTo(0, top)", place["y"] - above)
        upper, lower = ranges.bounding_box(), button.bounding_box()
        assert upper is not None
        assert lower is not None
        assert lower["y"] >= upper["y"] + upper["height"] or lower["y"] + lower["height"] <= upper["y"]
