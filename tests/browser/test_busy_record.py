"""The database is held for longer than a save waits: it is said, nothing typed is lost, and it is saved after."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.browser.screen import Screen, with_and_without_scripts

pytestmark = pytest.mark.browser

HOLLIS = "SP-0347"
SLOW_MS = 30_000
WORDS = "Told on the telephone."


@with_and_without_scripts
def test_a_busy_record_keeps_what_was_typed_and_saves_it_after(browse: Browse, scripts: bool) -> None:
    screen = browse(scripts=scripts)
    screen.expects(503)
    screen.visit_log(HOLLIS, "response")
    screen.page.get_by_label("Pain").select_option("4")
    screen.fill(Note=WORDS)
    with held(screen):
        screen.click("Save scores")
        expect(screen.page.get_by_text("The record is busy").first).to_be_visible(timeout=SLOW_MS)
    if scripts:
        expect(screen.field("Note")).to_have_value(WORDS)
        screen.complains_of("Response Status Error Code 503")
        screen.click("Save scores")
    else:
        screen.sees(WORDS)
        screen.click("Send it again")
    expect(screen.page.get_by_text(WORDS)).to_have_count(1, timeout=SLOW_MS)


@contextmanager
def held(screen: Screen) -> Iterator[None]:
    holder = sqlite3.connect(screen.site.database, isolation_level=None, timeout=SLOW_MS / 1000)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()
