"""Every page and every act that a person may use has a way to it that can be seen, from the worklist on, at each width.

What is expected comes from the rows of tests/addresses.py, which the matrix of rights pins: an address without a way
fails here, unless UNSEEN says how one comes to it. Nothing is typed into the address bar.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.addresses import FORBIDDEN, NOT_ALLOWED, NOT_FOUND, OK, ROWS, Row
from tests.browser.conftest import NARROW, WIDE, Browse, sign_in
from tests.browser.screen import Screen
from tests.browser.site import Site
from tests.browser.stocked import EMAILS, HOLLIS, LEFT, OSEI, stock
from tests.browser.test_accessibility import sideways
from tests.browser.ways import CONTROLS, Way, route_of, ways_on

pytestmark = pytest.mark.browser

TABLET, SMALLEST = 768, 320
BAR_HAS_NO_ROOM = 760
SLOW_MS = 20_000
STOCKED = "stocked"
ROLES = {
    "okafor": {"clinician", "admin"}, "brandt": {"nurse"}, "lindqvist": {"pharmacist"}, "reader": {"reader"},
    "dunn": {"clinician"}, "acre": {"reader", "admin"}, "twice": {"nurse"}, "nowhere": set[str](),
}  # fmt: skip
# Patients whose pages differ by what stands on file: a plan under way, a draft, one on hold; and one of everything.
NOVAK, PRYCE = "SP-0431", "SP-0445"
STOCKED_WELL = OSEI
LOOKED_AT = (STOCKED_WELL, NOVAK, PRYCE, HOLLIS)
DOWNLOADS = ("plan_export", "audit_export")
# A page that is another one with this in its address.
STATES = ("correct", "log")
# A form that a person may not send needs no way; these pages are also read.
READ_TOO = {
    "patient_details", "conditions", "medicines", "kidney", "interruptions", "supply", "reviews", "symptoms",
    "treatment", "plan_new", "hand_over", "week",
}  # fmt: skip
PAGES_OF_THE_STOCKED = READ_TOO | {"patient", "history_import", "import_preview"}
UNSEEN = {
    "account_login": "the same page as sign_in, by allauth's name",
    "sign_in": "stands before the worklist",
    "account_logout": "the same act as sign_out, by allauth's name",
    "mfa_authenticate": "stands before the worklist",
    "join": "its link comes by mail",
    "account_reset_password": "for whoever is signed out",
    "account_reset_password_done": "for whoever is signed out",
    "account_reset_password_from_key": "its link comes by mail",
    "account_reset_password_from_key_done": "for whoever is signed out",
    "well_known_change_password": "for password managers",
    "signed_in_again": "for the window that signs in again",
    "sign_in_token": "for a script",
    "kept_form": "where signing in again leads",
    "account_reauthenticate": "where an act leads that asks for the password again",
    "mfa_reauthenticate": "where an act leads that asks for the second factor again",
    "mfa_reauthenticate_webauthn": "where an act leads that asks for the second factor again",
    "mfa_list_webauthn": "on the account once a passkey is there",
    "mfa_generate_recovery_codes": "on the account once a second factor is there",
    "week_paper": "where asking for the week's paper leads",
    "week_fetch": "on that page",
    "preview_dose": "asked by the form while one types",
    "healthz": "for whoever runs the server",
    "readyz": "for whoever runs the server",
    "metrics": "for whoever runs the server",
}


def may_use(name: str, row: Row, roles: set[str]) -> bool:
    """Whether these roles get anything but a refusal there."""
    if not roles and not row.own:
        return False
    sends = row.post not in (FORBIDDEN, NOT_ALLOWED, NOT_FOUND) or (row.post == FORBIDDEN and bool(row.who & roles))
    reads = row.get == OK or (row.get == FORBIDDEN and bool(row.who & roles))
    return sends or (reads and (row.post != FORBIDDEN or name in READ_TOO))


def expected_of(who: str) -> set[str]:
    named = {name for name, row in ROWS.items() if name not in UNSEEN and may_use(name, row, ROLES[who])}
    return named | {"sign_out"}


@dataclass
class Walk:
    """routes: those that a visible way leads to. Each kind of page is looked at once, those of LOOKED_AT one by one."""

    screen: Screen
    routes: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=lambda: {"worklist"})

    def to_worklist(self) -> None:
        self.screen.page.get_by_role("link", name="Baclofen titration", exact=True).click()
        self.screen.page.wait_for_url(f"{self.screen.site.origin}/")

    def to_patient(self, identifier: str) -> None:
        """By the search: not everybody is on the worklist."""
        page = self.screen.page
        self.to_worklist()
        page.get_by_label("Name, date of birth or identifier").fill(identifier)
        self.screen.press("Enter")
        page.wait_for_url(f"**{self.screen.site.patients[identifier]}*")
        self.from_here()

    def from_here(self) -> None:
        here = self.screen.page.url
        for way in ways_on(self.screen.page, self.screen.site.origin):
            self.routes.add(way.route)
            if way.is_link and self._is_new(way):
                self._go(way, here)

    def _is_new(self, way: Way) -> bool:
        kind = self._kind(way)
        is_new = kind not in self.seen
        self.seen.add(kind)
        return is_new

    def _kind(self, way: Way) -> str:
        query = way.address.partition("?")[2].partition("#")[0].split("&")
        states = sorted(each for each in query if each.partition("=")[0] in STATES)
        return " ".join((way.route, way.path if self._is_looked_at(way, states) else "", *states))

    def _is_looked_at(self, way: Way, states: list[str]) -> bool:
        pages = self.screen.site.patients
        if way.path.startswith(pages[STOCKED_WELL]) and way.route in PAGES_OF_THE_STOCKED:
            return True
        return not states and (way.path in {pages[each] for each in LOOKED_AT} or way.route in ("plan", "member"))

    def _go(self, way: Way, here: str) -> None:
        if way.route in DOWNLOADS:
            with self.screen.page.expect_download():
                way.click(self.screen.page)
            return
        way.click(self.screen.page)
        self.screen.page.wait_for_url(lambda url: url.partition("#")[0].endswith(way.address.partition("#")[0]))
        self.screen.page.wait_for_load_state()
        self.from_here()
        self.screen.page.goto(here)  # As the button Back does: it was come to by clicking.


@pytest.fixture(scope="package")
def people(everyone: tuple[Site, dict[str, Any]], browser: Browser) -> dict[str, Any]:
    """The site with one of everything on file, remembered by a name of its own, and everybody's cookies."""
    site, cookies = everyone
    site.restore()
    stock(site)
    more = {name: sign_in(browser, site, email) for name, email in EMAILS.items() if name != LEFT}
    site.remember(STOCKED)
    return cookies | more


@pytest.fixture
def window(browse: Browse, site: Site, people: dict[str, Any]) -> Callable[..., Screen]:
    """A window of one of these people, at the worklist or where they were sent instead."""

    def open_window(who: str, *, width: int, scripts: bool = True) -> Screen:
        site.restore(STOCKED)
        screen = browse("nobody", width=width, scripts=scripts)
        screen.expects(403, 404, 409, 422)
        screen.page.set_default_timeout(SLOW_MS)
        screen.page.context.add_cookies(people[who]["cookies"])
        screen.visit("/")
        return screen

    return open_window


@pytest.mark.parametrize("who", ["okafor", "brandt", "lindqvist", "reader"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_whatever_a_person_may_use_is_found_by_clicking_what_is_visible(
    window: Callable[..., Screen], who: str, width: int
) -> None:
    walk = Walk(window(who, width=width))
    for identifier in LOOKED_AT:
        walk.to_patient(identifier)
    walk.to_worklist()
    walk.from_here()
    assert expected_of(who) - walk.routes == set()


# The pages that are about no patient, none of whose addresses holds an id: the bar and its menu lead to each.
FROM_THE_BAR = {
    "okafor": ("people", "audit", "clinic_settings", "reasons", "templates", "products", "mfa_index"),
    "acre": ("people", "audit", "clinic_settings", "reasons", "templates", "products", "mfa_index"),
    **dict.fromkeys(("brandt", "lindqvist", "reader", "dunn", "twice"), ("mfa_index",)),
}


@pytest.mark.parametrize("who", FROM_THE_BAR)
@pytest.mark.parametrize("width", [WIDE, TABLET, NARROW, SMALLEST])
def test_the_bar_and_its_menu_lead_everywhere_and_to_sign_out(
    window: Callable[..., Screen], who: str, width: int
) -> None:
    screen = window(who, width=width)
    main = ("worklist", "guidance", "statistics")
    for route in (*main, *FROM_THE_BAR[who]):
        if width <= BAR_HAS_NO_ROOM or route not in main:
            open_menu(screen)
        way_to(screen, route).click(screen.page)
        screen.page.wait_for_url(partial(is_at, screen, route))
        expect(screen.page.get_by_role("banner")).to_be_visible()
    assert routes_in_menu(screen) == {*FROM_THE_BAR[who], "sign_out"} | (
        set(main) if width <= BAR_HAS_NO_ROOM else set()
    )
    assert sideways(screen, who) == []
    open_menu(screen)
    screen.click("Sign out")
    screen.page.wait_for_url("**/sign-in/*")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_menu_is_used_by_keyboard(window: Callable[..., Screen], width: int, scripts: bool) -> None:
    screen = window("okafor", width=width, scripts=scripts)
    summary, menu = screen.page.locator(".menu > summary"), screen.page.locator(".menu-panel")
    tab_to(screen, summary)
    screen.press("Enter")
    expect(menu).to_be_visible()
    if scripts:
        tab_to(screen, menu.get_by_role("link", name="Products for plans"))
        screen.press("Escape")
        expect(menu).to_be_hidden()
        expect(summary).to_be_focused()
        screen.press("Enter")
    tab_to(screen, menu.get_by_role("link", name="People"))
    screen.press("Enter")
    screen.page.wait_for_url("**/settings/people/")
    tab_to(screen, summary)
    screen.press("Space")
    tab_to(screen, menu.get_by_role("button", name="Sign out"))
    screen.press("Enter")
    screen.page.wait_for_url("**/sign-in/*")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_who_works_for_no_clinic_reaches_the_account_and_the_way_out(window: Callable[..., Screen], width: int) -> None:
    screen = window("nowhere", width=width)
    screen.sees("Your sign-in belongs to no clinic at present.")
    screen.click("Your account", "link")
    screen.page.wait_for_url("**/account/")
    screen.page.wait_for_load_state()
    walk = Walk(screen)
    walk.from_here()
    assert expected_of("nowhere") - walk.routes == set()
    screen.click("Baclofen titration", "link")
    screen.click("Sign out")
    screen.page.wait_for_url("**/sign-in/*")


def test_a_name_and_a_clinic_as_long_as_they_may_be_leave_the_bar_in_the_window(
    window: Callable[..., Screen],
) -> None:
    screen = window("brandt", width=WIDE)
    screen.page.locator(".menu-who").evaluate(
        "(who) => { who.firstChild.textContent = 'Name '.repeat(30) + who.firstChild.data; }"
    )
    for width in (WIDE, TABLET, NARROW, SMALLEST):
        screen.page.set_viewport_size({"width": width, "height": 900})
        assert sideways(screen, f"{width} px") == []
        expect(screen.page.locator(".menu > summary")).to_be_in_viewport(ratio=1)


def is_at(screen: Screen, route: str, url: str) -> bool:
    return route_of(url.removeprefix(screen.site.origin)) == route


def open_menu(screen: Screen) -> None:
    screen.page.locator(".menu > summary").click()
    expect(screen.page.locator(".menu-panel")).to_be_visible()


def way_to(screen: Screen, route: str) -> Way:
    """Of the bar or its open menu, and seen: the page below may lead there too."""
    controls = screen.page.locator(CONTROLS)
    for way in ways_on(screen.page, screen.site.origin):
        if way.route == route and way.is_shown and controls.nth(way.index).evaluate("(each) => !!each.closest('.top')"):
            return way
    raise AssertionError(f"nothing in the bar or its menu leads to {route}")


def routes_in_menu(screen: Screen) -> set[str]:
    open_menu(screen)
    inside = "(each) => !!each.closest('.menu-panel')"
    ways = [way for way in ways_on(screen.page, screen.site.origin) if way.is_shown]
    found = {way.route for way in ways if way.of(screen.page).evaluate(inside)}
    screen.press("Escape")
    return found


def tab_to(screen: Screen, control: Locator) -> None:
    for _ in range(60):
        screen.press("Tab")
        if control.evaluate("(each) => each === document.activeElement"):
            return
    raise AssertionError(f"Tab does not come to {control}")
