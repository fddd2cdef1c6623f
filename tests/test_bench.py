"""`manage.py bench`: a tiny clinic is filled and every visit answered; targets are judged; nothing is left behind."""

import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from titration.bench.assessing import record_with
from titration.bench.filling import MEASURED, fill
from titration.bench.measuring import HEAD, Row, Target, in_words, measured
from titration.bench.memory import resident_bytes
from titration.bench.scratch import scratch
from titration.bench.visits import UnexpectedAnswer, Visitor, visits
from titration.demo.server import running
from titration.models import Flag, Membership, Patient, Plan, RegimenChange
from titration.services.audit import broken_links

SIZE = 120


def row(**changes: object) -> Row:
    usual = {"name": "worklist", "queries": 8, "median_ms": 9.0, "p95_ms": 12.0, "cpu_ms": 8.0, "size": 1234}
    return Row(**{**usual, "target": Target(ms=10, queries=8), **changes})  # type: ignore[arg-type]


@pytest.fixture
def filled(db: None) -> tuple[Membership, dict[str, Patient]]:
    return fill(SIZE, now=timezone.now(), progress=lambda *_: None)


@pytest.fixture
def production_hosts() -> Iterator[None]:
    with override_settings(ALLOWED_HOSTS=["bench.invalid"]):
        yield


def test_fills_a_clinic_with_histories_of_the_named_lengths(filled: tuple[Membership, dict[str, Patient]]) -> None:
    _, patients = filled
    lengths = {name: RegimenChange.objects.filter(patient=patient).count() for name, patient in patients.items()}
    assert lengths == {**MEASURED, "planned": 100}
    assert Patient.objects.count() == SIZE


def test_fills_flags_by_the_rules_and_an_audit_that_holds(filled: tuple[Membership, dict[str, Patient]]) -> None:
    assert Flag.objects.filter(state="open", severity="high").exists()
    assert list(broken_links()) == []


def test_the_long_plan_runs_for_26_weeks(filled: tuple[Membership, dict[str, Patient]]) -> None:
    plan = Plan.objects.get(patient=filled[1]["planned"])
    days = list(plan.steps.values_list("starts_on", flat=True))
    assert (len(days), (days[-1] - days[0]).days + 7) == (26, 26 * 7)


def test_every_visit_is_answered_as_it_should(
    filled: tuple[Membership, dict[str, Patient]], production_hosts: None
) -> None:
    rows = [
        measured(visit.name, visit.ask, times=1, target=visit.target)
        for visit in visits(Visitor(filled[0]), filled[1])
        if not visit.name.endswith("pdf")
    ]
    assert all(row.queries and row.size is not None for row in rows)


def test_an_answer_of_another_status_ends_the_run(
    filled: tuple[Membership, dict[str, Patient]], production_hosts: None
) -> None:
    with pytest.raises(UnexpectedAnswer, match="404"):
        Visitor(filled[0]).get("/patients/00000000-0000-4000-8000-000000000000/")


@pytest.mark.parametrize(
    ("changes", "is_reached"),
    [
        pytest.param({"median_ms": 10.0}, True, id="at the target"),
        pytest.param({"median_ms": 10.01}, False, id="just slower"),
        pytest.param({"queries": 9}, False, id="a query too many"),
        pytest.param({"median_ms": 900.0, "queries": 90, "target": Target()}, True, id="nothing is asked"),
    ],
)
def test_a_target_is_reached_by_median_and_queries(changes: dict[str, object], is_reached: bool) -> None:
    assert row(**changes).is_reached is is_reached
    assert ("MISSED" in in_words(row(**changes))) is not is_reached


def test_a_row_stands_under_its_head() -> None:
    words = in_words(row())
    assert "9.00" in words
    assert "1,234" in words
    assert words.index("9.00") + 4 == HEAD.index("median ms") + len("median ms")


def test_the_scratch_environment_is_productions_and_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TITRATION_DATABASE_URL", "sqlite:///mine.sqlite3")
    monkeypatch.setenv("TITRATION_DEBUG", "1")
    with scratch(None) as place:
        environment = place.environment
        assert environment["TITRATION_DATABASE_URL"] == f"sqlite:///{place.folder / 'bench.sqlite3'}"
        assert "TITRATION_DEBUG" not in environment
    assert not place.folder.exists()


def test_refuses_a_clinic_that_is_too_small_to_measure() -> None:
    with pytest.raises(CommandError, match="at least"):
        call_command("bench", patients=1)


def test_a_record_of_a_thousand_changes_has_a_thousand() -> None:
    assert len(record_with(1000).regimens) == 1000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_counts_the_children_too(tmp_path: Path) -> None:
    with running(("bash", "-c", f"sleep 30 & echo > {tmp_path}/started; sleep 30; true")) as parent:
        until = time.monotonic() + 20
        while not (tmp_path / "started").exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        alone = resident_bytes(parent, children=False)
        assert 0 < alone < resident_bytes(parent)


def test_prints_a_row_for_what_was_asked_for(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sys.argv", ["manage.py", "bench", "--patients", "20", "--requests", "1", "--only", "assessment, 100"]
    )
    call_command("bench", patients=20, requests=1, only="assessment, 100", stdout=StringIO())
    printed = capfd.readouterr().out
    assert "assessment, 100 changes" in printed
    assert "worklist" not in printed
