"""What of a page leads on: links and buttons that can be seen, or that stand in something folded that can be opened.

A `Way` names the route that it leads to. What a media query hides is no way; nor is a disabled button, nor a link to a
place on the same page.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import Resolver404, resolve
from playwright.sync_api import Locator, Page

# A form without a button is sent by Enter in its field.
CONTROLS = "a[href], button, input[type=submit], form[action] input[name=q]"
READ = """(controls) => [...document.querySelectorAll(controls)].map((control, index) => {
    const place = (each) => each.getBoundingClientRect();
    const shown = (each) => each.checkVisibility({visibilityProperty: true, opacityProperty: true})
        && place(each).width > 1 && place(each).right + scrollX > 0;
    const folded = control.closest("details:not([open]) > :not(summary)")?.parentElement;
    const summary = folded?.querySelector("summary");
    const form = control.form;
    const sends = control.hasAttribute("formaction") ? control.formAction : form?.action;
    const stays = control.type === "button" || control.getAttribute("href")?.startsWith("#");
    const leads = stays ? "" : control.href ?? sends ?? "";
    return {
        index, leads, method: control.href ? "GET" : "POST",
        shown: shown(control), opens: Boolean(summary && shown(summary)),
        able: !control.disabled && control.ariaDisabled !== "true",
        words: (control.textContent || control.name || "").trim().replace(/\\s+/g, " "),
    };
})"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """index: among the page's controls; address: where it leads; is_link: else it sends a form."""

    index: int
    address: str
    route: str
    is_link: bool
    is_shown: bool
    words: str

    @property
    def path(self) -> str:
        return self.address.partition("#")[0].partition("?")[0]

    def of(self, page: Page) -> Locator:
        return page.locator(CONTROLS).nth(self.index)

    def click(self, page: Page) -> None:
        """As a hand does: what is folded is opened first."""
        control = self.of(page)
        if not self.is_shown:
            control.locator("xpath=ancestor::details[not(@open)]").first.locator("summary").click()
        control.click()


def ways_on(page: Page, origin: str) -> list[Way]:
    found = [_way(each, origin) for each in page.evaluate(READ, CONTROLS) if _leads_on(each, origin)]
    return [way for way in found if way.route]


def _leads_on(control: dict[str, Any], origin: str) -> bool:
    return bool(control["able"] and (control["shown"] or control["opens"]) and control["leads"].startswith(origin))


def _way(control: dict[str, Any], origin: str) -> Way:
    address = control["leads"].removeprefix(origin)
    return Way(
        index=control["index"],
        address=address,
        route=route_of(address),
        is_link=control["method"] == "GET",
        is_shown=control["shown"],
        words=control["words"],
    )


def route_of(address: str) -> str:
    """Empty for an address that is none of the product's."""
    try:
        return resolve(address.partition("#")[0].partition("?")[0]).view_name
    except Resolver404:
        return ""
