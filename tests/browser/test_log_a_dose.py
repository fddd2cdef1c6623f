"""A clinician changes a dose: in a few keys, seeing what it would raise, and never past the ceiling."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.browser.screen import Screen, with_and_without_scripts

pytestmark = pytest.mark.browser

# Takes 20 mg three times a day since months.
HOLLIS = "SP-0347"
MOST_KEYS = 30


def test_a_dose_change_takes_few_keys_and_no_mouse(browse: Browse) -> None:
    screen = browse()
    given_the_worklist(screen)
    when_keys_lead_to_the_dose_form_of(screen, "hol")
    when_keys_raise_the_evening_dose_to(screen, "25")
    then_the_dose_is(screen, "65 mg/day")
    assert screen.presses <= MOST_KEYS, f"It took {screen.presses} keys."


@with_and_without_scripts
def test_a_dose_change_is_saved_with_its_reason(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    given_the_dose_form_of(screen, HOLLIS)
    when_doses_are_typed(screen, "20", "20", "25", "0")
    screen.choose(Reason="Better response wanted")
    when_a_note_is_added(screen, "Stiff in the evening.")
    screen.click("Save dose change")
    then_the_dose_is(screen, "65 mg/day")
    screen.sees("Dose change saved.", "Stiff in the evening.")


def test_the_preview_names_a_finding_while_typing(browse: Browse) -> None:
    screen = browse()
    given_the_dose_form_of(screen, HOLLIS)
    when_doses_are_typed(screen, "0", "0", "0", "0")
    screen.sees("If saved, this would raise", "Critical", "Abrupt stop")
    then_the_dose_stays(browse(), "60 mg/day")


def test_the_preview_comes_by_a_button_without_scripts(browse: Browse) -> None:
    screen = browse(scripts=False)
    given_the_dose_form_of(screen, HOLLIS)
    when_doses_are_typed(screen, "0", "0", "0", "0")
    screen.click("Preview")
    screen.sees("If saved, this would raise", "Critical", "Abrupt stop")
    expect(screen.field("Evening")).to_have_value("0")
    then_the_dose_stays(browse(), "60 mg/day")


@with_and_without_scripts
def test_a_critical_finding_is_answered_before_the_dose_is_saved(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_dose_form_of(screen, HOLLIS)
    when_doses_are_typed(screen, "0", "0", "0", "0")
    screen.choose(Reason="Other, see note")
    when_a_note_is_added(screen, "Stop asked for.")
    screen.click("Save dose change")
    screen.sees("This must be answered before it is saved", "Abrupt stop")
    then_the_dose_stays(browse(), "60 mg/day")
    expect(screen.field("Note")).to_have_value("Stop asked for.")
    when_it_is_answered(screen, "Supervised closely, for example in hospital")
    then_the_dose_is(screen, "0 mg/day")
    screen.sees("Dose change saved.")


def test_the_open_question_follows_the_dose_that_is_typed(browse: Browse) -> None:
    screen = browse()
    screen.expects(422)
    given_the_dose_form_of(screen, HOLLIS)
    when_doses_are_typed(screen, "0", "0", "0", "0")
    screen.choose(Reason="Other, see note")
    when_a_note_is_added(screen, "Stop asked for.")
    screen.click("Save dose change")
    expect(screen.page.locator("#course")).to_contain_text("60 → 0")
    when_doses_are_typed(screen, "20", "0", "0", "0")
    expect(screen.page.locator("#course")).to_contain_text("60 → 20")
    expect(screen.page.locator("#preview")).not_to_contain_text("of the ceiling")


@with_and_without_scripts
def test_a_dose_above_the_ceiling_is_refused_and_what_was_typed_is_kept(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_dose_form_of(screen, HOLLIS)
    when_doses_are_typed(screen, "60", "60", "60", "60")
    screen.choose(Reason="Better response wanted")
    when_a_note_is_added(screen, "As written by the ward.")
    screen.click("Save dose change")
    screen.sees("240 mg/day cannot be saved", "Up to 200 mg/day is allowed")
    expect(screen.field("Bedtime")).to_have_value("60")
    expect(screen.field("Note")).to_have_value("As written by the ward.")
    then_the_dose_stays(browse(), "60 mg/day")


@with_and_without_scripts
def test_an_unreadable_dose_is_named_at_its_field(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_dose_form_of(screen, HOLLIS)
    when_doses_are_typed(screen, "20", "2O", "20", "0")
    screen.choose(Reason="Better response wanted")
    screen.click("Save dose change")
    screen.sees("Nothing is saved yet", "Midday:")
    expect(screen.field("Midday")).to_have_value("2O")
    expect(screen.field("Midday")).to_have_attribute("aria-invalid", "true")
    then_the_dose_stays(browse(), "60 mg/day")


def test_whoever_may_not_prescribe_is_told_so_and_cannot_save(browse: Browse) -> None:
    screen = browse("brandt")
    given_the_dose_form_of(screen, HOLLIS)
    expect(screen.page.get_by_role("button", name="Save dose change")).to_be_disabled()
    expect(screen.page.locator("#log-refused")).to_contain_text("linician")


def given_the_worklist(screen: Screen) -> None:
    screen.visit("/")


def given_the_dose_form_of(screen: Screen, identifier: str) -> None:
    screen.visit_log(identifier, "dose")


def when_keys_lead_to_the_dose_form_of(screen: Screen, name: str) -> None:
    screen.press("/")
    screen.type(name)
    screen.press("Enter")
    screen.page.wait_for_url("**/patients/**")
    screen.press("Tab", "Tab")
    expect(screen.page.get_by_role("link", name="Skip to the dose change")).to_be_focused()
    address = screen.page.url
    screen.press("Enter")
    expect(screen.field("Morning")).to_be_focused()
    assert screen.page.url == address, "nothing is loaded anew where the form stands already"


def when_keys_raise_the_evening_dose_to(screen: Screen, mg: str) -> None:
    screen.press("Tab", "Tab")
    screen.type(mg)
    screen.press("Tab", "Tab")
    screen.type("B")
    screen.press("Control+Enter")


def when_doses_are_typed(screen: Screen, morning: str, midday: str, evening: str, bedtime: str) -> None:
    screen.fill(Morning=morning, Midday=midday, Evening=evening, Bedtime=bedtime)


def when_a_note_is_added(screen: Screen, note: str) -> None:
    screen.page.get_by_text("Note, a date in the past").click()
    screen.fill(Note=note)


def when_it_is_answered(screen: Screen, reason: str) -> None:
    screen.choose(Reason_to_go_on=reason)
    screen.click("Save with this reason")


def then_the_dose_is(screen: Screen, dose: str) -> None:
    screen.sees("Dose change saved.")
    screen.shows_dose(dose)


def then_the_dose_stays(screen: Screen, dose: str) -> None:
    screen.visit_patient(HOLLIS)
    screen.shows_dose(dose)
