"""What holds for every test: closed sockets, and loud words about what could not run.

With CI=true nothing may be missing: a browser or a PostgreSQL that cannot be found fails the run.
"""

import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import settings

from tests.append_only import let_flushes_through
from tests.cast import (  # noqa: F401 - the cast is for every test
    ada,
    alice,
    bob,
    charlie,
    clinic,
    nina,
    other_clinic,
    other_patient,
    patient,
    paul,
)
from tests.house import house  # noqa: F401 - so is the house
from titration.assets import ASSETS

# A busy machine is no defect: examples are bounded in number, not in time.
settings.register_profile("titration", deadline=None)
settings.load_profile("titration")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHART_JS = Path(__file__).parent.parent / ".cache" / ASSETS["chart.js"].vendored_name
POSTGRESQL = shutil.which("initdb") or next(Path("/usr/lib/postgresql").glob("*/bin/initdb"), None)
IN_CI = os.environ.get("CI") == "true"
BROWSER_LACKS = [name for name, found in {"Chromium": CHROMIUM, "Chart.js": CHART_JS.is_file()}.items() if not found]


class SocketIsClosed(AssertionError):
    """A test outside the browser's tried to reach the network."""


def pytest_sessionstart() -> None:
    let_flushes_through()
    lacking = [*BROWSER_LACKS, *([] if POSTGRESQL else ["PostgreSQL"])]
    if IN_CI and lacking:
        pytest.exit(f"CI=true, and {' and '.join(lacking)} cannot be found: nothing may be skipped.", returncode=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        reason = _reason_to_skip(item)
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if BROWSER_LACKS:
        lacking = " and ".join(BROWSER_LACKS)
        terminalreporter.write_line(
            f"!!! {lacking} cannot be found: the browser tests WERE NOT RUN.", red=True, bold=True
        )


@pytest.fixture(autouse=True)
def closed_sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.node.get_closest_marker("browser"):
        for name in ("connect", "connect_ex"):
            monkeypatch.setattr(socket.socket, name, _refuse(getattr(socket.socket, name)))


def _refuse(connect: Any) -> Any:
    def refuse_network(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX:
            raise SocketIsClosed(f"This test tried to reach {address}.")
        return connect(self, address)

    return refuse_network


def _reason_to_skip(item: pytest.Item) -> str | None:
    if item.get_closest_marker("browser") and BROWSER_LACKS:
        return f"{' and '.join(BROWSER_LACKS)} cannot be found"
    others = {"sqlite", "postgresql"} - {connection.vendor}
    wanted = next((vendor for vendor in others if item.get_closest_marker(vendor)), None)
    return f"needs {wanted}" if wanted else None
