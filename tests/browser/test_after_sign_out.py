"""Row 47: whoever sits down after somebody signed out sees nothing of what was looked at."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.browser.screen import with_and_without_scripts
from titration.demo.sign_in import DEMO_EMAIL, DEMO_PASSWORD

pytestmark = pytest.mark.browser

ASHDOWN = "SP-0417"
KEPT = "JSON.stringify(sessionStorage) + JSON.stringify(localStorage)"


@with_and_without_scripts
def test_row_47_after_sign_out_back_shows_nothing(browse: Browse, scripts: bool) -> None:
    screen = browse("nobody", scripts=scripts)
    screen.visit("/sign-in/")
    screen.fill(Work_email=DEMO_EMAIL, Password=DEMO_PASSWORD)
    screen.click("Sign in")
    screen.sees("Worklist")
    screen.visit_patient(ASHDOWN)
    screen.visit("/guidance/")
    screen.page.locator(".menu summary").click()
    screen.click("Sign out")
    expect(screen.page.get_by_label("Work email")).to_be_visible()
    for _ in range(3):
        screen.page.go_back()
        screen.page.wait_for_load_state()
        screen.sees_not("Ashdown", "Margaret", "mg/day")
    assert "Ashdown" not in screen.page.evaluate(KEPT)
