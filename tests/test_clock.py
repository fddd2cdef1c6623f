"""A server whose clock stands before the newest entry takes none: it says so, and whom to tell. Reads go on."""

# ruff: noqa: F811 - a fixture is imported and asked for by its name

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from threading import Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.abuse.at_the_door import moving_clock  # noqa: F401 - a fixture
from tests.abuse.doors import give_password, with_password
from tests.services.acts import ACTS, uploaded_history
from tests.test_probes import TOKEN, operator  # noqa: F401 - a fixture
from titration.management.commands.reassess import Command
from titration.models import AuditEvent, HistoryImport, Membership, Patient, ResponseScore
from titration.services import clock
from titration.services.audit import broken_links
from titration.services.clock import BEFORE, ClockBehind, is_behind
from titration.services.reassessment import reassess_patient

type Move = Callable[[timedelta], None]

BEHIND = "The clock of this server is wrong"


@pytest.fixture
def move(settings: Any, moving_clock: Move) -> Iterator[Move]:
    settings.CLOCK_TOLERANCE = timedelta(seconds=60)
    clock._heard.clear()
    yield moving_clock
    clock._heard.clear()


@pytest.fixture
def inside(patient: Patient, move: Move, alice: Membership) -> Client:
    """Signed in; the newest row of the audit is of now."""
    client = Client(raise_request_exception=False)
    give_password(client, with_password(alice).user.email)
    return client


def page_of(patient: Patient) -> str:
    return reverse("patient", args=[patient.public_id])


def scores(client: Client, patient: Patient, **headers: str) -> Any:
    at = timezone.localtime(timezone.now(), patient.clinic.zone) - timedelta(minutes=5)
    fields = {"key": "0d7f7c0a-5f0c-4c8e-9d39-2f8f2c4f7c11", "spasticity": "4", "at": at.strftime("%Y-%m-%dT%H:%M")}
    return client.post(
        reverse("log_response", args=[patient.public_id]), {**fields, "note": "typed words"}, headers=headers
    )


@pytest.mark.parametrize(("seconds", "status"), [(0, 302), (59, 302), (60, 302), (61, 503), (3600, 503)])
def test_entries_are_refused_more_than_a_minute_before_the_newest_row(
    inside: Client, move: Move, patient: Patient, seconds: int, status: int
) -> None:
    inside.get(page_of(patient))
    move(timedelta(seconds=-seconds))
    assert scores(inside, patient).status_code == status
    assert ResponseScore.objects.count() == (status == 302)


def test_the_refusal_says_whom_to_tell_and_keeps_what_was_typed(inside: Client, move: Move, patient: Patient) -> None:
    move(timedelta(hours=-1))
    page = scores(inside, patient).content.decode()
    for words in (BEHIND, "nothing was saved", "Tell whoever looks after this server", "typed words"):
        assert words in page
    htmx = scores(inside, patient, **{"HX-Request": "true"})
    assert (htmx.status_code, htmx["Retry-After"]) == (503, "60")
    assert "Wait until the clock is right" in htmx.content.decode()


def test_reads_go_on_and_say_so_until_the_clock_has_passed(inside: Client, move: Move, patient: Patient) -> None:
    page = page_of(patient)
    assert BEHIND not in inside.get(page).content.decode()
    move(timedelta(minutes=-10))
    for _ in range(2):
        answer = inside.get(page)
        assert (answer.status_code, BEHIND in answer.content.decode()) == (200, True)
    assert scores(inside, patient).status_code == 503, "a read has not made the clock right"
    move(timedelta(minutes=9, seconds=1))
    assert scores(inside, patient).status_code == 302
    assert BEHIND not in inside.get(page).content.decode()


def test_a_row_of_a_read_names_what_the_clock_has_not_passed(inside: Client, move: Move, patient: Patient) -> None:
    newest = AuditEvent.objects.latest("pk").at
    move(timedelta(minutes=-10))
    for _ in range(2):
        inside.get(page_of(patient))
    rows = AuditEvent.objects.order_by("-pk")[:2]
    assert {row.detail[BEFORE] for row in rows} == {newest.isoformat()}
    assert list(broken_links()) == []


def test_people_still_come_in_and_go(move: Move, alice: Membership, patient: Patient) -> None:
    ACTS["scores.recorded"](alice, patient)()
    AuditEvent.objects.latest("pk")
    move(timedelta(days=-400))
    assert give_password(Client(), with_password(alice).user.email).status_code == 302


@pytest.mark.parametrize("action", ACTS)
def test_every_entry_is_refused_whole(action: str, move: Move, alice: Membership, patient: Patient) -> None:
    act = ACTS[action](alice, patient)
    move(timedelta(days=-4000))
    before = AuditEvent.objects.count()
    with pytest.raises(ClockBehind):
        act()
    assert AuditEvent.objects.count() == before


def test_nothing_is_assessed_by_a_wrong_clock(move: Move, alice: Membership, patient: Patient) -> None:
    ACTS["dose.changed"](alice, patient)()
    before = list(AuditEvent.objects.values_list("pk"))
    move(timedelta(days=-4000))
    Patient.objects.update(next_assessment_on=None)
    assert not reassess_patient(patient.pk, timezone.now())
    assert list(AuditEvent.objects.values_list("pk")) == before


@pytest.mark.django_db(transaction=True)
def test_the_loop_outlives_a_wrong_clock(move: Move, alice: Membership, patient: Patient) -> None:
    draft = uploaded_history(alice, patient)
    HistoryImport.objects.filter(pk=draft.pk).update(uploaded_at=timezone.now() - timedelta(days=4100))
    move(timedelta(days=-4000))
    leave, err = Event(), StringIO()
    leave.set()
    Command(stdout=StringIO(), stderr=err)._go_on(leave, 1)
    assert "The next round tries again." in err.getvalue()
    assert HistoryImport.objects.filter(pk=draft.pk).exists()


def test_no_query_is_added_for_it(
    inside: Client, patient: Patient, django_assert_num_queries: Any, settings: Any
) -> None:
    inside.get(page_of(patient))
    settings.CLOCK_TOLERANCE = None
    with django_assert_num_queries(_queries(inside, patient)):
        settings.CLOCK_TOLERANCE = timedelta(seconds=60)
        inside.get(page_of(patient))


def _queries(client: Client, patient: Patient) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        client.get(page_of(patient))
    return len(seen)


def test_readiness_says_by_how_much(operator: Client, inside: Client, move: Move) -> None:
    assert operator.get("/readyz").json()["clock"] == "ok"
    move(timedelta(seconds=-90))
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["clock"]) == (
        503, "90 s before the newest row of the audit: entries are refused",
    )  # fmt: skip
    assert TOKEN not in answer.content.decode()


@pytest.mark.postgresql
def test_readiness_tells_a_clock_that_is_not_the_database_servers(
    operator: Client,
    move: Move,
    db: None,
) -> None:
    move(timedelta(hours=1))
    told = operator.get("/readyz")
    assert (told.status_code, "ahead of the database server's clock" in told.json()["clock"]) == (503, True)


def test_a_clock_that_was_set_right_is_accepted_and_everybody_is_assessed_anew(
    inside: Client, move: Move, patient: Patient, alice: Membership
) -> None:
    move(timedelta(days=400))
    give_password(Client(), alice.user.email)
    Patient.objects.update(next_assessment_on=timezone.localdate(), treatment_status="ended", treatment_version=1)
    move(timedelta(days=-400))
    assert scores(inside, patient).status_code == 503
    out = StringIO()
    call_command("accept_clock", stdout=out)
    assert "Entries are taken again" in out.getvalue()
    row = AuditEvent.objects.latest("pk")
    assert (row.action, row.detail["seconds"] > 300 * 86400, BEFORE in row.detail) == ("clock.accepted", True, False)
    patient.refresh_from_db()
    assert patient.next_assessment_on == timezone.localdate()
    assert scores(inside, patient).status_code == 302
    assert list(broken_links()) == []
    assert not is_behind()


def test_a_right_clock_is_not_accepted_again(inside: Client) -> None:
    with pytest.raises(CommandError, match="nothing to accept"):
        call_command("accept_clock")
