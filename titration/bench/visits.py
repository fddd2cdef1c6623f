"""What is asked, each through the whole stack as a signed-in clinician: middleware, CSRF check, templates, database.

An answer with another status than the one expected ends the run: an error page is quick, and its time means nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from titration.accounts.second_factor import SHOWN
from titration.bench.measuring import Target
from titration.bench.scratch import HOST
from titration.exports import FORMATS
from titration.models import Membership, Patient, Plan

type Ask = Callable[[int], int]

AUDIT_QUERIES = 2  # the newest digest, and the row of who looked
PAGE = Target(ms=15, queries=12 + AUDIT_QUERIES)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_EXPORT_TARGETS = {"pdf": Target(ms=150), "csv": Target(ms=20), "ics": Target(ms=20), "json": Target()}


class UnexpectedAnswer(Exception):
    """A page answered with another status than the run counts on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    name: str
    ask: Ask
    target: Target


class Visitor:
    """A signed-in browser."""

    def __init__(self, clinician: Membership) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=True)
        self.client.force_login(clinician.user, backend="titration.membership.MembershipBackend")
        session = self.client.session
        session[SHOWN] = clinician.user_id
        session.save()
        self.headers = {"host": HOST, "referer": f"https://{HOST}/"}
        self.today: date = timezone.now().astimezone(clinician.clinic.zone).date()

    def get(self, url: str, *, htmx: bool = False, **query: str) -> int:
        return _size(self.client.get(url, query, secure=True, headers=self._headers(htmx)), 200)

    def post(self, url: str, fields: Mapping[str, object], *, status: int, htmx: bool = False) -> int:
        return _size(self.client.post(url, fields, secure=True, headers=self._headers(htmx)), status)

    def _headers(self, htmx: bool) -> dict[str, str]:
        return {**self.headers, "hx-request": "true"} if htmx else self.headers

    def token(self, url: str) -> str:
        page = self.client.get(url, secure=True, headers=self.headers).content.decode()
        found = _TOKEN.search(page)
        if found is None:
            raise UnexpectedAnswer(f"{url} has no form")
        return found[1]


def _size(answer: HttpResponseBase, status: int) -> int:
    if answer.status_code != status:
        raise UnexpectedAnswer(f"status {answer.status_code} instead of {status}")
    return len(getattr(answer, "content", b""))


def visits(visitor: Visitor, measured: Mapping[str, Patient]) -> list[Visit]:
    return [
        Visit(
            name="worklist",
            ask=lambda _: visitor.get(reverse("worklist")),
            target=Target(ms=10, queries=8 + AUDIT_QUERIES),
        ),
        Visit(name="search while typing", ask=_search(visitor), target=Target()),
        *_pages(visitor, measured),
        Visit(name="preview of a dose", ask=_preview(visitor, measured["usual"]), target=Target(ms=15)),
        Visit(name="save of a dose", ask=_save(visitor, measured["saving"]), target=Target(ms=30)),
        Visit(name="planner, opened", ask=_planner(visitor, measured["usual"]), target=Target()),
        Visit(name="planner, drawn again", ask=_draw(visitor, measured["usual"]), target=Target()),
        Visit(name="plan of 26 weeks", ask=_plan_page(visitor, measured["planned"]), target=Target()),
        *_exports(visitor, measured["planned"]),
    ]  # fmt: skip


def _search(visitor: Visitor) -> Ask:
    url = reverse("find_patients")
    fields = {"csrfmiddlewaretoken": visitor.token(url)}
    return lambda number: visitor.post(url, {**fields, "q": _SEARCHED[number % len(_SEARCHED)]}, status=200, htmx=True)


_SEARCHED = ("ab", "fenwickb", "1941-12-01", "bn-0000")


def _pages(visitor: Visitor, measured: Mapping[str, Patient]) -> list[Visit]:
    lengths = {"short": "10 changes", "usual": "100 changes", "long": "1,000 changes"}
    targets = {"short": PAGE, "usual": PAGE, "long": Target(queries=PAGE.queries)}
    return [
        Visit(name=f"patient page, {words}", ask=_patient_page(visitor, measured[name]), target=targets[name])
        for name, words in lengths.items()
    ]


def _patient_page(visitor: Visitor, patient: Patient) -> Ask:
    url = reverse("patient", args=[patient.public_id])
    return lambda _: visitor.get(url)


def _dose_fields(visitor: Visitor, token: str, number: int) -> dict[str, object]:
    """60 and 55 mg in turn, each on a day of its own, so that nothing has to be answered."""
    return {
        "csrfmiddlewaretoken": token,
        "key": str(uuid4()),
        "starts_on": (visitor.today + timedelta(days=number % 90)).isoformat(),
        "morning": "20",
        "midday": "20" if number % 2 else "15",
        "evening": "20",
        "bedtime": "0",
        "reason": "response",
    }


def _preview(visitor: Visitor, patient: Patient) -> Ask:
    """A drop to 40 mg, so that there is something to show."""
    url, token = reverse("preview_dose", args=[patient.public_id]), _log_token(visitor, patient)
    return lambda number: visitor.post(
        url, {**_dose_fields(visitor, token, number), "midday": "0"}, status=200, htmx=True
    )


def _save(visitor: Visitor, patient: Patient) -> Ask:
    url, token = reverse("log_dose", args=[patient.public_id]), _log_token(visitor, patient)
    return lambda number: visitor.post(url, _dose_fields(visitor, token, number), status=302)


def _log_token(visitor: Visitor, patient: Patient) -> str:
    return visitor.token(reverse("log_dose", args=[patient.public_id]))


def _planner(visitor: Visitor, patient: Patient) -> Ask:
    url = reverse("plan_new", args=[patient.public_id])
    return lambda _: visitor.get(url)


def _draw(visitor: Visitor, patient: Patient) -> Ask:
    url = reverse("plan_draw", args=[patient.public_id])
    token = visitor.token(reverse("plan_new", args=[patient.public_id]))
    fields = {
        "csrfmiddlewaretoken": token, "key": str(uuid4()), "kind": "taper", "target": "0", "way": "weekly_5mg",
        "drawn_way": "weekly_5mg", "products": ["tablet-10-halves"], "rows": "0", "act": "draw",
        "first_step_on": (visitor.today + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    return lambda _: visitor.post(url, fields, status=200, htmx=True)


def _plan_page(visitor: Visitor, patient: Patient) -> Ask:
    url = reverse("plan", args=[patient.public_id, _long_plan(patient).public_id])
    return lambda _: visitor.get(url)


def _exports(visitor: Visitor, patient: Patient) -> list[Visit]:
    return [
        Visit(
            name=f"export {name}", ask=_export(visitor, patient, name), target=_EXPORT_TARGETS[name.rpartition(".")[2]]
        )
        for name in FORMATS
    ]  # fmt: skip


def _export(visitor: Visitor, patient: Patient, name: str) -> Ask:
    variant, _, suffix = name.rpartition(".")
    url = reverse("plan_export", args=[patient.public_id, _long_plan(patient).public_id, variant, suffix])
    return lambda _: visitor.get(url)


def _long_plan(patient: Patient) -> Plan:
    return Plan.objects.get(patient=patient)
