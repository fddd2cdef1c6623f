"""For whoever runs the server: does the process live, can it work, what did it do.

`/healthz` says nothing but that it answers. The other two ask for the token of TITRATION_PROBE_TOKEN and do not exist
without one. None names a person or a patient.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from titration.demo_people import are_there
from titration.metrics import in_words, tally
from titration.selectors.operations import reassess_lag_seconds, waiting_flags
from titration.services.clock_check import clock_words

# `reassess --loop` visits every five minutes, a timer every fifteen; after an hour somebody should look.
LATE_SECONDS = 3600
_READS = ("GET", "HEAD")

type View = Callable[[HttpRequest], HttpResponse]


def _probe(view: View) -> View:
    @login_not_required
    @wraps(view)
    def probe(request: HttpRequest) -> HttpResponse:
        if request.method not in _READS:
            return HttpResponseNotAllowed(_READS)
        return view(request)

    return probe


def _for_the_operator(view: View) -> View:
    @wraps(view)
    def asked(request: HttpRequest) -> HttpResponse:
        token = settings.PROBE_TOKEN
        if not token or not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
            raise Http404
        return view(request)

    return asked


@_probe
def healthz(_: HttpRequest) -> HttpResponse:
    """The process answers. Asks no database: restarting the process would not mend one."""
    return HttpResponse("ok", content_type="text/plain")


@_probe
@_for_the_operator
def readyz(_: HttpRequest) -> HttpResponse:
    """503 while the database cannot be asked or is not migrated, the clock is wrong, or people of the demo are
    in production's database. Late re-assessment is told and refuses nobody: a page judges its patient anew.
    """
    try:
        answer = _answer()
    except Error as trouble:
        return JsonResponse({"database": type(trouble).__name__}, status=503)
    is_ready = all(said == "ok" for name, said in answer.items() if name != "reassess")
    return JsonResponse(answer, status=200 if is_ready else 503)


def _answer() -> dict[str, str]:
    """Of a database without its tables no more can be asked."""
    if unapplied := _unapplied():
        return {"database": "ok", "migrations": f"{unapplied} not applied"}
    is_late = reassess_lag_seconds(timezone.now()) > LATE_SECONDS
    return {
        "database": "ok",
        "migrations": "ok",
        "reassess": "late" if is_late else "ok",
        "clock": clock_words(),
        "people": "of the demo" if settings.PRODUCTION and are_there() else "ok",
    }


def _unapplied() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@_probe
@_for_the_operator
def metrics(_: HttpRequest) -> HttpResponse:
    gauges = {
        "titration_flags_waiting": {
            f'{{severity="{severity}"}}': float(count) for severity, count in waiting_flags().items()
        },
        "titration_reassess_lag_seconds": {"": reassess_lag_seconds(timezone.now())},
    }
    return HttpResponse(in_words(tally.totals(), gauges), content_type="text/plain; version=0.0.4; charset=utf-8")
