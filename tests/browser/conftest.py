"""One browser and one site for all journeys; before each, the site's database is as it was at the start.

The CDN's address is answered with the very file from npm, so the real tag with its real hash is at work, offline.
Playwright's loop would make Django refuse its database in the same thread: it lives as long as this package's tests.
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

from tests.browser.screen import Screen, complaints_of
from tests.browser.site import Site, served
from tests.conftest import CHART_JS, CHROMIUM
from titration.assets import CDN
from titration.demo.people import COLLEAGUES
from titration.demo.sign_in import DEMO_PASSWORD

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WAIT_MS = 8000
WIDE, NARROW = 1280, 390


class Browse(Protocol):
    def __call__(
        self, who: str = ..., *, scripts: bool = ..., width: int = ..., cdn: bytes | None = ..., **options: Any
    ) -> Screen: ...


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def everyone(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[tuple[Site, dict[str, Any]]]:
    """The site with everybody of the demo clinic signed in once, and their cookies by name."""
    with served(tmp_path_factory.mktemp("site")) as site:
        cookies = {each.key: sign_in(browser, site, each.email) for each in COLLEAGUES}
        site.remember()
        yield site, cookies | {"nobody": None}


def sign_in(browser: Browser, site: Site, email: str) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.origin}/sign-in/")
    page.get_by_label("Work email").fill(email)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.origin}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def site(everyone: tuple[Site, dict[str, Any]]) -> Site:
    everyone[0].restore()
    return everyone[0]


@pytest.fixture
def browse(site: Site, everyone: tuple[Site, dict[str, Any]], browser: Browser) -> Iterator[Browse]:
    """Opens windows: for whom, how wide, with or without scripts. At the end no console may have complained."""
    screens: list[Screen] = []

    def open_window(
        who: str = "okafor", *, scripts: bool = True, width: int = WIDE, cdn: bytes | None = CHART_JS.read_bytes(),
        **options: Any,
    ) -> Screen:  # fmt: skip
        viewport = {"width": width, "height": 900}
        context = browser.new_context(
            storage_state=everyone[1][who],
            java_script_enabled=scripts,
            viewport=viewport,
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(WAIT_MS)
        context.route(f"{CDN}/**", _answer_with(cdn))
        screens.append(Screen(page=context.new_page(), site=site, scripts=scripts))
        return screens[-1]

    yield open_window
    complaints = complaints_of(screens)
    for context in {screen.page.context for screen in screens}:
        _close(context)
    assert not complaints, complaints


def _answer_with(body: bytes | None) -> Callable[[Route], None]:
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}

    def answer(route: Route) -> None:
        if body is None:
            route.abort()
        else:
            route.fulfill(body=body, headers=headers)

    return answer


def _close(context: BrowserContext) -> None:
    context.unroute_all(behavior="ignoreErrors")
    context.close()
