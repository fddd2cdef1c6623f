"""Times one thing again and again and says it in a row: queries, median, 95th percentile, bytes, and whether the target
was reached.

The wall clock of the whole call counts; the processor's time beside it tells a slow page from a busy machine. Queries
are counted in a request of their own, because counting costs time; statements that open, close or save a transaction
are not counted.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles

from django.db import connection
from django.test.utils import CaptureQueriesContext

WARM_UPS = 5
_NO_QUERY = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """At most so many milliseconds (median) and queries; None where nothing is asked."""

    ms: float | None = None
    queries: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    queries: int | None
    median_ms: float
    p95_ms: float
    cpu_ms: float
    size: int | None
    target: Target

    @property
    def is_reached(self) -> bool:
        too_slow = self.target.ms is not None and self.median_ms > self.target.ms
        too_many = self.target.queries is not None and (self.queries or 0) > self.target.queries
        return not too_slow and not too_many


def measured(name: str, ask: Callable[[int], int | None], *, times: int, target: Target, queries: bool = True) -> Row:
    """`ask` is called with a running number and answers how many bytes came back."""
    for number in range(WARM_UPS):
        ask(number)
    taken_ms, cpu_ms, size = _timed(ask, times)
    return Row(
        name=name,
        queries=count_queries(lambda: ask(WARM_UPS + times)) if queries else None,
        median_ms=median(taken_ms),
        p95_ms=quantiles(taken_ms, n=20)[-1] if len(taken_ms) > 1 else taken_ms[0],
        cpu_ms=median(cpu_ms),
        size=size,
        target=target,
    )


def _timed(ask: Callable[[int], int | None], times: int) -> tuple[list[float], list[float], int | None]:
    taken_ms: list[float] = []
    cpu_ms: list[float] = []
    size = None
    gc.collect()
    for number in range(WARM_UPS, WARM_UPS + times):
        started, cpu_started = time.perf_counter(), time.process_time()
        size = ask(number)
        cpu_ms.append((time.process_time() - cpu_started) * 1000)
        taken_ms.append((time.perf_counter() - started) * 1000)
    return taken_ms, cpu_ms, size


def count_queries(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return sum(not query["sql"].startswith(_NO_QUERY) for query in captured.captured_queries)


_LINE = "{:28} {:>8} {:>10} {:>8} {:>8} {:>9}   {:18} {}"
HEAD = _LINE.format("", "queries", "median ms", "p95 ms", "cpu ms", "bytes", "target", "").rstrip()


def in_words(row: Row) -> str:
    return _LINE.format(
        row.name,
        "" if row.queries is None else row.queries,
        f"{row.median_ms:.2f}",
        f"{row.p95_ms:.2f}",
        f"{row.cpu_ms:.2f}",
        "" if row.size is None else f"{row.size:,}",
        _target_words(row.target),
        _reached_words(row),
    ).rstrip()


def _target_words(target: Target) -> str:
    asked = [
        f"{target.queries} queries" if target.queries is not None else "",
        f"{target.ms:g} ms" if target.ms is not None else "",
    ]
    return ", ".join(filter(None, asked))


def _reached_words(row: Row) -> str:
    if not _target_words(row.target):
        return ""
    return "reached" if row.is_reached else "MISSED"
