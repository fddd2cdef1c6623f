"""A taper from the first drawing to the patient's sheet, and what is done when it must wait or go back."""

import csv
import io
import json
import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Browse
from tests.browser.screen import Screen, in_days, with_and_without_scripts

pytestmark = pytest.mark.browser

# 60 mg/day since months; a draft that is too fast; a taper that runs.
HOLLIS, PRYCE, NOVAK = "SP-0347", "SP-0445", "SP-0431"
CONTENT_TYPES = {
    "Sheet for the patient (PDF)": "application/pdf",
    "Page for the record (PDF)": "application/pdf",
    "Calendar (.ics)": "text/calendar",
    "Steps (CSV)": "text/csv",
    "Days (CSV)": "text/csv",
    "Data (JSON)": "application/json",
}


@with_and_without_scripts
def test_a_taper_is_drawn_saved_and_signed(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    given_the_planner(screen, HOLLIS)
    when_it_is_drawn(screen, "5 mg/day each week", "10 mg tablet", "5 mg tablet")
    then_the_steps_go(screen, "55 50 45 40 35 30 25 20 15 10 5 0")
    screen.click("Save as draft")
    screen.sees("The plan is saved as a draft", "draft, not signed")
    when_it_is_signed(screen)
    screen.sees("The plan is signed.", "running")
    then_the_steps_go(screen, "55 50 45 40 35 30 25 20 15 10 5 0")


@with_and_without_scripts
def test_a_plan_too_fast_is_signed_only_with_a_reason(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_plan_of(screen, PRYCE)
    screen.click("Sign, with a reason", "link")
    screen.sees("To be answered with a reason")
    confirm(screen, "Sign").click()
    screen.sees("high and critical findings are answered")
    screen.choose(Reason="Supervised closely, for example in hospital")
    confirm(screen, "Sign").click()
    screen.sees("The plan is signed.", "Supervised closely, for example in hospital")


@with_and_without_scripts
def test_a_taper_stays_longer_at_two_doses(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts, width=390)
    given_the_planner(screen, HOLLIS)
    when_it_is_drawn(screen, "5 mg/day each week", "10 mg tablet", "5 mg tablet")
    first, second = screen.page.locator("#id_stay0-at"), screen.page.locator("#id_stay1-at")
    first.fill("40")
    screen.page.locator("#add-stay").press("Enter")
    second.fill("20")
    screen.click("Draw the plan")
    screen.sees("Stays at 40 mg/day 7 days longer", "Stays at 20 mg/day 7 days longer")
    screen.click("Remove stay 1")
    expect(first).to_have_value("20")
    expect(second).to_have_count(0)
    screen.sees_not("Stays at 40 mg/day")


def test_the_planner_redraws_while_one_chooses(browse: Browse) -> None:
    screen = browse()
    given_the_planner(screen, HOLLIS)
    screen.page.get_by_role("radio", name="5 mg/day each week").check()
    then_the_steps_go(screen, "55 50 45 40 35 30 25 20 15 10 5 0")
    summary = screen.page.locator("#plan-drawn").get_by_role("status")
    before = summary.inner_text()
    screen.page.get_by_role("radio", name="Over 2 weeks").check()
    expect(summary).not_to_have_text(before)


def test_what_is_chosen_before_the_scripts_come_is_drawn_when_they_do(browse: Browse) -> None:
    screen, held = browse(), list[Route]()
    screen.visit_patient(HOLLIS)
    screen.page.route("**/*htmx*.js", lambda script: held.append(script))
    screen.page.get_by_role("link", name="New plan").first.click(no_wait_after=True)
    screen.page.get_by_role("radio", name="Equal amounts").check()
    assert held
    held.pop().continue_()
    screen.fill(Each_step="10", Every="3")
    then_the_steps_go(screen, "50 40 30 20 10 0")


def test_the_planner_names_what_is_too_fast_and_offers_a_slower_way(browse: Browse) -> None:
    screen = browse()
    given_the_planner(screen, HOLLIS)
    screen.page.get_by_role("radio", name="Equal amounts").check()
    screen.fill(Each_step="30", Every="1")
    expect(screen.page.locator("#plan-drawn")).to_contain_text("Critical")
    screen.sees("Use the slower plan")
    before = step_totals(screen).count()
    screen.click("Use the slower plan")
    expect(screen.page.locator("#plan-drawn")).not_to_contain_text("Critical")
    assert step_totals(screen).count() > before


@with_and_without_scripts
def test_what_cannot_be_drawn_is_said_and_kept(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_planner(screen, HOLLIS)
    screen.fill(Target="sixty")
    screen.click("Draw the plan")
    screen.sees("This cannot be drawn", "Target:")
    expect(screen.field("Target")).to_have_value("sixty")


@with_and_without_scripts
def test_every_export_holds_the_whole_plan(browse: Browse, scripts: bool) -> None:
    screen = browse("lindqvist", scripts=scripts)
    given_the_plan_of(screen, NOVAK)
    steps = json.loads(downloaded(screen, "Data (JSON)"))["steps"]
    assert len(steps) == step_totals(screen).count() == 12
    days = [step["starts_on"] for step in steps]
    missing = {label: missing_from(label, downloaded(screen, label), days) for label in CONTENT_TYPES}
    assert missing == {label: [] for label in CONTENT_TYPES}


@with_and_without_scripts
def test_a_held_plan_goes_on_with_new_dates_that_are_shown_first(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    given_the_plan_of(screen, NOVAK)
    when_it_is_held(screen, "Chest infection")
    screen.sees("The plan is held.", "Chest infection")
    screen.click("Resume", "link")
    first_on = in_days(20)
    screen.fill(Next_step_on=first_on.isoformat(), Why="Well again")
    screen.page.get_by_label("Pace").select_option(label="Gaps twice as long")
    screen.click("Show the steps")
    then_the_first_step_is_on(screen, first_on)
    confirm(screen, "Confirm these steps").click()
    screen.sees("The plan goes on with the new dates.", "version 2", "running")
    then_the_first_step_is_on(screen, first_on)


@with_and_without_scripts
def test_dates_that_were_never_shown_are_not_confirmed(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(422)
    given_the_plan_of(screen, NOVAK)
    screen.click("Slow down", "link")
    screen.fill(Next_step_on=in_days(9).isoformat())
    confirm(screen, "Confirm these steps").click()
    screen.sees("The steps have changed, or the dose before them", "Look at them, then confirm.")
    then_the_first_step_is_on(screen, in_days(9))


@with_and_without_scripts
def test_a_plan_is_stepped_back_with_its_later_steps_re_dated(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    given_the_plan_of(screen, NOVAK)
    screen.click("Step back", "link")
    screen.sees("Steps as they would be")
    expect(step_totals(screen).first).to_have_text("30")
    screen.fill(Why="More spasms")
    screen.fill(**{"Stable days before the next try": "10"})
    screen.click("Show the steps")
    expect(step_totals(screen).first).to_have_text("30")
    answer_if_asked(screen)
    confirm(screen, "Confirm these steps").click()
    screen.sees("The plan is stepped back", "version 2", "More spasms")
    screen.shows_dose("30 mg/day")


def test_who_holds_and_stops_one_plan_in_two_windows_sees_both(browse: Browse) -> None:
    first, second = browse(), browse()
    second.expects(409)
    given_the_plan_of(second, NOVAK)
    second.click("Stop", "link")
    given_the_plan_of(first, NOVAK)
    when_it_is_held(first, "Chest infection")
    second.fill(Why="No longer wanted")
    second.click("Stop the plan")
    second.sees("You changed this plan already", "What you saw and asked", "No longer wanted", "Chest infection")


def test_a_pharmacist_drafts_and_does_not_sign(browse: Browse) -> None:
    screen = browse("lindqvist")
    given_the_plan_of(screen, PRYCE)
    expect(screen.page.get_by_role("link", name="Sign")).to_have_count(0)
    expect(screen.page.get_by_role("button", name="Sign")).to_have_attribute("aria-disabled", "true")
    screen.expects(403)
    screen.visit(f"{screen.path}sign/")
    screen.sees("You cannot do this")


def given_the_planner(screen: Screen, identifier: str) -> None:
    screen.visit_patient(identifier)
    screen.click("New plan", "link")
    screen.page.wait_for_load_state()
    expect(screen.page.get_by_role("button", name="Draw the plan").first).to_be_visible()


def given_the_plan_of(screen: Screen, identifier: str) -> None:
    screen.visit_patient(identifier)
    screen.page.get_by_role("link", name=re.compile("^Taper 1")).first.click()
    expect(screen.page.get_by_role("heading", name="Take home")).to_be_visible()


def when_it_is_drawn(screen: Screen, way: str, *products: str) -> None:
    screen.page.get_by_role("radio", name=way).check()
    for product in products:
        screen.page.get_by_role("checkbox", name=product).check()
    screen.click("Draw the plan")


def when_it_is_signed(screen: Screen) -> None:
    screen.page.get_by_role("link", name=re.compile("^Sign")).first.click()
    answer_if_asked(screen)
    confirm(screen, "Sign").click()


def when_it_is_held(screen: Screen, why: str) -> None:
    screen.click("Hold", "link")
    screen.fill(Why=why)
    confirm(screen, "Hold").click()
    screen.sees("The plan is held.")


def answer_if_asked(screen: Screen) -> None:
    expect(screen.page.get_by_role("link", name="Back to the plan")).to_be_visible()
    if screen.page.get_by_text("To be answered with a reason").count():
        screen.choose(Reason="Supervised closely, for example in hospital")


def then_the_steps_go(screen: Screen, totals: str) -> None:
    expect(step_totals(screen)).to_have_text(totals.split())


def then_the_first_step_is_on(screen: Screen, day: date) -> None:
    first = screen.page.get_by_role("region", name="Steps, table").locator("tbody tr td").first
    expect(first).to_contain_text(f"{day.day} {day:%b}")


def step_totals(screen: Screen) -> Locator:
    return screen.page.get_by_role("region", name="Steps, table").locator("tbody tr td:nth-child(2)")


def confirm(screen: Screen, words: str) -> Locator:
    return screen.page.locator("main").get_by_role("button", name=words, exact=True)


def downloaded(screen: Screen, label: str) -> bytes:
    """As a click brings it; its kind as the server says."""
    link = screen.page.get_by_role("link", name=label)
    answer = screen.page.request.get(f"{screen.site.origin}{link.get_attribute('href')}")
    assert answer.headers["content-type"].partition(";")[0] == CONTENT_TYPES[label]
    assert "no-store" in answer.headers["cache-control"]
    with screen.page.expect_download() as download:
        link.click()
    return download.value.path().read_bytes()


def missing_from(label: str, body: bytes, days: list[str]) -> list[str]:
    """Days of steps that a file does not speak of. A PDF's text is read by the tests of the exports."""
    if label.endswith("(PDF)"):
        return [] if body.startswith(b"%PDF-") and body.rstrip().endswith(b"%%EOF") else ["a PDF"]
    text = body.decode("utf-8-sig")
    if label == "Calendar (.ics)":
        return [day for day in days if f"DTSTART;VALUE=DATE:{day.replace('-', '')}" not in text]
    if label.endswith("(CSV)"):
        cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
        return [day for day in days if day not in cells]
    return [day for day in days if day not in text]
