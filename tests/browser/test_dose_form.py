"""What is typed into a dose box is the dose, and what it would raise stands under the total, in sight."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import NARROW, WIDE, Browse
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

HOLLIS = "SP-0347"  # 20 mg three times a day, nothing open.
WHITCOMBE = "SP-0388"  # A critical flag: cannot be roused.
KOVALENKO = "SP-0502"  # Hard to rouse since yesterday.
FOLD = 800
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])


@WIDTHS
def test_a_click_into_a_dose_box_replaces_what_stands_there(browse: Browse, width: int) -> None:
    screen = browse(width=width)
    given_the_dose_tab_of(screen, HOLLIS)
    for label in ("Bedtime", "Morning", "Midday"):
        when_it_is_clicked_and_typed(screen, label, "5")
        expect(screen.field(label)).to_have_value("5")
    expect(screen.page.locator("#total")).to_contain_text("35 mg/day")


@WIDTHS
def test_the_first_box_of_a_page_is_replaced_too(browse: Browse, width: int) -> None:
    screen = browse(width=width)
    screen.visit_log(HOLLIS, "dose")
    expect(screen.field("Morning")).to_be_focused()
    when_it_is_clicked_and_typed(screen, "Morning", "5")
    expect(screen.field("Morning")).to_have_value("5")


def test_a_second_click_places_the_caret(browse: Browse) -> None:
    screen = browse()
    given_the_dose_tab_of(screen, HOLLIS)
    box = screen.field("Morning")
    box.click()
    assert marked(box) == "20"
    box.click(position={"x": 62, "y": 20})
    assert marked(box) == ""
    screen.press("End", "Backspace")
    screen.type("5")
    expect(box).to_have_value("25")


def test_a_tab_into_a_box_replaces_what_stands_there(browse: Browse) -> None:
    screen = browse()
    given_the_dose_tab_of(screen, HOLLIS)
    screen.field("Morning").click()
    screen.press("Tab")
    screen.type("7.5")
    expect(screen.field("Midday")).to_have_value("7.5")


@WIDTHS
def test_what_is_typed_slowly_into_the_planner_stays_one_number(browse: Browse, width: int) -> None:
    """The plan is drawn anew between two keys; the box keeps its caret."""
    screen = browse(width=width)
    screen.visit_patient(HOLLIS)
    screen.click("New plan", role="link")
    box = screen.field("Target")
    box.click()
    for key, drawn in (("1", "1"), ("5", "15")):
        with screen.page.expect_response("**/draw/"):
            screen.type(key)
        screen.page.wait_for_timeout(200)
        expect(screen.field("Target")).to_have_value(drawn)


def test_what_was_taken_by_time_is_replaced_after_a_change_of_tab(browse: Browse) -> None:
    screen = browse()
    given_the_dose_tab_of(screen, HOLLIS)
    when_the_tab_is_clicked(screen, "Taken")
    screen.page.get_by_text("Other amounts by time of day").click()
    box = screen.page.locator("#log input[type=text][name=evening]")
    box.click()
    screen.page.keyboard.type("5")
    expect(box).to_have_value("5")


def test_a_calm_preview_stands_under_the_total_and_moves_no_button(browse: Browse) -> None:
    screen = browse()
    given_the_dose_tab_of(screen, HOLLIS)
    save = screen.page.get_by_role("button", name="Save dose change").last
    before = offset_in(screen, save)
    when_it_is_clicked_and_typed(screen, "Evening", "15")
    screen.sees("Nothing new as of")
    then_it_stands_under_the_total(screen, screen.page.get_by_text("Nothing new as of"))
    assert offset_in(screen, save) == before


@pytest.mark.parametrize("label", ["Morning", "Bedtime"])
def test_a_critical_preview_is_in_sight_beside_a_critical_flag(browse: Browse, label: str) -> None:
    screen = browse()
    given_the_dose_tab_of(screen, WHITCOMBE)
    for other in ("Morning", "Midday", "Evening", "Bedtime"):
        when_it_is_clicked_and_typed(screen, other, "0")
    screen.field(label).click()
    finding = screen.page.locator("#preview .finding").first
    expect(finding).to_contain_text("Abrupt stop")
    then_it_stands_under_the_total(screen, finding)
    stands = screen.page.locator("#preview").get_by_text("cannot be roused").first
    expect(stands).to_be_visible()


def test_a_rise_says_the_sedation_that_stands(browse: Browse) -> None:
    screen = browse()
    given_the_dose_tab_of(screen, KOVALENKO)
    when_it_is_clicked_and_typed(screen, "Morning", "25")
    screen.sees("Stands already today")
    then_it_is_in_sight(screen, screen.page.locator("#preview").get_by_text("Sedation grade 3: hard to rouse"))


def test_no_box_moves_under_the_mouse_on_its_way_to_the_next(browse: Browse) -> None:
    """The first key makes room; answers that come later and clicks leave the page where it is."""
    screen = browse()
    given_the_dose_tab_of(screen, WHITCOMBE)
    screen.field("Morning").click()
    assert scrolled(screen) == 0
    screen.type("0")
    stands_at = scrolled(screen)
    for label in ("Midday", "Evening", "Bedtime", "Morning"):
        with screen.page.expect_response("**/preview/"):
            when_it_is_clicked_and_typed(screen, label, "0")
        screen.page.wait_for_timeout(200)
        assert scrolled(screen) == stands_at
    expect(screen.page.locator("#preview .finding").first).to_contain_text("Abrupt stop")
    then_it_is_in_sight(screen, screen.page.locator("#preview .finding").first)


def scrolled(screen: Screen) -> float:
    return float(screen.page.evaluate("window.scrollY"))


def given_the_dose_tab_of(screen: Screen, identifier: str) -> None:
    screen.visit_patient(identifier)
    screen.page.set_viewport_size({**(screen.page.viewport_size or {}), "height": FOLD})
    when_the_tab_is_clicked(screen, "Dose")
    expect(screen.page.locator("#log [name=morning]")).to_be_visible()


def when_the_tab_is_clicked(screen: Screen, name: str) -> None:
    tabs = screen.page.get_by_role("navigation", name="What to log")
    with screen.page.expect_response("**log=**"):
        tabs.get_by_role("link", name=name, exact=True).click()
    screen.page.wait_for_timeout(200)


def when_it_is_clicked_and_typed(screen: Screen, label: str, mg: str) -> None:
    screen.field(label).click()
    screen.page.keyboard.type(mg)


def marked(box: Locator) -> str:
    return str(box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)"))


def offset_in(screen: Screen, element: Locator) -> float:
    """From the top of the log, however far the page was scrolled."""
    return round(bounds(element)["y"] - bounds(screen.page.locator("#log"))["y"])


def bounds(element: Locator) -> dict[str, float]:
    found = element.bounding_box()
    assert found is not None
    return dict(found)


def then_it_stands_under_the_total(screen: Screen, element: Locator) -> None:
    total, preview = bounds(screen.page.locator("#total")), bounds(screen.page.locator("#preview"))
    assert 0 <= preview["y"] - (total["y"] + total["height"]) <= 16
    then_it_is_in_sight(screen, element)
    assert total["y"] >= 0


def then_it_is_in_sight(screen: Screen, element: Locator) -> None:
    expect(element).to_be_visible()
    screen.page.wait_for_timeout(300)
    box = bounds(element)
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= FOLD
