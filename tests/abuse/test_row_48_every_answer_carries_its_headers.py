"""Row 48: every answer, errors and static files included, carries the security headers; no referrer leaves for the CDN.

`pytest -s` prints the table.
"""

import re
import sys
from typing import Any

import pytest

from tests.abuse.scratch_site import play
from titration.assets import ASSETS

KINDS = (
    *("200", "200 health", "200 patient", "200 static", "302"),
    *("400", "403", "404", "404 static", "405", "413", "500"),
)
WANTED = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture(scope="module")
def played() -> Any:
    told = play("tests.abuse.scenarios.headers")
    for name, answer in told["answers"].items():
        marks = ["yes" if answer["headers"].get(header) == value else "NO" for header, value in WANTED.items()]
        csp = "frame-ancestors 'none'" in answer["headers"].get("Content-Security-Policy", "")
        cells = [*marks, "yes" if csp else "NO", answer["headers"].get("Cache-Control", "-")]
        sys.stdout.write(f"{name:<12} {' '.join(f'{cell:<5}' for cell in cells)}\n")
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_row_48_every_answer_carries_the_security_headers(played: Any, kind: str) -> None:
    answer = played["answers"][kind]
    assert answer["status"] == int(kind[:3])
    assert {name: answer["headers"].get(name) for name in WANTED} == WANTED
    assert "frame-ancestors 'none'" in answer["headers"]["Content-Security-Policy"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "200 static"])
def test_row_48_nothing_but_static_files_is_kept(played: Any, kind: str) -> None:
    assert "no-store" in played["answers"][kind]["headers"]["Cache-Control"]


def test_row_48_no_referrer_leaves_for_the_cdn(played: Any) -> None:
    foreign = re.findall(r'<[^>]+(?:src|href)="(https?:)?//[^>]*>', played["page"])
    tags = re.findall(r'<script[^>]+src="https?://[^>]*>', played["page"])
    assert len(foreign) == len(tags) == len(ASSETS)
    for tag in tags:
        assert 'referrerpolicy="no-referrer"' in tag
        assert 'crossorigin="anonymous"' in tag
        assert 'integrity="sha384-' in tag


def test_row_48_the_history_of_htmx_keeps_no_page(played: Any) -> None:
    assert '"historyCacheSize": 0' in played["page"]
