"""Requests that no browser sends: each as the server hands it on, bytes and all."""

from dataclasses import dataclass
from typing import Any

from titration.doorway.reading import environ_of

FORM, BOUNDED = b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"
LONG = b"9" * 5000
TOKEN = "t" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """path: put behind the address; the rest is sent as it stands. declared: another length than the body has."""

    method: str = "GET"
    behind: bytes = b""
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    declared: bytes | None = None

    def environ(self, address: str, *, host: bytes, cookies: str = "") -> dict[str, Any]:
        named = {name.lower() for name, _ in self.headers}
        """With a token against forgery, so that what is sent is read."""
        known = f"csrftoken={TOKEN}; {cookies}".encode()
        usual = [(b"host", host), (b"cookie", known), (b"x-csrftoken", TOKEN.encode())]
        sent = [(name, value) for name, value in usual if name not in named and value]
        length = str(len(self.body)).encode() if self.declared is None else self.declared
        path, _, query = address.encode().partition(b"?")
        scope = {
            "method": self.method,
            "raw_path": path + self.behind,
            "path": address,
            "query_string": b"&".join(filter(None, (query, self.query))),
            "http_version": "1.1",
            "server": ("127.0.0.1", 80),
            "client": ("192.0.2.1", 4711),
            "headers": [*sent, *self.headers, *([(b"content-length", length)] if self.method == "POST" else [])],
        }
        return environ_of(scope, self.body)


def _typed(kind: bytes, body: bytes = b"q=x&login=x&email=x", **more: Any) -> Malformed:
    return Malformed(method="POST", headers=((b"content-type", kind),), body=body, **more)


def _part(disposition: bytes, content: bytes = b"x", more: bytes = b"") -> bytes:
    return b"--x\r\nContent-Disposition: " + disposition + b"\r\n" + more + b"\r\n" + content + b"\r\n--x--\r\n"


TEXTS = {
    "NUL": b"%00", "broken percent": b"%ZZ%", "half a letter": b"%C3", "surrogate": b"%ED%A0%80", "overlong": b"%C0%AF",
    "right to left": b"%E2%80%AE", "escape": b"%1B%5B31m", "long": LONG, "minus": b"-1", "endless": b"1e999",
    "not a number": b"nan", "lines": b"%0D%0ASet-Cookie:%20x=y", "raw bytes": b"\xff\xfe", "arabic digits": b"%D9%A1",
}  # fmt: skip
_Q = b'form-data; name="q"'
NAMES = (
    b"q", b"page", b"show", b"log", b"range", b"kind", b"login", b"email", b"key", b"session", b"credential", b"code",
    b"version", b"state_version", b"from", b"next", b"act", b"path", b"since", b"on", b"csrfmiddlewaretoken",
)  # fmt: skip


def _every_field(text: bytes) -> bytes:
    return b"&".join(each + b"=" + text for each in NAMES)


HEADERS: dict[str, tuple[tuple[bytes, bytes], ...]] = {
    "no host": ((b"host", b""),),
    "foreign host": ((b"host", b"evil.example"),),
    "host of bytes": ((b"host", b"\xff\x00[::"),),
    "two hosts": ((b"host", b"127.0.0.1"), (b"host", b"evil.example")),
    "cookie with NUL": ((b"cookie", b'sessionid="\\000x"; csrftoken="\\000"'),),
    "cookie of bytes": ((b"cookie", b"sessionid=\xff\xfe; =; ;;; csrftoken"),),
    "long cookie": ((b"cookie", b"sessionid=" + LONG),),
    "two cookies": ((b"cookie", b"sessionid=a"), (b"cookie", b"sessionid=b")),
    "forwarded for": ((b"x-forwarded-for", b"\xff, 1.2.3, ;drop"),),
    "forwarded proto": ((b"x-forwarded-proto", b"\x00gopher"),),
    "htmx of bytes": ((b"hx-request", b"true"), (b"hx-current-url", b"\xff\x00"), (b"hx-target", b"<b>")),
    "htmx elsewhere": ((b"hx-request", b"true"), (b"hx-current-url", b"https://[::evil/\r\n"),),
    "htmx uri encoded": (
        (b"hx-request", b"true"),
        (b"hx-current-url", b"%ff%00"),
        (b"hx-current-url-uri-autoencoded", b"true"),
    ),
    "since": ((b"if-modified-since", b"yesterday"), (b"if-none-match", b'W/"'), (b"if-unmodified-since", b"\xff")),
    "since for ever": ((b"if-modified-since", b"Mon, 99 Jan 99999 99:99:99 GMT"),),
    "range": ((b"range", b"bytes=9-1"),),
    "ranges": ((b"range", b"bytes=0-0,-1," + LONG), (b"if-range", b"\xff")),
    "accept": ((b"accept", b"\xff/*;q=x"), (b"accept-language", LONG), (b"accept-encoding", b"gzip;q=-1")),
    "referer": ((b"referer", b"https://[::"), (b"origin", b"null")),
    "origin": ((b"origin", b"https://["),),
    "expects": ((b"expect", b"200-maybe"), (b"transfer-encoding", b"gzip, chunked")),
    "bearer": ((b"authorization", b"Bearer \xff\x00"),),
    "token": ((b"x-csrftoken", b"\xff"),),
    "agent": ((b"user-agent", b"\x00\xff\x1b[31m" + LONG),),
}  # fmt: skip
BODIES = {
    "no boundary": _typed(b"multipart/form-data"),
    "bad boundary": _typed(b"multipart/form-data; boundary=\xff\x00"),
    "long boundary": _typed(b"multipart/form-data; boundary=" + b"x" * 300),
    "no end": _typed(BOUNDED, b"--x\r\nContent-Disposition: form-data; name=q\r\n\r\nx"),
    "no name": _typed(BOUNDED, _part(b"form-data")),
    "name of bytes": _typed(BOUNDED, _part(b'form-data; name="\xff\x00"')),
    "foreign name": _typed(BOUNDED, _part(b"form-data; name*=utf-7'x'%ff")),
    "unknown charset of a name": _typed(BOUNDED, _part(b"form-data; name*=klingon''q")),
    "file of bytes": _typed(BOUNDED, _part(b'form-data; name="file"; filename="\xff\x00../../x"', b"\xff\x00")),
    "file with odd type": _typed(
        BOUNDED, _part(b'form-data; name="f"; filename="x"', b"x", b"Content-Type: \xff;;=\r\n")
    ),
    "base64 that is none": _typed(BOUNDED, _part(_Q, b"!", b"Content-Transfer-Encoding: base64\r\n")),
    "part without end of head": _typed(BOUNDED, b"--x\r\nContent-Disposition: form-data; name=q"),
    "parts without end": _typed(BOUNDED, b"--x\r\n" * 3000),
    "headers of a part": _typed(BOUNDED, _part(_Q, b"x", b"X: " + b"y" * 20000 + b"\r\n")),
    "charset of bytes": _typed(b"application/x-www-form-urlencoded; charset=hex"),
    "charset utf-16": _typed(b"application/x-www-form-urlencoded; charset=utf-16"),
    "charset of parts": _typed(b"multipart/form-data; boundary=x; charset=hex", _part(_Q)),
    "charset rot13 of parts": _typed(b"multipart/form-data; boundary=x; charset=rot13", _part(_Q)),
    "charset utf-16 of parts": _typed(b"multipart/form-data; boundary=x; charset=utf-16", _part(_Q, b"\x00")),
    "charset idna of parts": _typed(b"multipart/form-data; boundary=x; charset=idna", _part(_Q, b"xn--\xff")),
    "json": _typed(b"application/json", b'{"q": '),
    "type of bytes": _typed(b"\xff\x00/;;="),
    "no type": Malformed(method="POST", body=b"q=x"),
    "bytes": _typed(FORM, b"q=\xff\xfe&\x00=\x00&&&=;"),
    "many fields": _typed(FORM, b"&".join(b"a%d=1" % number for number in range(1200))),
    "negative length": _typed(FORM, declared=b"-5"),
    "odd length": _typed(FORM, declared=b"0x10"),
    "endless length": _typed(FORM, declared=b"9" * 30),
    "longer than sent": _typed(FORM, declared=b"1000"),
    "shorter than sent": _typed(FORM, declared=b"2"),
}  # fmt: skip
METHODS = ("TRACE", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "get", "G\x00T", "CONNECT", "BREW")

REQUESTS: dict[str, Malformed] = {
    **{f"path with {name}": Malformed(behind=text) for name, text in TEXTS.items()},
    **{f"path below with {name}": Malformed(behind=text + b"/") for name, text in TEXTS.items()},
    **{f"query of {name}": Malformed(query=_every_field(text)) for name, text in TEXTS.items()},
    **{f"form of {name}": _typed(FORM, _every_field(text)) for name, text in TEXTS.items()},
    **{f"query named {name}": Malformed(query=text) for name, text in TEXTS.items()},
    "long address": Malformed(behind=b"x" * 20000),
    "long query": Malformed(query=b"q=" + b"x" * 20000),
    "many in the query": Malformed(query=b"&".join(b"a%d=1" % number for number in range(1200))),
    "path of slashes": Malformed(behind=b"//../..//%2e%2e/%2f"),
    **{f"headers: {name}": Malformed(headers=headers) for name, headers in HEADERS.items()},
    **{f"form with headers: {name}": Malformed(method="POST", headers=(*headers, (b"content-type", FORM)), body=b"q=x")
       for name, headers in HEADERS.items()},
    **{f"body: {name}": body for name, body in BODIES.items()},
    **{f"method {method!r}": Malformed(method=method) for method in METHODS},
}  # fmt: skip
