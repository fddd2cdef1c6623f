"""A request becomes what Django's WSGI handler reads. Its body is awaited, for a bounded time and in bounded memory.

Nothing is written to a file: a body can hold a patient's history.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from http import HTTPStatus
from io import BytesIO
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote_to_bytes

type Message = Mapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Environ = dict[str, Any]

# A body may be long in coming, but not silent for long.
SECONDS_OF_SILENCE = 10.0
SECONDS_FOR_A_BODY = 120.0
# More than the product takes in any form; Django refuses by its own, smaller limits.
BODY_BYTES = 6_000_000
# All bodies that one process holds at a time.
HELD_BYTES = 60_000_000
_CGI = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_JOINTS = {"cookie": "; "}


class NotRead(Exception):
    """A body that did not come in its time, or is more than can be held."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Gone(Exception):
    """Whoever sent the request has left before its end."""


class Memory:
    """What the bodies of one process hold together."""

    def __init__(self) -> None:
        self.held_bytes = 0


class Room:
    """The memory of one body, given back at its end."""

    def __init__(self, memory: Memory) -> None:
        self._memory, self._taken_bytes = memory, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._memory.held_bytes -= self._taken_bytes

    def take(self, size: int) -> None:
        self._taken_bytes += size
        self._memory.held_bytes += size
        if self._taken_bytes > BODY_BYTES:
            raise NotRead(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self._memory.held_bytes > HELD_BYTES:
            raise NotRead(HTTPStatus.SERVICE_UNAVAILABLE)


async def body_of(scope: Message, receive: Receive, room: Room) -> bytes:
    """Nothing is read of a body that is declared longer than any may be: Django refuses it by what it declares."""
    if _declared_bytes(scope) > BODY_BYTES:
        return b""
    parts: list[bytes] = []
    try:
        async with asyncio.timeout(SECONDS_FOR_A_BODY):
            async for part in _parts(receive):
                room.take(len(part))
                parts.append(part)
    except TimeoutError as late:
        raise NotRead(HTTPStatus.REQUEST_TIMEOUT) from late
    return b"".join(parts)


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await asyncio.wait_for(receive(), SECONDS_OF_SILENCE)
        if message["type"] != "http.request":
            raise Gone
        more = message.get("more_body", False)
        yield message.get("body", b"")


def _declared_bytes(scope: Message) -> int:
    declared = next((value for name, value in scope["headers"] if name.lower() == b"content-length"), b"0")
    return int(declared) if declared.isdigit() else 0


def environ_of(scope: Message, body: bytes) -> Environ:
    """PEP 3333: text is bytes read as Latin-1, whatever was sent."""
    host, port = scope.get("server") or ("localhost", 80)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(_raw_path(scope)).decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port or 80),
        "REMOTE_ADDR": str((scope.get("client") or ("",))[0]),
        **_headers(scope["headers"]),
        # A body that came in chunks declares no length.
        "CONTENT_LENGTH": _length(scope, body),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _raw_path(scope: Message) -> bytes:
    raw: bytes | None = scope.get("raw_path")
    return raw.partition(b"?")[0] if raw else str(scope["path"]).encode("utf-8", "surrogateescape")


def _length(scope: Message, body: bytes) -> str:
    """What was declared, where it was more than is read: Django then refuses it."""
    return str(max(len(body), _declared_bytes(scope)))


def _headers(sent: list[tuple[bytes, bytes]]) -> Environ:
    """A name with an underscore would stand for another one with a dash, which a proxy may have set: it is dropped."""
    values: dict[str, list[str]] = defaultdict(list)
    for raw_name, value in sent:
        name = raw_name.decode("latin-1").lower()
        if "_" not in name:
            values[name].append(value.decode("latin-1"))
    return {_cgi_name(name): _JOINTS.get(name, ",").join(found) for name, found in values.items()}


def _cgi_name(name: str) -> str:
    return _CGI.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
