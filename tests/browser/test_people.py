"""Finding and registering a patient; signing in and out."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.browser.screen import Screen, with_and_without_scripts
from titration.demo.sign_in import DEMO_EMAIL, DEMO_PASSWORD

pytestmark = pytest.mark.browser

ASHDOWN = "SP-0417"


def test_a_patient_is_found_by_slash_a_name_and_enter(browse: Browse) -> None:
    screen = browse()
    screen.visit("/guidance/")
    screen.press("/")
    screen.type("ash")
    screen.press("Enter")
    expect(screen.page.get_by_role("heading", name="Ashdown, Margaret")).to_be_visible()


def test_matches_show_while_typing(browse: Browse) -> None:
    screen = browse()
    screen.visit("/")
    screen.press("/")
    screen.type("SP-04")
    matches = screen.page.get_by_role("list", name="Matches")
    expect(matches).to_contain_text("Ashdown, Margaret")
    expect(matches).to_contain_text("Novak, Petra")
    screen.type("17")
    expect(matches).not_to_contain_text("Novak, Petra")
    matches.get_by_role("link", name="Ashdown, Margaret").click()
    screen.page.wait_for_url("**/patients/**")


def test_a_slash_while_typing_is_only_a_slash(browse: Browse) -> None:
    screen = browse()
    screen.visit_log(ASHDOWN, "response")
    screen.field("Note").focus()
    screen.type("7/10")
    expect(screen.field("Note")).to_have_value("7/10")


@with_and_without_scripts
def test_a_search_by_date_of_birth_without_a_match_says_what_can_be_written(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.visit("/")
    box = screen.page.get_by_label("Name, date of birth or identifier")
    box.fill("1901-01-01")
    box.press("Enter")
    screen.sees("Nobody of this clinic matches", "1901-01-01")
    assert screen.page.url.endswith("/find/"), "what was typed stands in the address"


@with_and_without_scripts
def test_a_patient_is_registered_with_what_is_taken_now(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    screen.visit("/")
    screen.click("New patient", "link")
    screen.fill(Family_name="Larkspur", Given_name="Ida", Date_of_birth="1971-08-09", Weight="61.5")
    screen.fill(Morning="10", Midday="10", Evening="12.5", Bedtime="0")
    screen.tick("Seizure disorder")
    screen.click("Register patient")
    screen.sees("Nothing is saved yet", "Identifier in your clinic:")
    expect(screen.field("Evening")).to_have_value("12.5")
    screen.fill(**{"Identifier in your clinic": "SP-9001"})
    screen.page.get_by_label("Indication").select_option(index=1)
    screen.click("Register patient")
    expect(screen.page.get_by_role("heading", name="Larkspur, Ida")).to_be_visible()
    screen.shows_dose("32.5 mg/day")
    screen.sees("Seizure disorder", "61.5 kg")


@with_and_without_scripts
def test_an_identifier_that_is_taken_is_refused(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422, 409)
    screen.visit("/patients/new/")
    screen.fill(Family_name="Larkspur", Given_name="Ida", Date_of_birth="1971-08-09")
    screen.fill(Morning="0", Midday="0", Evening="0", Bedtime="0", **{"Identifier in your clinic": ASHDOWN})
    screen.fill(**{"Months on baclofen before that day": "0"})
    screen.page.get_by_label("Indication").select_option(index=1)
    screen.click("Register patient")
    screen.sees("Nothing is saved yet", "identifier")
    expect(screen.field("Family name")).to_have_value("Larkspur")


@with_and_without_scripts
def test_signing_in_leads_to_the_page_that_was_asked_for(browse: Browse, scripts: bool) -> None:
    screen = browse("nobody", scripts=scripts)
    screen.visit("/guidance/")
    when_signing_in(screen, DEMO_EMAIL, DEMO_PASSWORD)
    expect(screen.page.get_by_role("heading", name="Guidance", exact=True)).to_be_visible()


@with_and_without_scripts
def test_a_wrong_password_does_not_say_whether_the_address_exists(browse: Browse, scripts: bool) -> None:
    said = []
    for email in (DEMO_EMAIL, "nobody@demo.invalid"):
        screen = browse("nobody", scripts=scripts)
        screen.expects(401, 422)
        screen.visit("/sign-in/")
        when_signing_in(screen, email, "not the password")
        said.append(screen.page.get_by_role("alert").inner_text())
    assert said[0] == said[1] != ""


@with_and_without_scripts
def test_after_signing_out_back_shows_nothing_of_the_patient(browse: Browse, scripts: bool) -> None:
    screen = browse("nobody", scripts=scripts)
    screen.visit("/sign-in/")
    when_signing_in(screen, DEMO_EMAIL, DEMO_PASSWORD)
    screen.sees("Worklist")
    screen.visit_patient(ASHDOWN)
    screen.page.get_by_text("R. Okafor").first.click()
    screen.click("Sign out")
    expect(screen.page.get_by_label("Work email")).to_be_visible()
    screen.page.go_back()
    screen.page.wait_for_load_state()
    screen.sees_not("Ashdown", "mg/day")
    expect(screen.page.get_by_label("Work email")).to_be_visible()


def test_another_clinic_has_no_such_patient(browse: Browse) -> None:
    screen = browse("nobody")
    screen.visit("/sign-in/")
    when_signing_in(screen, "varga@demo.invalid", DEMO_PASSWORD)
    screen.sees("Harbour pain clinic")
    screen.expects(404)
    screen.visit(screen.site.patients[ASHDOWN])
    screen.sees("Nothing found here")
    screen.sees_not("Ashdown")


def when_signing_in(screen: Screen, email: str, password: str) -> None:
    screen.fill(Work_email=email, Password=password)
    screen.click("Sign in")
