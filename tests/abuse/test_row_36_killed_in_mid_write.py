"""Row 36: workers and whole servers are killed in mid-write; acknowledged = stored = audited, and the chain holds.

A few rounds here; `manage.py torture` plays fifty.
"""

import sys

import pytest

from tests.abuse.scratch_site import ROOT, server_url
from titration.torture.ledger import Line
from titration.torture.sending import Sent

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
    ("attempts", "status", "done"), [(1, 302, True), (1, 409, False), (2, 409, True), (2, 422, False)]
)
def test_row_36_an_act_found_done_counts_only_after_a_lost_answer(attempts: int, status: int, done: bool) -> None:
    assert Sent("plan_stop", "x", status=status, attempts=attempts).is_acknowledged is done
