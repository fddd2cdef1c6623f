"""The chart: by keyboard, by range, as canvas or as the server's picture, and with a note that plays script."""

import re
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Browse
from tests.browser.screen import Screen, with_and_without_scripts
from tests.conftest import CHART_JS

pytestmark = pytest.mark.browser

ASHDOWN, HOLLIS = "SP-0417", "SP-0347"
# 75 mg/day since yesterday, just below the labelled maximum of 80.
WHITCOMBE = "SP-0388"
HEAR_WORDS = """
window.written = [];
const fillText = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (words, x, y) {
  const width = this.measureText(words).width;
  const left = x - { left: 0, center: width / 2, right: width }[this.textAlign];
  window.written.push([words, left, y - 9, left + width, y + 2]);
  return fillText.apply(this, arguments);
};
"""


def test_the_canvas_is_drawn_by_the_file_of_the_cdn(browse: Browse) -> None:
    screen = browse()
    screen.visit_patient(ASHDOWN)
    expect(screen.page.locator("[data-chart-plot] canvas")).to_be_visible()
    assert is_painted(screen)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("identifier", "now"), [(ASHDOWN, "0 taken"), (WHITCOMBE, "75 taken")])
def test_words_on_the_canvas_stand_apart(browse: Browse, identifier: str, now: str, width: int) -> None:
    screen = browse(width=width)
    screen.page.add_init_script(HEAR_WORDS)
    screen.visit_patient(identifier)
    assert is_painted(screen)
    written = {tuple(word) for word in screen.page.evaluate("() => window.written")}
    assert now in {words for words, *_ in written}
    assert [(one[0], other[0]) for one, other in combinations(sorted(written), 2) if meet(one, other)] == []


def test_arrow_keys_move_the_focus_line_and_change_the_readout(browse: Browse) -> None:
    screen = browse()
    screen.visit_patient(ASHDOWN)
    then_arrow_keys_move_the_focus_line(screen)


@pytest.mark.parametrize("button", ["1 month", "3 months", "6 months", "All"])
def test_a_range_is_chosen_without_a_new_page(browse: Browse, button: str) -> None:
    screen = browse()
    screen.visit_patient(ASHDOWN)
    screen.page.evaluate("() => { window.sameDocument = true }")
    ranges(screen).get_by_role("link", name=button).click()
    expect(ranges(screen).get_by_role("link", name=button)).to_have_attribute("aria-current", "true")
    assert screen.page.evaluate("() => window.sameDocument") is True
    assert is_painted(screen)


def test_ranges_are_links_without_scripts(browse: Browse) -> None:
    screen = browse(scripts=False)
    screen.visit_patient(ASHDOWN)
    before = picture(screen).get_attribute("data-first")
    ranges(screen).get_by_role("link", name="1 month").click()
    expect(ranges(screen).get_by_role("link", name="1 month")).to_have_attribute("aria-current", "true")
    assert float(picture(screen).get_attribute("data-first") or 0) > float(before or 0)


def test_a_tampered_script_is_blocked_and_the_picture_stays(browse: Browse) -> None:
    screen = browse(cdn=CHART_JS.read_bytes() + b"\nwindow.tamperedWith = true")
    screen.visit_patient(ASHDOWN)
    expect(picture(screen)).to_be_visible()
    then_arrow_keys_move_the_focus_line(screen)
    assert screen.page.evaluate("() => window.tamperedWith") is None
    assert screen.complains_of("integrity")


def test_without_the_cdn_the_picture_stays(browse: Browse) -> None:
    screen = browse(cdn=None)
    screen.visit_patient(ASHDOWN)
    expect(picture(screen)).to_be_visible()
    then_arrow_keys_move_the_focus_line(screen)
    assert screen.complains_of("ERR_FAILED")


def test_the_picture_and_its_table_need_no_script(browse: Browse) -> None:
    screen = browse(scripts=False)
    screen.visit_patient(ASHDOWN)
    expect(picture(screen)).to_be_visible()
    screen.page.get_by_text("Show as a table").click()
    table = screen.page.get_by_role("region", name="The chart as a table")
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    expect(table).to_contain_text("60 mg/day")


@with_and_without_scripts
def test_a_note_that_would_like_to_be_a_script_stays_text(browse: Browse, scripts: bool) -> None:
    note = "</script><script>window.stolen = true</script><img src=x onerror='window.stolen = true'><!--"
    screen = browse(scripts=scripts)
    screen.visit_log(HOLLIS, "dose")
    screen.page.get_by_text("Note, a date in the past").click()
    screen.fill(Evening="25", Note=note)
    screen.choose(Reason="Better response wanted")
    screen.click("Save dose change")
    screen.sees("Dose change saved.", "</script><script>window.stolen = true</script>", "<!--")
    assert screen.page.evaluate("() => window.stolen") is None
    if scripts:
        assert is_painted(screen)
        then_arrow_keys_move_the_focus_line(screen)


def test_the_chart_follows_the_width_of_the_window(browse: Browse) -> None:
    screen = browse()
    screen.visit_patient(ASHDOWN)
    assert is_painted(screen)
    screen.page.set_viewport_size({"width": 390, "height": 844})
    canvas = screen.page.locator("[data-chart-plot] canvas")
    expect(canvas).to_be_visible()
    screen.page.wait_for_function("() => document.querySelector('[data-chart-plot] canvas').clientWidth <= 390")
    assert is_painted(screen)


def then_arrow_keys_move_the_focus_line(screen: Screen) -> None:
    slider = screen.page.get_by_role("slider", name="Day shown")
    slider.focus()
    today, said = slider.get_attribute("aria-valuenow"), readout(screen).inner_text()
    screen.press("ArrowLeft")
    expect(screen.page.locator(".chart-focus")).to_be_visible()
    earlier = slider.get_attribute("aria-valuenow")
    assert int(earlier or 0) < int(today or 0)
    expect(readout(screen)).not_to_have_text(said)
    left = line_left(screen)
    screen.press("ArrowLeft")
    assert line_left(screen) < left
    screen.press("ArrowRight")
    assert slider.get_attribute("aria-valuenow") == earlier
    screen.press("Home")
    expect(readout(screen)).to_contain_text(re.compile(r"\d mg/day|\d+"))
    assert int(slider.get_attribute("aria-valuenow") or 0) <= int(earlier or 0)


def line_left(screen: Screen) -> float:
    box = screen.page.locator(".chart-focus").bounding_box()
    assert box is not None
    return box["x"]


def is_painted(screen: Screen) -> bool:
    """Whether the canvas holds more than one colour."""
    canvas = screen.page.locator("[data-chart-plot] canvas")
    expect(canvas).to_be_visible()
    screen.page.wait_for_timeout(100)
    return bool(
        canvas.evaluate(
            "(canvas) => new Set(new Uint32Array("
            "canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size > 4"
        )
    )


def meet(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Each as words, left, top, right, bottom. The same words drawn anew a hair's breadth off are one."""
    beside = one[1] >= other[3] or other[1] >= one[3] or one[2] >= other[4] or other[2] >= one[4]
    return not beside and one[0] != other[0]


def readout(screen: Screen) -> Locator:
    return screen.page.locator("[data-readout]")


def ranges(screen: Screen) -> Locator:
    return screen.page.get_by_role("navigation", name="Range")


def picture(screen: Screen) -> Locator:
    return screen.page.locator(".chart-picture svg").locator("visible=true").first
