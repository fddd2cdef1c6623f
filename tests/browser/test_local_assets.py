"""A clinic without internet: scripts are vendored, collected and served from here, and the CDN cannot be reached."""

import gzip
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import WAIT_MS
from tests.browser.screen import Screen, complaints_of
from tests.browser.site import ROOT, Site, environment_of, served
from tests.browser.test_chart import ASHDOWN, is_painted
from tests.conftest import CHART_JS
from titration.assets import ASSETS

pytestmark = pytest.mark.browser
LOCAL = {"DJANGO_SETTINGS_MODULE": "tests.browser.local_settings", "TITRATION_ASSETS": "local"}


@pytest.fixture(scope="module")
def local(everyone: tuple[Site, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, first = tmp_path_factory.mktemp("local"), everyone[0]
    shutil.copy(first.remembered("remembered"), folder / "site.sqlite3")
    variables = LOCAL | {"SITE_FOLDER": str(folder)}
    (folder / "vendored").mkdir()
    manage(folder, variables, "vendor_assets", "--from", str(CHART_JS.parent), "--into", str(folder / "vendored"))
    manage(folder, variables, "collectstatic", "--no-input", "-v0")
    with served(folder, **variables) as site:
        site.patients.update(first.patients)
        yield site


def manage(folder: Path, variables: dict[str, str], *words: str) -> None:
    environment = environment_of(folder / "site.sqlite3") | variables
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_chart_is_drawn_where_nothing_else_can_be_reached(
    local: Site, browser: Browser, everyone: tuple[Site, dict[str, Any]]
) -> None:
    elsewhere: list[str] = []
    context = browser.new_context(storage_state=everyone[1]["okafor"], viewport={"width": 1280, "height": 900})
    context.set_default_timeout(WAIT_MS)

    def answer(route: Route) -> None:
        if route.request.url.startswith(local.origin):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", answer)
    screen = Screen(page=context.new_page(), site=local)
    screen.visit_patient(ASHDOWN)
    expect(screen.page.locator("[data-chart-plot] canvas")).to_be_visible()
    assert is_painted(screen)
    assert complaints_of([screen]) == ""
    assert elsewhere == []
    context.unroute_all(behavior="ignoreErrors")
    context.close()


def test_the_hash_holds_for_what_is_served_compressed_or_not(local: Site, browser: Browser) -> None:
    asset = ASSETS["chart.js"]
    collected = {file.name: file for file in (local.folder / "collected" / asset.vendored_name).parent.iterdir()}
    plain = next(file for name, file in collected.items() if name.count(".") == 4 and name.endswith(".js"))
    context = browser.new_context()
    for encoding in ("identity", "gzip"):
        address = f"{local.origin}/static/{plain.relative_to(local.folder / 'collected')}"
        answer = context.request.get(address, headers={"Accept-Encoding": encoding})
        assert answer.status == 200
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert asset.is_intact(answer.body())
    context.close()
    assert asset.is_intact(gzip.decompress(Path(f"{plain}.gz").read_bytes()))
