"""Every page against WCAG 2.0 to 2.2, A and AA, wide and narrow, its colours also in the dark, by axe-core.

A page is opened as its reader meets it: with its errors, its question, its conflict. Nothing scrolls sideways.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE, Browse
from tests.browser.screen import Screen
from tests.stories import STORIES

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (rules) => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']}))
    .violations.map(({id, help, nodes}) =>
        `${id}: ${help}: ${nodes.slice(0, 3).map((each) => each.html).join('; ')}`)"""
# Nothing but colours hangs on the scheme, and no colour on the width.
WINDOWS = ((WIDE, "light"), (WIDE, "dark"), (NARROW, "light"))
CHECKS = {"light": {"type": "tag", "values": TAGS}, "dark": {"type": "rule", "values": ["color-contrast"]}}

ASHDOWN, PRYCE, NOVAK, HOLLIS, OSEI = "SP-0417", "SP-0445", "SP-0431", "SP-0347", "SP-0290"
LOG_KINDS = ("dose", "intake", "sedation", "effects", "signs", "response")


def at(address: str) -> Callable[[Screen], None]:
    return lambda screen: screen.visit(address)


def of(identifier: str, address: str = "") -> Callable[[Screen], None]:
    return lambda screen: screen.visit(f"{screen.site.patients[identifier]}{address}")


def wrong_dose(screen: Screen) -> None:
    screen.visit_log(HOLLIS, "dose")
    screen.fill(Midday="2O")
    screen.click("Save dose change")
    screen.sees("Nothing is saved yet")


def refused_dose(screen: Screen) -> None:
    screen.visit_log(HOLLIS, "dose")
    screen.fill(Midday="190")
    screen.sees("cannot be saved")


def dose_to_be_answered(screen: Screen) -> None:
    screen.visit_log(HOLLIS, "dose")
    screen.fill(Morning="0", Midday="0", Evening="0")
    screen.choose(Reason="Taper")
    screen.click("Save dose change")
    screen.sees("This must be answered")


def plan_of(identifier: str, address: str = "") -> Callable[[Screen], None]:
    def open_plan(screen: Screen) -> None:
        screen.visit_patient(identifier)
        screen.page.get_by_role("link", name="Taper 1").first.click()
        expect(screen.page.get_by_role("heading", name="Take home")).to_be_visible()
        if address:
            screen.visit(f"{screen.path}{address}")

    return open_plan


def held_plan(screen: Screen) -> None:
    plan_of(NOVAK)(screen)
    if screen.page.get_by_role("link", name="Hold").count():
        screen.click("Hold", "link")
        screen.fill(Why="Chest infection")
        screen.page.locator("main").get_by_role("button", name="Hold").click()
        screen.sees("The plan is held.")


def conflict(screen: Screen) -> None:
    """The form says that it saw another state than the plan's."""
    plan_of(NOVAK, "stop/")(screen)
    screen.page.locator("input[name=state_version]").evaluate("(field) => { field.value = '0' }")
    screen.fill(Why="No longer wanted")
    screen.click("Stop the plan")
    screen.sees("You changed this plan already")


def titration(screen: Screen) -> None:
    of(HOLLIS, "plans/new/")(screen)
    screen.page.get_by_role("radio", name="Titration").check()
    expect(screen.page.get_by_role("group", name="Way up")).to_be_visible()


def planner_by_hand(screen: Screen) -> None:
    of(HOLLIS, "plans/new/")(screen)
    screen.page.get_by_role("radio", name="By hand").check()
    expect(screen.page.get_by_role("button", name="Add a step")).to_be_visible()


def planner_refusing(screen: Screen) -> None:
    of(HOLLIS, "plans/new/")(screen)
    screen.fill(Target="sixty")
    screen.sees("This cannot be drawn")


def searched(words: str) -> Callable[[Screen], None]:
    def search(screen: Screen) -> None:
        screen.visit("/find/")
        screen.fill(**{"Name, date of birth or identifier": words})
        screen.press("Enter")
        expect(screen.page.locator(f'#find[value="{words}"]')).to_be_visible()

    return search


def flag_of(identifier: str) -> Callable[[Screen], None]:
    def open_flag(screen: Screen) -> None:
        screen.visit_patient(identifier)
        screen.page.get_by_role("link", name="Accept with a reason").click()
        expect(screen.page.get_by_role("button", name="Accept this flag")).to_be_visible()

    return open_flag


def flag_with_errors(screen: Screen) -> None:
    flag_of(OSEI)(screen)
    screen.click("Accept this flag")
    screen.sees("Choose a reason.")


def correction(screen: Screen) -> None:
    of(OSEI, "?correct=1")(screen)
    screen.page.get_by_role("link", name="Entered in error?").first.click()
    screen.sees("What is wrong with it")


def open_menu(screen: Screen) -> None:
    of(HOLLIS, "log/dose/")(screen)
    screen.page.locator("summary").first.click()


def new_patient_with_errors(screen: Screen) -> None:
    screen.visit("/patients/new/")
    screen.click("Register patient")
    screen.sees("Nothing is saved yet")


def import_preview(*rows: str) -> Callable[[Screen], None]:
    def read(screen: Screen) -> None:
        of(HOLLIS, "import/")(screen)
        screen.page.locator("textarea").fill("\n".join(("date,dose,note", *rows)))
        screen.click("Read the table")
        screen.sees("What the columns hold")

    return read


def imported(screen: Screen) -> None:
    import_preview("2020-01-06,20,Told by letter")(screen)
    screen.click("Import 1 row")
    of(HOLLIS, "import/")(screen)
    screen.page.get_by_role("link", name="1 row").first.click()
    screen.sees("Take it back?")


Pages = Mapping[str, Callable[[Screen], None]]
GROUPS: dict[str, Pages] = {
    "lists": {
        "worklist": at("/"), "worklist of reviews": at("/?show=reviews"), "empty worklist": at("/?show=caution&page=9"),
        "matches": searched("SP-04"), "no match": searched("zzz"), "menu": open_menu,
    },
    "patients": {
        **{story.person.family_name: of(story.person.identifier) for story in STORIES},
        "correcting": of(ASHDOWN, "?correct=1&kind=dose"), "conditions": of(ASHDOWN, "conditions/"),
        "correction": correction, "hand-over": of(ASHDOWN, "hand-over/"),
    },
    "log": {kind: of(HOLLIS, f"log/{kind}/") for kind in LOG_KINDS}
    | {"wrong dose": wrong_dose, "refused dose": refused_dose, "dose to be answered": dose_to_be_answered},
    "flags and people": {
        "flag": flag_of(ASHDOWN), "flag with errors": flag_with_errors, "new patient": at("/patients/new/"),
        "new patient with errors": new_patient_with_errors,
    },
    "account": {
        "account": at("/account/"), "app": at("/account/app/"), "password": at("/account/password/"),
        "devices": at("/account/sessions/"), "passkey": at("/account/passkeys/add/"), "people": at("/settings/people/"),
        "confirm": at("/account/confirm/password/"),
    },
    "planner": {
        "taper": of(HOLLIS, "plans/new/"), "titration": titration, "by hand": planner_by_hand,
        "refused": planner_refusing, "compare": of(PRYCE, "plans/compare/"),
    },
    "plans": {
        "running": plan_of(NOVAK), "draft": plan_of(PRYCE), "sign": plan_of(PRYCE, "sign/"),
        "step back": plan_of(NOVAK, "step-back/"), "conflict": conflict, "held": held_plan,
        "slow down": plan_of(NOVAK, "slow-down/"), "skip a step": plan_of(NOVAK, "skip/"),
    },
    "papers": {
        "settings of the clinic": at("/settings/clinic/"), "steps of the week": at("/week/"),
        "take home": plan_of(NOVAK, "take-home/"), "sheet to print": plan_of(NOVAK, "sheet/"),
    },
    "clinic and imports": {
        "statistics": at("/statistics/"), "reasons": at("/settings/reasons/"),
        "templates": at("/settings/templates/"), "new template": at("/settings/templates/new/"),
        "products": at("/settings/products/"),
        "import": of(HOLLIS, "import/"), "imported": imported,
        "rows to import": import_preview("2020-01-06,20,Told by letter"),
        "rows refused": import_preview("06/01/2020,2O,x", "2020-01-07,20,y"),
    },
    "guidance and errors": {
        "guidance": at("/guidance/"), "a rule": at("/guidance/W1/"), "titration rule": at("/guidance/T2/"),
        "not found": at("/nowhere/"),
        "failed": at("/fails-on-purpose/"),
    },
}  # fmt: skip
OUTSIDE: Pages = {"sign in": at("/sign-in/"), "forgotten": at("/password/forgotten/")}
READERS: Pages = {
    "not allowed": plan_of(PRYCE, "sign/"),
    "worklist": at("/"),
    "dose": of(HOLLIS, "log/dose/"),
    "patient": of(OSEI),
}


@pytest.mark.parametrize("group", GROUPS)
def test_pages_are_accessible_at_every_width_and_scheme(browse: Browse, group: str) -> None:
    faults = faults_of(browse(), GROUPS[group])
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("who", "pages"), [("nobody", OUTSIDE), ("reader", READERS)], ids=["signed-out", "read-only"])
def test_pages_of_those_who_may_less_are_accessible(browse: Browse, who: str, pages: Pages) -> None:
    faults = faults_of(browse(who), pages)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("group", ["lists", "patients", "flags and people", "plans", "guidance and errors"])
def test_nothing_scrolls_sideways_on_a_phone_without_scripts(browse: Browse, group: str) -> None:
    screen = browse(scripts=False, width=NARROW)
    screen.expects(403, 404, 409, 422, 500)
    faults = []
    for name, open_page in GROUPS[group].items():
        if name not in ("conflict", "menu"):
            open_page(screen)
            faults += sideways(screen, name)
    assert not faults, "\n".join(faults)


def test_the_checker_finds_a_fault(browse: Browse) -> None:
    """A check that cannot fail proves nothing."""
    screen = browse()
    screen.visit("/guidance/W1/")
    screen.page.evaluate("() => document.querySelector('main').append(document.createElement('input'))")
    assert any("label" in fault for fault in violations(screen))


def faults_of(screen: Screen, pages: Pages) -> list[str]:
    """Each page is opened once; the window then changes its width and its colours around it."""
    screen.expects(403, 404, 409, 422, 500)
    found: list[str] = []
    for name, open_page in pages.items():
        screen.page.set_viewport_size({"width": WIDE, "height": 900})
        open_page(screen)
        for width, scheme in WINDOWS:
            screen.page.set_viewport_size({"width": width, "height": 900})
            screen.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found += [f"{name}, {width} px, {scheme}: {fault}" for fault in violations(screen, scheme)]
            found += sideways(screen, name)
    return found


def violations(screen: Screen, scheme: str = "light") -> list[str]:
    """Loaded through the debugger, not the page: the page's policy stays as it is."""
    screen.page.wait_for_load_state()
    screen.page.evaluate(f"() => {{ if (!window.axe) {{ {AXE} }} }}")
    found: Any = screen.page.evaluate(RUN, CHECKS[scheme])
    return list(found)


def sideways(screen: Screen, name: str) -> list[str]:
    screen.page.wait_for_load_state()
    width = screen.page.evaluate("() => document.documentElement.scrollWidth")
    shown = screen.page.evaluate("() => document.documentElement.clientWidth")
    return [f"{name} is {width} px wide in a window of {shown} px"] if width > shown else []
