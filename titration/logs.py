"""What a log line may say about a request: its method, status and route name.

A path holds ids and search words, and an error's text can hold a name; neither is ever written.
"""

import logging
import traceback
from types import TracebackType


class RouteNameFilter(logging.Filter):
    """Rewrites every record that carries a request, so that nothing the client sent is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        method = getattr(request, "method", None)
        if method is not None:
            record.msg, record.args = "%s %s %s", (getattr(record, "status_code", "-"), method, _route_name(request))
        return True


class NamelessFormatter(logging.Formatter):
    """Prints where an error happened and its class, but not its text."""

    def formatException(  # noqa: N802 - the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        error_class, _, frames = ei
        name = f"{error_class.__module__}.{error_class.__qualname__}" if error_class else "no error"
        return "".join(traceback.format_tb(frames)) + name


def _route_name(request: object) -> str:
    match = getattr(request, "resolver_match", None)
    return match.view_name if match else "unresolved"
