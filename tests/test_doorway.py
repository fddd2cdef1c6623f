"""Before Django: a request is read whole, in bounded time and memory, and threads are dealt out so that nobody's page
waits for somebody else's patient.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory

from titration.doorway import lanes, reading
from titration.doorway.busy import BusyMiddleware
from titration.doorway.door import BUSY, NOT_READ, READING_THREADS, SAVING_THREADS, Door
from titration.doorway.lanes import SAME_PATIENT
from titration.doorway.reading import environ_of

WAIT_SECONDS = 20
A, B = (f"/patients/{uuid4()}/" for _ in range(2))


def asked(
    method: str = "GET", path: str = "/", headers: tuple[tuple[str, str], ...] = (), **more: Any
) -> dict[str, Any]:
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return {
        "type": "http", "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(),
        "query_string": b"", "headers": sent, "server": ("127.0.0.1", 8000), "client": ("192.0.2.7", 4000), **more,
    }  # fmt: skip


def through(door: Door, scope: dict[str, Any], *parts: bytes | None) -> tuple[int, bytes]:
    return asyncio.run(_through(door, scope, *parts))


async def _through(door: Door, scope: dict[str, Any], *parts: bytes | None) -> tuple[int, bytes]:
    """parts: of the body; None: nothing more ever comes."""
    told: list[dict[str, Any]] = []
    left = list(parts)

    async def receive() -> dict[str, Any]:
        part = left.pop(0) if left else b""
        if part is None:
            await asyncio.sleep(WAIT_SECONDS)
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await door(scope, receive, send)
    return told[0]["status"], told[1]["body"]


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ["CONTENT_LENGTH"].encode(), b" ", environ["wsgi.input"].read()]


def test_a_body_is_handed_on_whole_however_it_came() -> None:
    assert through(Door(echo), asked("POST"), b"one ", b"two") == (200, b"7 one two")


def test_a_body_that_falls_silent_is_told_and_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS_OF_SILENCE", 0.05)
    assert through(Door(_told), asked("POST"), b"half", None) == (408, b"not read")


def test_a_body_that_trickles_for_ever_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS_FOR_A_BODY", 0.05)
    assert through(Door(_told), asked("POST"), b"half", None)[0] == 408


def test_more_than_any_form_holds_is_refused_while_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BODY_BYTES", 10)
    assert through(Door(_told), asked("POST"), b"x" * 6, b"x" * 6)[0] == 413


def test_what_is_declared_too_long_is_not_read_and_refused_by_django() -> None:
    declared = (("content-length", "6000001"),)
    assert through(Door(echo), asked("POST", headers=declared), None) == (200, b"6000001 ")


def test_all_bodies_together_are_bounded_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "HELD_BYTES", 10)
    door = Door(_told_or_echoed)
    assert through(door, asked("POST"), b"x" * 6, b"x" * 6)[0] == 503
    assert through(door, asked("POST"), b"x" * 6)[0] == 200
    assert door._memory.held_bytes == 0


def _told(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Only which page is to be shown, never a part of what was sent."""
    assert environ["wsgi.input"].read() == b""
    start(f"{environ[NOT_READ]} {HTTPStatus(environ[NOT_READ]).phrase}", [])
    return [b"not read"]


def _told_or_echoed(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    return _told(environ, start) if NOT_READ in environ else echo(environ, start)


@pytest.mark.parametrize(
    ("status", "words"),
    [(408, "did not arrive in full"), (413, "This is too large"), (503, "Too much is arriving just now")],
)
def test_what_was_not_read_gets_a_page_of_ours(client: Client, status: int, words: str) -> None:
    answer = client.post("/patients/new/", {"key": "x"}, **{NOT_READ: status})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in answer.headers


def test_what_was_opened_for_an_answer_is_closed_by_its_thread() -> None:
    threads: list[str] = []

    class Parts(list[bytes]):
        def close(self) -> None:
            threads.append(threading.current_thread().name)

    def application(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        threads.append(threading.current_thread().name)
        start("200 OK", [])
        return Parts([b"x"])

    assert through(Door(application), asked()) == (200, b"x")
    assert threads[0] == threads[1] != threading.current_thread().name


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        pytest.param({"raw_path": b"/a%20b/%ff?x=1"}, "PATH_INFO", "/a b/\xff", id="path in bytes, whatever they are"),
        pytest.param({"query_string": b"q=\xc3\xa4&r=%ff"}, "QUERY_STRING", "q=\xc3\xa4&r=%ff", id="query as sent"),
        pytest.param({"headers": [(b"Host", b"a"), (b"host", b"b")]}, "HTTP_HOST", "a,b", id="two hosts are none"),
        pytest.param({"headers": [(b"cookie", b"a=1"), (b"cookie", b"b=2")]}, "HTTP_COOKIE", "a=1; b=2", id="cookies"),
        pytest.param({"headers": [(b"x-name", b"\xe4\xff")]}, "HTTP_X_NAME", "\xe4\xff", id="a header of any bytes"),
        pytest.param({"headers": [(b"content-type", b"text/plain")]}, "CONTENT_TYPE", "text/plain", id="type"),
        pytest.param({"client": None}, "REMOTE_ADDR", "", id="nobody's address"),
        pytest.param({"headers": [(b"content-length", b"-5")]}, "CONTENT_LENGTH", "4", id="a length that is none"),
    ],
)
def test_a_request_becomes_an_environment(changes: dict[str, Any], name: str, value: str) -> None:
    assert environ_of({**asked(), **changes}, b"body")[name] == value


def test_a_name_with_an_underscore_stands_for_no_other_header() -> None:
    """Else anybody could say what the proxy says."""
    sent = (("x_forwarded_proto", "https"), ("X_Forwarded_For", "203.0.113.1"))
    assert not [name for name in environ_of(asked(headers=sent), b"") if "FORWARDED" in name]


class Hall:
    """An application whose work goes on until it is let go; says who is in."""

    def __init__(self, *held: str) -> None:
        self.held = held or (A,)
        self.inside: list[str] = []
        self.busy = 0
        self.go = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        if environ[BUSY]:
            self.busy += 1
            return [b"busy"]
        if environ["PATH_INFO"].startswith(self.held):
            self.inside.append(environ["REQUEST_METHOD"])
            self.go.wait(WAIT_SECONDS)
        return [b"done"]


async def _crowd(hall: Hall, door: Door, method: str, people: int, then: list[dict[str, Any]]) -> list[float]:
    """Seconds that each of `then` takes while `people` ask about A, whose row is held."""
    crowd = [asyncio.create_task(_through(door, asked(method, f"{A}log/{number}/"))) for number in range(people)]
    await asyncio.sleep(0.2)
    took = []
    for scope in then:
        started = time.monotonic()
        assert await asyncio.wait_for(_through(door, scope), 5) == (200, b"done")
        took.append(time.monotonic() - started)
    hall.go.set()
    await asyncio.gather(*crowd)
    return took


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_forty_requests_for_one_patient_keep_nobody_else_waiting(method: str) -> None:
    hall = Hall()
    others = [asked("GET", B), asked("POST", f"{B}log/"), asked("GET", "/"), asked("POST", "/sign-in/")]
    took = asyncio.run(_crowd(hall, Door(hall), method, 40, others))
    assert max(took) < 1
    assert hall.busy == 0, "once the patient was free, each had its turn"
    assert len(hall.inside) == 40


def test_whoever_has_waited_long_for_a_patient_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "SECONDS_FOR_A_PATIENT", 0.1)
    hall = Hall()
    asyncio.run(_crowd(hall, Door(hall), "POST", 10, []))
    assert (len(hall.inside), hall.busy) == (SAME_PATIENT, 10 - SAME_PATIENT)


def test_a_page_finds_a_thread_however_many_save() -> None:
    assert min(SAVING_THREADS, READING_THREADS) > SAME_PATIENT
    hall = Hall(*(f"/patients/{uuid4()}/" for _ in range(SAVING_THREADS + 1)))
    assert asyncio.run(_full(hall, Door(hall))) == (200, b"done")


async def _full(hall: Hall, door: Door) -> tuple[int, bytes]:
    crowd = [asyncio.create_task(_through(door, asked("POST", path))) for path in hall.held]
    await asyncio.sleep(0.2)
    try:
        return await asyncio.wait_for(_through(door, asked("GET", B)), 5)
    finally:
        hall.go.set()
        await asyncio.gather(*crowd)


def test_lanes_are_forgotten_when_nobody_is_in_them() -> None:
    hall = Hall()
    hall.go.set()
    door = Door(hall)
    asyncio.run(_crowd(hall, door, "POST", 5, []))
    assert door._lanes._of_patient == {}


def test_the_one_who_waited_gets_the_page_with_what_was_typed() -> None:
    request = RequestFactory().post(f"{A}log/response/", {"spasticity": "4"}, **{BUSY: True})
    answer = BusyMiddleware(lambda _: pytest.fail("worked on"))(request)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "another entry is being written" in answer.content.decode()


def test_a_request_that_waited_for_nobody_is_worked_on() -> None:
    request = RequestFactory().get("/", **{BUSY: False})
    assert BusyMiddleware(lambda _: "worked on")(request) == "worked on"
