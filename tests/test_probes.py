"""Health, readiness and metrics: without sign-in, the last two by the operator's token alone, and without patients."""

import json
import logging
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tests.factories import NOW, TODAY
from tests.services.acts import critical_flag
from titration.logs import KEYS, JsonFormatter, RouteNameFilter
from titration.metrics import Tally, in_words
from titration.models import Membership, Patient
from titration.selectors.operations import reassess_lag_seconds

TOKEN = "a-token-of-the-operator-of-this-server"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def operator(settings: Any) -> Client:
    settings.PROBE_TOKEN = TOKEN
    return Client(headers=BEARER)


def test_health_needs_neither_token_nor_database() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/readyz", "/metrics"])
@pytest.mark.parametrize("said", ["", TOKEN, f"Bearer {TOKEN}x", "Bearer "])
def test_the_others_do_not_exist_without_the_token(settings: Any, address: str, said: str) -> None:
    settings.PROBE_TOKEN = TOKEN
    assert Client(headers={"authorization": said}).get(address).status_code == 404
    settings.PROBE_TOKEN = ""
    assert Client(headers={"authorization": "Bearer "}).get(address).status_code == 404


@pytest.mark.django_db
def test_ready_when_the_database_is_migrated(operator: Client) -> None:
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (200, "ok")


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(operator: Client) -> None:
    last = MigrationRecorder.Migration.objects.filter(app="titration").latest("pk")
    MigrationRecorder(connection).record_unapplied("titration", last.name)
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "1 not applied")


def test_late_reassessment_is_told_and_refuses_nobody(operator: Client, patient: Patient) -> None:
    Patient.objects.update(next_assessment_on=TODAY - timedelta(days=900))
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["reassess"]) == (200, "late")


@pytest.mark.parametrize(("days", "hours"), [(0, 9), (1, 33), (-1, 0)])
def test_the_lag_counts_from_the_beginning_of_the_day_that_was_due(patient: Patient, days: int, hours: int) -> None:
    Patient.objects.update(next_assessment_on=TODAY - timedelta(days=days))
    assert int(reassess_lag_seconds(NOW) // 3600) == hours


def test_metrics_count_requests_and_flags_and_name_nobody(
    operator: Client, alice: Membership, patient: Patient
) -> None:
    critical_flag(alice, patient)
    operator.get("/healthz")
    told = operator.get("/metrics").content.decode()
    assert 'titration_flags_waiting{severity="critical"} 1' in told
    assert 'titration_requests_total{route="healthz",status="200"}' in told
    assert 'titration_request_seconds_bucket{route="healthz",le="+Inf"}' in told
    for private in ("Ashdown", str(patient.public_id), patient.identifier, alice.user.email):
        assert private not in told


def test_workers_are_summed_also_one_that_is_gone(tmp_path: Path) -> None:
    tally = Tally(tmp_path)
    tally.note("patient", 200, 0.03)
    (tmp_path / "1.json").write_text(json.dumps({"requests\tpatient\t200": 4, "bucket\tpatient\t1": 4}))
    assert tally.totals()["requests\tpatient\t200"] == 5
    assert 'titration_request_seconds_bucket{route="patient",le="0.05"} 5' in in_words(tally.totals(), {})


def test_a_folder_that_cannot_be_written_costs_no_request(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    tally = Tally(tmp_path / "file" / "folder")
    tally.note("patient", 200, 0.03)
    assert tally.totals() == Counter({"requests\tpatient\t200": 1, "bucket\tpatient\t1": 1, "seconds\tpatient": 0.03})


def _line(logger: str, message: str, *args: object, **extra: object) -> dict[str, Any]:
    record = logging.LogRecord(logger, logging.WARNING, __file__, 7, message, args, None)
    for name, value in extra.items():
        setattr(record, name, value)
    assert RouteNameFilter().filter(record)
    return json.loads(JsonFormatter().format(record))


def test_a_log_line_of_a_server_has_known_keys_alone() -> None:
    told = _line("titration.mail", "A mail could not be sent.", patient="Quince", route="patient", status=200)
    assert set(told) <= set(KEYS)
    assert "Quince" not in json.dumps(told)


def test_the_words_of_another_package_are_not_logged_but_their_place() -> None:
    told = _line("somebody.else", "Invalid address: %s", "quince@example.org")
    assert told["event"] == "test_probes:7"


def test_our_own_words_are_logged() -> None:
    assert _line("titration.mail", "A mail could not be sent.")["event"] == "A mail could not be sent."
