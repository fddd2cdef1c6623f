"""What patients tell, one form a kind; what was entered in error; and forms that lose nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.browser.screen import Screen, in_days, with_and_without_scripts

pytestmark = pytest.mark.browser

HOLLIS, OSEI = "SP-0347", "SP-0290"


@with_and_without_scripts
def test_sedation_is_reported(browse: Browse, scripts: bool) -> None:
    screen = given_the_form(browse("brandt", scripts=scripts), "sedation")
    screen.page.get_by_role("radio", name="hard to rouse").check()
    screen.choose(Who_says_so="Carer", Falls="Yes")
    screen.fill(Note="Slept through the morning.")
    screen.click("Save sedation")
    then_it_is_on_the_time_line(screen, "Sedation saved.", "grade 3", "Slept through the morning.")
    screen.sees("Sedation grade 3: hard to rouse")


@with_and_without_scripts
def test_effects_are_reported(browse: Browse, scripts: bool) -> None:
    screen = given_the_form(browse("brandt", scripts=scripts), "effects")
    screen.tick("Dizziness", "Nausea")
    screen.choose(Severity="Moderate")
    screen.click("Save effects")
    then_it_is_on_the_time_line(screen, "Effects saved.", "izziness", "ausea", "oderate")


@with_and_without_scripts
def test_withdrawal_signs_are_reported(browse: Browse, scripts: bool) -> None:
    screen = given_the_form(browse("brandt", scripts=scripts), "signs")
    screen.sees("Any of these after a lower dose or missed doses is an emergency")
    screen.tick("Tremor", "Fast heartbeat")
    screen.click("Save signs")
    then_it_is_on_the_time_line(screen, "Withdrawal signs saved.", "remor", "ast heartbeat")


@with_and_without_scripts
def test_a_response_is_scored(browse: Browse, scripts: bool) -> None:
    screen = given_the_form(browse("brandt", scripts=scripts), "response")
    screen.choose(**{"Spasticity, 0 to 10": "6", "Tone on passive movement, 0 to 4": "1+"})
    screen.click("Save scores")
    then_it_is_on_the_time_line(screen, "Scores saved.", "pasticity", "1+")


@with_and_without_scripts
def test_missed_doses_are_reported_and_judged(browse: Browse, scripts: bool) -> None:
    screen = given_the_form(browse("brandt", scripts=scripts), "intake")
    screen.page.get_by_role("radio", name="Missed doses").check()
    missed = screen.page.get_by_role("group", name="Missed")
    for time in ("Morning", "Midday"):
        missed.get_by_role("checkbox", name=time).check()
    if scripts:
        screen.sees("alone: 20\u00a0mg/day.")
    screen.click("Save what was taken")
    then_it_is_on_the_time_line(screen, "What was taken is saved.", "missed")
    screen.sees("alone: 20\u00a0mg/day.", "what is prescribed counts as taken again: 60\u00a0mg/day.")
    screen.shows_dose("20 mg/day")


@with_and_without_scripts
def test_what_goes_on_is_ticked_and_an_end_beside_it_is_asked_about(browse: Browse, scripts: bool) -> None:
    screen = given_the_form(browse("brandt", scripts=scripts), "intake")
    screen.expects(422)
    screen.page.get_by_role("radio", name="Another daily total").check()
    screen.fill(Total_a_day="40", Since=in_days(-2).isoformat(), Until=in_days(-1).isoformat())
    screen.tick("It goes on")
    screen.click("Save what was taken")
    screen.sees("both together say two things")
    screen.fill(Until="")
    screen.click("Save what was taken")
    screen.sees("until another report says otherwise: 40\u00a0mg/day.")
    screen.shows_dose("40 mg/day")


@with_and_without_scripts
def test_an_empty_box_is_reported_and_flagged(browse: Browse, scripts: bool) -> None:
    screen = given_the_form(browse("brandt", scripts=scripts), "intake")
    screen.page.get_by_role("radio", name="Ran out of tablets").check()
    screen.click("Save what was taken")
    screen.sees("What was taken is saved.", "Abrupt stop")
    screen.shows_dose("0 mg/day")


@with_and_without_scripts
def test_a_form_without_an_answer_says_what_is_missing(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_form(screen, "sedation")
    screen.fill(Note="Told by telephone.")
    screen.click("Save sedation")
    screen.sees("Nothing is saved yet", "Choose a grade from 0 to 4.")
    expect(screen.field("Note")).to_have_value("Told by telephone.")


@with_and_without_scripts
def test_an_entry_in_error_is_struck_through_and_its_flag_resolved(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.visit_patient(OSEI)
    screen.sees("Dose drops 50")
    screen.click("Correct an entry", "link")
    entry = screen.page.get_by_role("row").filter(has_text="Halved it himself")
    entry.get_by_role("link", name="Entered in error?").click()
    screen.fill(**{"What is wrong with it": "It was another patient."})
    screen.click("Mark as entered in error")
    expect(screen.page.locator("del").filter(has_text="20")).to_be_visible()
    screen.sees("It was another patient.")
    screen.shows_dose("40 mg/day")
    screen.visit("/")
    screen.sees_not("Dose drops 50")


def test_a_double_click_saves_one_entry(browse: Browse) -> None:
    screen = given_the_form(browse("brandt"), "sedation")
    screen.page.get_by_role("radio", name="drowsier than usual").check()
    screen.fill(Note="Said once.")
    screen.page.get_by_role("button", name="Save sedation").dblclick()
    screen.sees("Sedation saved.")
    expect(screen.page.get_by_text("Said once.")).to_have_count(1)


def test_a_form_sent_twice_without_scripts_saves_one_entry(browse: Browse) -> None:
    screen = given_the_form(browse("brandt", scripts=False), "sedation")
    screen.page.get_by_role("radio", name="drowsier than usual").check()
    screen.fill(Note="Said once.")
    form = screen.page.locator("#log form")
    fields = form.evaluate("(form) => [...new FormData(form)].map(([name, value]) => [name, String(value)])")
    for _ in range(2):
        answer = screen.page.request.post(screen.page.url, form=dict(fields), headers={"Referer": screen.page.url})
        assert answer.ok
    screen.visit_patient(HOLLIS)
    expect(screen.page.get_by_text("Said once.")).to_have_count(1)


def test_leaving_unsaved_typing_warns(browse: Browse) -> None:
    screen = given_the_form(browse(), "sedation")
    screen.page.get_by_role("radio", name="drowsier than usual").check()
    asked = []
    screen.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    screen.page.get_by_role("link", name="Worklist").first.click(no_wait_after=True)
    screen.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(screen.page.get_by_role("radio", name="drowsier than usual")).to_be_checked()


def test_leaving_a_form_that_was_not_touched_or_is_saved_does_not_warn(browse: Browse) -> None:
    screen = given_the_form(browse(), "sedation")
    asked = []
    screen.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    screen.page.get_by_role("link", name="Worklist").first.click()
    screen.page.wait_for_url("**/")
    given_the_form(screen, "sedation")
    screen.page.get_by_role("radio", name="drowsier than usual").check()
    screen.click("Save sedation")
    screen.sees("Sedation saved.")
    assert asked == []


def test_an_answer_that_never_arrives_is_said_and_nothing_typed_is_lost(browse: Browse) -> None:
    screen = given_the_form(browse(), "sedation")
    screen.page.get_by_role("radio", name="drowsier than usual").check()
    screen.fill(Note="The line is bad.")
    screen.page.context.route("**/log/sedation/", lambda route: route.abort())
    screen.click("Save sedation")
    screen.sees("this may not be saved")
    expect(screen.field("Note")).to_have_value("The line is bad.")
    assert screen.complains_of("ERR_FAILED")
    screen.complains_of("htmx:sendError")
    screen.page.context.unroute("**/log/sedation/")
    screen.click("Save sedation")
    screen.sees("Sedation saved.")


def test_the_tabs_change_the_form_without_a_new_page(browse: Browse) -> None:
    screen = browse()
    screen.visit_patient(HOLLIS)
    screen.page.evaluate("() => { window.sameDocument = true }")
    tabs = screen.page.get_by_role("navigation", name="What to log")
    tabs.get_by_role("link", name="Sedation").click()
    expect(screen.page.get_by_role("button", name="Save sedation")).to_be_visible()
    expect(tabs.get_by_role("link", name="Sedation")).to_have_attribute("aria-current", "true")
    assert screen.page.evaluate("() => window.sameDocument") is True


def given_the_form(screen: Screen, kind: str) -> Screen:
    screen.visit_log(HOLLIS, kind)
    return screen


def then_it_is_on_the_time_line(screen: Screen, saved: str, *words: str) -> None:
    screen.sees(saved)
    newest = screen.page.get_by_role("region", name="Time line")
    for word in words:
        expect(newest).to_contain_text(word)
