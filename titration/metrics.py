"""How many requests ended how, and how long they took, by the route's name: no path, no patient, no person.

Each worker keeps its own counts and writes them into a file of the server's run; who asks gets the sum, which also
holds what a worker that is gone has counted until a second before its end.
"""

import json
import os
import tempfile
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from django.http import HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Upper bounds of the buckets of a duration; the last one has none.
BUCKET_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SECONDS_BETWEEN_WRITES = 1.0
_SEPARATOR = "\t"


class Tally:
    """Counts by name: `requests ROUTE STATUS`, `bucket ROUTE NUMBER`, `seconds ROUTE`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._written_at = 0.0

    def note(self, route: str, status: int, seconds: float) -> None:
        bucket = bisect_left(BUCKET_SECONDS, seconds)
        with self._lock:
            self._counts[_SEPARATOR.join(("requests", route, str(status)))] += 1
            self._counts[_SEPARATOR.join(("bucket", route, str(bucket)))] += 1
            self._counts[_SEPARATOR.join(("seconds", route))] += seconds  # type: ignore[assignment]
            if time.monotonic() - self._written_at >= SECONDS_BETWEEN_WRITES:
                self._write()

    def totals(self) -> Counter[str]:
        """Of all workers of this run."""
        with self._lock:
            self._write()
            summed: Counter[str] = Counter()
            for counted in self._read():
                summed.update(counted)
            return summed or Counter(self._counts)

    def _write(self) -> None:
        """A folder that cannot be written costs the sums, never the request."""
        self._written_at = time.monotonic()
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            if self._folder.stat().st_uid != os.getuid():
                return
            draft = self._folder / f"{os.getpid()}.part"
            draft.write_text(json.dumps(self._counts))
            draft.replace(self._folder / f"{os.getpid()}.json")

    def _read(self) -> Iterator[dict[str, int]]:
        with suppress(OSError):
            for file in sorted(self._folder.glob("*.json")):
                yield json.loads(file.read_text())


def _folder_of_this_run() -> Path:
    """Workers share their parent, the server."""
    return Path(tempfile.gettempdir()) / f"titration-metrics-{os.getuid()}-{os.getppid()}"


tally = Tally(_folder_of_this_run())


class MeasureMiddleware:
    """Stands outside everything that can take time or fail."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        tally.note(match.view_name if match else "unresolved", response.status_code, time.monotonic() - started)
        return response


def in_words(counts: Counter[str], gauges: dict[str, dict[str, float]]) -> str:
    """The text format that Prometheus reads. gauges: name -> labels as written, or "" -> value."""
    lines = [*_requests(counts), *_durations(counts)]
    for name, values in gauges.items():
        lines += [f"# TYPE {name} gauge", *(f"{name}{labels} {value:g}" for labels, value in values.items())]
    return "\n".join(lines) + "\n"


def _requests(counts: Counter[str]) -> Iterator[str]:
    yield "# TYPE titration_requests_total counter"
    for name, count in sorted(counts.items()):
        kind, *rest = name.split(_SEPARATOR)
        if kind == "requests":
            yield f'titration_requests_total{{route="{rest[0]}",status="{rest[1]}"}} {count}'


def _durations(counts: Counter[str]) -> Iterator[str]:
    yield "# TYPE titration_request_seconds histogram"
    for route in sorted({name.split(_SEPARATOR)[1] for name in counts}):
        total = 0
        for place, bound in enumerate((*map(str, BUCKET_SECONDS), "+Inf")):
            total += counts[_SEPARATOR.join(("bucket", route, str(place)))]
            yield f'titration_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}'
        yield f'titration_request_seconds_sum{{route="{route}"}} {counts[_SEPARATOR.join(("seconds", route))]:g}'
        yield f'titration_request_seconds_count{{route="{route}"}} {total}'
