"""A flag is seen, understood, talked about and answered."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Browse
from tests.browser.screen import Screen, in_days, with_and_without_scripts

pytestmark = pytest.mark.browser

KOVALENKO, SEDATION = "Kovalenko, Iryna", "Sedation grade 3"


@with_and_without_scripts
def test_a_flag_leads_from_the_worklist_to_its_reason_and_its_rule(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    given_the_flag(screen, KOVALENKO, SEDATION)
    screen.sees("Why", "Grade 3 was reported", "What clears it", "A later report of grade 1 or less")
    screen.page.get_by_role("link", name="About this rule").locator("visible=true").first.click()
    screen.sees("Purpose", "Intended user", "Guidance", "Limits")
    assert screen.path == "/guidance/S1/"


@with_and_without_scripts
def test_an_accepted_flag_leaves_the_open_list(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    given_the_flag(screen, KOVALENKO, SEDATION)
    when_it_is_accepted(screen, "Supervised closely, for example in hospital", days=5)
    then_the_open_list_lacks(screen, KOVALENKO)
    screen.visit_patient("SP-0502")
    screen.page.locator("summary").filter(has_text="1 accepted").click()
    screen.sees("Supervised closely")


@with_and_without_scripts
def test_accepting_needs_a_reason_and_keeps_what_was_typed(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_flag(screen, KOVALENKO, SEDATION)
    screen.fill(Comment="Stays on the ward.")
    screen.click("Accept this flag")
    screen.sees("Nothing is saved yet", "Choose a reason.")
    expect(screen.field("Comment")).to_have_value("Stays on the ward.")
    then_the_open_list_has(screen, KOVALENKO)


@with_and_without_scripts
def test_a_flag_is_accepted_no_longer_than_its_severity_allows(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_flag(screen, KOVALENKO, SEDATION)
    when_it_is_accepted(screen, "On specialist advice", days=15)
    screen.sees("Nothing is saved yet", "14 days")
    then_the_open_list_has(screen, KOVALENKO)


@with_and_without_scripts
def test_a_contact_is_logged_and_the_flag_stays_open(browse: Browse, scripts: bool) -> None:
    screen = browse("brandt", scripts=scripts)
    given_the_flag(screen, KOVALENKO, SEDATION)
    screen.fill(**{"Who was contacted, and what was said": "Called the daughter, no answer."})
    screen.click("Save contact")
    screen.sees("Called the daughter, no answer.")
    then_the_open_list_has(screen, KOVALENKO)


def test_two_who_answer_one_flag_at_once_do_not_overwrite_each_other(browse: Browse) -> None:
    first, second = browse(), browse()
    second.expects(409)
    for screen in (first, second):
        given_the_flag(screen, KOVALENKO, SEDATION)
    when_it_is_accepted(first, "On specialist advice", days=3)
    first.sees("Accepted")
    when_it_is_accepted(second, "Patient informed and decides so", days=9)
    second.sees("meanwhile")
    second.visit_patient("SP-0502")
    second.page.locator("summary").filter(has_text="1 accepted").click()
    second.sees("On specialist advice")


def test_a_nurse_is_told_why_a_critical_flag_is_not_hers_to_accept(browse: Browse) -> None:
    screen = browse("brandt")
    given_the_flag(screen, "Ashdown, Margaret", "Abrupt stop")
    expect(screen.page.get_by_role("button", name="Accept this flag")).to_be_disabled()
    expect(screen.page.locator("#accept-refused")).to_contain_text("linician")


def test_what_to_do_about_a_flag_leads_into_the_form_for_it(browse: Browse) -> None:
    screen = browse()
    screen.visit_patient("SP-0502")
    screen.page.get_by_role("link", name="Log sedation now").click()
    expect(screen.page.get_by_role("radio", name="0 none")).to_be_focused()


def test_a_filter_of_the_worklist_leaves_only_its_severity(browse: Browse) -> None:
    screen = browse()
    screen.visit("/")
    screen.page.get_by_role("navigation", name="Filter").get_by_role("link", name="High").click()
    screen.sees("Kovalenko", "Osei")
    screen.sees_not("Ashdown", "Hollis")


def given_the_flag(screen: Screen, name: str, title: str) -> None:
    screen.visit("/")
    row(screen, name, title).get_by_role("link", name=title).first.click()
    expect(screen.page.get_by_role("heading", name=title)).to_be_visible()


def when_it_is_accepted(screen: Screen, reason: str, *, days: int) -> None:
    screen.choose(Reason=reason)
    screen.fill(Accepted_until=in_days(days).isoformat())
    screen.click("Accept this flag")


def then_the_open_list_lacks(screen: Screen, name: str) -> None:
    screen.visit("/")
    screen.sees("Open flags", "Ashdown")
    expect(row(screen, name, SEDATION)).to_have_count(0)


def then_the_open_list_has(screen: Screen, name: str) -> None:
    screen.visit("/")
    expect(row(screen, name, SEDATION)).to_have_count(1)


def row(screen: Screen, name: str, title: str) -> Locator:
    return screen.page.get_by_role("row").filter(has_text=name).filter(has_text=title)
