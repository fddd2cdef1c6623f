"""Row 36: workers and whole servers are killed in mid-write; acknowledged = stored = audited, and the chain holds.

A few rounds here; `manage.py torture` plays fifty.
"""

import sys
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.abuse.scratch_site import ROOT, server_url
from tests.factories import NOW
from tests.services.acts import SCORES
from titration.models import Membership, Patient, ResponseScore
from titration.services.reports import record_scores
from titration.torture.ledger import Line, compare
from titration.torture.run import Kills, Result
from titration.torture.sending import Sent
from titration.torture.world import World

ROUNDS = 2


def test_row_36_nothing_acknowledged_is_lost() -> None:
    import subprocess

    url = server_url()
    command = [sys.executable, "manage.py", "torture", "--rounds", str(ROUNDS)]
    command += ["--database-url", url] if url else []
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "Acknowledged = stored = audited." in done.stdout
    assert "Audit chain: unbroken." in done.stdout


def _line(acknowledged: str, stored: str, audited: str, unanswered: int = 0) -> Line:
    from collections import Counter

    return Line(
        kind="log_dose",
        sent=3,
        refused=0,
        unanswered=unanswered,
        acknowledged=Counter(acknowledged),
        stored=Counter(stored),
        audited=Counter(audited),
    )


@pytest.mark.parametrize(
    ("line", "is_whole"),
    [
        pytest.param(_line("abc", "abc", "abc"), True, id="equal"),
        pytest.param(_line("abc", "ab", "abc"), False, id="one is lost"),
        pytest.param(_line("abc", "abcc", "abcc"), False, id="one counts twice"),
        pytest.param(_line("abc", "abc", "ab"), False, id="one is not audited"),
        pytest.param(_line("abc", "abd", "abd"), False, id="as many, but others"),
        pytest.param(_line("abc", "abc", "abc", unanswered=1), False, id="one was never answered"),
    ],
)
def test_row_36_the_comparison_sees(line: Line, is_whole: bool) -> None:
    assert line.is_whole is is_whole


@pytest.mark.parametrize(
    ("lines", "breaks", "stuck", "is_whole"),
    [
        pytest.param([_line("abc", "abc", "abc"), _line("", "", "")], 0, 0, True, id="one kind was not tried"),
        pytest.param([_line("", "", "")], 0, 0, False, id="all was refused: nothing is shown"),
        pytest.param([_line("abc", "abc", "abc"), _line("a", "", "a")], 0, 0, False, id="a kind lost one"),
        pytest.param([_line("abc", "abc", "abc")], 1, 0, False, id="the chain breaks"),
        pytest.param([_line("abc", "abc", "abc")], 0, 1, False, id="a writer never ended"),
    ],
)
def test_row_36_a_run_is_whole_only_when_something_was_shown(
    lines: list[Line], breaks: int, stuck: int, is_whole: bool
) -> None:
    assert Result(lines, [], Kills(), breaks, 1.0, stuck).is_whole is is_whole


@pytest.mark.django_db
def test_row_36_a_planted_loss_is_found(alice: Membership, patient: Patient) -> None:
    """Of real rows: what was acknowledged and is nowhere; then a row that nobody acknowledged and no audit tells of."""
    keys, one = [uuid4() for _ in range(3)], replace(SCORES, values={"spasticity": "4"})
    for key in keys:
        record_scores(actor=alice, patient=patient, report=one, now=NOW, key=key)
    sent = [Sent("log_response", str(key), status=302, attempts=1) for key in keys]
    world = World(clinic=alice.clinic, people=(), shared=(patient,))

    def line() -> Line:
        return next(each for each in compare(world, sent) if each.kind == "log_response")

    assert line().is_whole
    lost = Sent("log_response", str(uuid4()), status=302, attempts=1)
    sent.append(lost)
    assert not line().is_whole
    assert line().acknowledged - line().stored == line().acknowledged - line().audited == {lost.token: 1}
    sent.remove(lost)
    row = ResponseScore.objects.latest("pk")
    row.pk, row.public_id = None, uuid4()
    row.save(force_insert=True)
    assert line().acknowledged == line().audited
    assert not line().is_whole


@pytest.mark.parametrize(
    ("attempts", "status", "done"), [(1, 302, True), (1, 409, False), (2, 409, True), (2, 422, False)]
)
def test_row_36_an_act_found_done_counts_only_after_a_lost_answer(attempts: int, status: int, done: bool) -> None:
    assert Sent("plan_stop", "x", status=status, attempts=attempts).is_acknowledged is done
