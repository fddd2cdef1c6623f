"""However malformed a request is, it is answered by a page of ours: asked of the real WSGI handler."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signals
from django.core.cache import close_caches
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.abuse.malformed import FORM, REQUESTS, Malformed
from tests.house import House, signed_in
from titration.middleware import FIXED_HEADERS
from titration.models import Membership

ADDRESSES = (
    "worklist", "find_patients", "patient", "log_response", "history_import", "clinic_settings", "sign_in", "join",
    "account_reset_password_from_key",
)  # fmt: skip
STATIC = "/static/css/frame.css"
HOST = b"testserver"
SENT_BY_HTMX = "HTTP_HX_REQUEST"
type Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture(autouse=True)
def connections_stay_open() -> Iterator[None]:
    """The handler ends what it opened; here that is the test's own."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_caches)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)
    signals.request_finished.connect(close_caches)


def ask(environ: dict[str, Any]) -> Answer:
    told: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        told.update(status=int(status.partition(" ")[0]), headers=dict(headers))

    answer = WSGIHandler()(environ, start)
    body = b"".join(answer)
    answer.close()  # type: ignore[attr-defined]
    return told["status"], told["headers"], body


def fault_of(environ: dict[str, Any]) -> str:
    """What is wrong with the answer; empty where nothing is."""
    before = transaction.savepoint_create()
    status, headers, body = ask(environ)
    transaction.savepoint_rollback(before)
    if status >= 500:
        return f"failed: {status}"
    if status >= 400 and b"Baclofen titration" not in body and SENT_BY_HTMX not in environ:
        return f"a bare {status}"
    lacking = {*FIXED_HEADERS, "Content-Security-Policy", "X-Frame-Options"} - headers.keys()
    return f"{status} without {lacking}" if lacking else ""


@pytest.mark.parametrize("name", [*ADDRESSES, STATIC])
@pytest.mark.parametrize("who", ["member", "visitor"])
def test_each_is_answered_with_a_page_of_ours(house: House, alice: Membership, name: str, who: str) -> None:
    address = name if name == STATIC else house.address(name)
    cookies = _cookies_of(alice) if who == "member" else ""
    faults = {what: fault_of(each.environ(address, host=HOST, cookies=cookies)) for what, each in REQUESTS.items()}
    assert {what: fault for what, fault in faults.items() if fault} == {}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "HEAD"]),
    behind=st.binary(max_size=30).filter(lambda path: b"?" not in path),
    query=st.binary(max_size=40),
    body=st.binary(max_size=60),
    header=st.tuples(st.sampled_from([b"cookie", b"hx-current-url", b"range", b"accept"]), st.binary(max_size=30)),
)
def test_no_bytes_at_all_bring_it_down(
    db: None, method: str, behind: bytes, query: bytes, body: bytes, header: Any
) -> None:
    headers = (header, (b"content-type", FORM))
    each = Malformed(method=method, behind=behind, query=query, body=body, headers=headers)
    assert fault_of(each.environ("/sign-in/", host=HOST)) == ""


@pytest.mark.parametrize(
    ("method", "headers", "status", "words"),
    [
        ("DELETE", (), 405, "This address does not take that"),
        ("POST", ((b"content-length", b"30000000"),), 413, "This is too large"),
        ("GET", ((b"host", b"evil.example"),), 400, "This request could not be read"),
    ],
    ids=["method", "size", "host"],
)
def test_a_refusal_says_what_it_is(db: None, method: str, headers: Any, status: int, words: str) -> None:
    answer = ask(Malformed(method=method, headers=headers).environ("/sign-in/", host=HOST))
    assert (answer[0], words in answer[2].decode()) == (status, True)


def _cookies_of(member: Membership) -> str:
    return "; ".join(f"{name}={each.value}" for name, each in signed_in(member).cookies.items())
