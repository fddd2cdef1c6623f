"""What a person sees and does: one window on the site, in which every word of complaint in the console is a failure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser.site import Site
from titration.demo.record import ZONE

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])

# Chromium says so itself whenever a page or an answer has such a status; a journey that expects one names it.
# htmx calls it an error when a newer preview replaces one under way; a lost request it names sendError as well.
STATUS_COMPLAINT = "Failed to load resource: the server responded with a status of"
REPLACED = ("htmx:sendAbort", "htmx:afterRequest")


def in_days(days: int) -> date:
    """Counted from the demo clinic's own day."""
    return datetime.now(ZONE).date() + timedelta(days=days)


@dataclass(kw_only=True)
class Screen:
    """complaints: console errors, violations of the security policy among them, and errors of scripts."""

    page: Page
    site: Site
    scripts: bool = True
    presses: int = 0
    complaints: list[str] = field(default_factory=list)
    expected: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not self._is_expected(message.text):
            self.complaints.append(f"{self.page.url}: {message.text} ({message.location.get('url', '')})")

    def _is_expected(self, words: str) -> bool:
        return words.startswith(REPLACED) or any(
            words.startswith(f"{STATUS_COMPLAINT} {status}") for status in self.expected
        )

    def expects(self, *statuses: int) -> None:
        """From here on answers of these statuses are part of the journey."""
        self.expected = (*self.expected, *statuses)

    def visit(self, address: str) -> None:
        self.page.goto(address if address.startswith("http") else f"{self.site.origin}{address}")

    def visit_patient(self, identifier: str) -> None:
        self.visit(self.site.patients[identifier])
        expect(self.page.get_by_role("region", name="Patient", exact=True)).to_be_visible()

    def visit_log(self, identifier: str, kind: str) -> None:
        """The form of a kind of entry, on a page of its own."""
        self.visit(f"{self.site.patients[identifier]}log/{kind}/")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site.origin).partition("?")[0].partition("#")[0]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.presses += len(text)

    def fill(self, **texts: str) -> None:
        """Fields by their label; underscores stand for spaces."""
        for label, text in texts.items():
            self.field(label.replace("_", " ")).fill(text)

    def field(self, label: str) -> Locator:
        """By its whole label, with or without the word that it may stay empty."""
        words = re.compile(rf"^\s*{re.escape(label)}(\s+optional)?\s*$")
        return self.page.get_by_label(words).and_(self.page.locator("input, textarea, select")).first

    def choose(self, **options: str) -> None:
        """Options by their words, in fields by their label."""
        for label, words in options.items():
            self.field(label.replace("_", " ")).select_option(label=words)

    def tick(self, *labels: str) -> None:
        for label in labels:
            self.field(label).check()

    def click(self, name: str, role: Any = "button") -> None:
        """Once the page stands: its styles decide which of two buttons of one name is shown."""
        self.page.wait_for_load_state()
        self.page.get_by_role(role, name=name).first.click()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def sees_not(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    def shows_dose(self, dose: str) -> None:
        """As the banner says: number and unit stand apart there."""
        number, unit = dose.split()
        banner = self.page.get_by_role("region", name="Patient", exact=True)
        expect(banner).to_contain_text(re.compile(rf"(?<![\d.]){re.escape(number)}\s*{unit}"))

    def complains_of(self, words: str) -> bool:
        """Whether the console spoke of it; what was expected of the browser is then no failure."""
        heard = [complaint for complaint in self.complaints if words in complaint]
        self.complaints = [complaint for complaint in self.complaints if complaint not in heard]
        return bool(heard)


def complaints_of(screens: Iterable[Screen]) -> str:
    return "\n".join(complaint for screen in screens for complaint in screen.complaints)
