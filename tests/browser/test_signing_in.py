"""The second factor and the end of a session, as people meet them: nothing typed is lost, no console complains.

Passkeys need a name, not an address: these pages are visited at localhost.
"""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.browser.screen import Screen, with_and_without_scripts
from titration.demo.sign_in import DEMO_EMAIL, DEMO_PASSWORD

pytestmark = pytest.mark.browser

ASHDOWN = "SP-0417"


def sign_in(screen: Screen, page: Page | None = None) -> None:
    page = page or screen.page
    page.get_by_label("Work email").fill(DEMO_EMAIL)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def set_up_an_app(screen: Screen) -> str:
    screen.click("Set up an app", "link")
    secret = screen.page.locator("code.secret").inner_text()
    screen.fill(Code=code(secret))
    screen.click("Turn on")
    screen.sees("Each code works once")
    return secret


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@with_and_without_scripts
def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(browse: Browse, scripts: bool) -> None:
    screen = browse("nobody", scripts=scripts)
    screen.visit("/account/")
    sign_in(screen)
    set_up_an_app(screen)
    recovery = screen.page.locator(".codes code").first.inner_text()
    screen.page.get_by_text("R. Okafor").first.click()
    screen.click("Sign out")
    sign_in(screen)
    screen.sees("Second factor")
    screen.fill(Code="000000")
    screen.click("Sign in")
    screen.sees("This code does not fit")
    screen.fill(Code=recovery)
    screen.click("Sign in")
    screen.sees("Worklist")


def test_a_passkey_is_added_and_opens_the_door(browse: Browse) -> None:
    screen = browse("nobody")
    origin = screen.site.origin.replace("127.0.0.1", "localhost")
    screen.visit(f"{origin}/account/passkeys/add/")
    sign_in(screen)
    screen.sees("Give it a name")
    devices = screen.page.context.new_cdp_session(screen.page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = {**device, "isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    screen.click("Add passkey")
    screen.sees("Each code works once")
    screen.page.get_by_text("R. Okafor").first.click()
    screen.click("Sign out")
    sign_in(screen)
    screen.click("Use a passkey")
    screen.sees("Worklist")


def leave_it_alone(screen: Screen) -> None:
    """As if half an hour had gone by: every session of this site was last used long ago."""
    past = time.time() - timedelta(minutes=30).total_seconds()
    with closing(sqlite3.connect(screen.site.database, timeout=10)) as rows, rows:
        for key, data in rows.execute("SELECT session_key, session_data FROM titration_session").fetchall():
            salt = "django.contrib.sessions.SessionStore"
            session = signing.loads(data, salt=salt, serializer=JSONSerializer)
            aged = signing.dumps({**session, "seen_at": past}, salt=salt, serializer=JSONSerializer, compress=True)
            rows.execute("UPDATE titration_session SET session_data = ? WHERE session_key = ?", (aged, key))


def test_a_form_survives_a_session_that_ended_in_the_middle(browse: Browse) -> None:
    """The page stays as it is; signing in goes on in a new tab, and the form is sent from where it stands."""
    screen = browse("nobody")
    screen.expects(401, 403)
    screen.visit("/sign-in/")
    sign_in(screen)
    screen.sees("Worklist")
    screen.visit_log(ASHDOWN, "response")
    screen.fill(Note="typed before the end")
    leave_it_alone(screen)
    screen.click("Save")
    screen.sees("You were signed out")
    screen.complains_of("Response Status Error Code 401")
    with screen.page.expect_console_message(lambda said: "Response Status Error Code" in said.text):
        screen.click("Save")
    screen.complains_of("Response Status Error Code 40")
    screen.sees("You were signed out")
    expect(screen.field("Note")).to_have_value("typed before the end")
    with screen.page.context.expect_page() as opened:
        screen.click("Sign in in a new tab", "link")
    sign_in(screen, opened.value)
    expect(opened.value.locator("body")).to_contain_text("You are signed in again")
    opened.value.close()
    screen.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    screen.sees("Send it now")
    expect(screen.field("Note")).to_have_value("typed before the end")
    screen.page.locator("[name=spasticity]").select_option("4")
    screen.click("Save")
    screen.sees("typed before the end")


def test_a_form_of_an_earlier_session_says_how_to_keep_what_was_typed_and_is_sent_again(browse: Browse) -> None:
    """Somebody signed out and in again in another tab: the token of this page is refused."""
    screen = browse("nobody")
    screen.expects(403)
    screen.visit("/sign-in/")
    sign_in(screen)
    screen.sees("Worklist")
    screen.visit_log(ASHDOWN, "response")
    screen.page.locator("[name=spasticity]").select_option("4")
    screen.fill(Note="typed in the session before")
    screen.page.context.clear_cookies()
    other = screen.page.context.new_page()
    other.goto(f"{screen.site.origin}/sign-in/")
    sign_in(screen, other)
    expect(other.locator("body")).to_contain_text("Worklist")
    screen.click("Save")
    screen.sees("a reload would lose it: copy it first")
    screen.complains_of("Response Status Error Code 403")
    expect(screen.field("Note")).to_have_value("typed in the session before")
    screen.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    screen.page.wait_for_load_state("networkidle")
    screen.click("Save")
    screen.sees("typed in the session before")
    assert not screen.path.endswith("/log/response/")


def test_without_scripts_the_form_is_offered_again_after_signing_in(browse: Browse) -> None:
    screen = browse("nobody", scripts=False)
    screen.visit("/sign-in/")
    sign_in(screen)
    screen.sees("Worklist")
    screen.visit_log(ASHDOWN, "response")
    screen.page.locator("[name=spasticity]").select_option("4")
    screen.fill(Note="typed before the end")
    leave_it_alone(screen)
    screen.click("Save")
    sign_in(screen)
    screen.sees("This was not saved", "typed before the end")
    screen.click("Send it again")
    screen.sees("typed before the end")
    assert screen.path.startswith("/patients/")
