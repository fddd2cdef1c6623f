"""One form sent over HTTP until somebody answers it: the same fields and the same key each time."""

import http.client
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from titration.torture.world import Person

SECONDS_TO_ANSWER = 20
SECONDS_BEFORE_AGAIN = 0.3
MOST_ATTEMPTS = 1000
_PATIENTS = "/patients/"
_NO_ANSWER = (OSError, http.client.HTTPException)
_NOT_NOW = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})


@dataclass(slots=True)
class Sent:
    """token: the form's key, or the plan and its act. status: of the last answer. attempts: how often it was sent."""

    kind: str
    token: str
    status: int = 0
    attempts: int = 0
    location: str = ""
    troubles: list[str] = field(default_factory=list)

    @property
    def is_acknowledged(self) -> bool:
        """Answered by the page after it; or found done, once an answer was lost."""
        found_done = self.attempts > 1 and self.status == HTTPStatus.CONFLICT
        return self.status == HTTPStatus.FOUND or found_done


def send(port: int, person: Person, sent: Sent, path: str, fields: dict[str, Any]) -> Sent:
    body = urlencode(fields, doseq=True)
    for _ in range(MOST_ATTEMPTS):
        sent.attempts += 1
        try:
            sent.status, sent.location = _post(port, person, path, body)
        except _NO_ANSWER as lost:
            sent.troubles.append(type(lost).__name__)
        else:
            if not (trouble := _not_an_answer(sent)):
                return sent
            sent.troubles.append(trouble)
            sent.status = 0
        time.sleep(SECONDS_BEFORE_AGAIN)
    return sent


def _not_an_answer(sent: Sent) -> str:
    """Busy, or led away from the patients, such as to the sign-in: the form was neither taken nor refused."""
    if sent.status in _NOT_NOW:
        return str(sent.status)
    led_away = sent.status == HTTPStatus.FOUND and not sent.location.startswith(_PATIENTS)
    return f"led to {sent.location.partition('?')[0]}" if led_away else ""


def _post(port: int, person: Person, path: str, body: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)
    try:
        connection.request("POST", path, body, _headers(port, person))
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


def _headers(port: int, person: Person) -> dict[str, str]:
    """As the proxy in front of production passes a browser's form on."""
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": person.cookies,
        "Origin": f"https://127.0.0.1:{port}",
        "X-CSRFToken": person.csrf,
        "X-Forwarded-Proto": "https",
    }
