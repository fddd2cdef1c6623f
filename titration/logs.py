"""What a log line may say, as JSON with these keys alone: when, how grave, which route, how it ended, where it broke.

A path holds ids and search words, and an error's text can hold a name; neither is ever written. The words of a message
are written only where our own code chose them; of other packages the place in the code is named instead.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

KEYS = ("at", "level", "logger", "event", "method", "route", "status", "milliseconds", "error", "where")
_OURS = "titration"
_FROM_EXTRA = ("route", "status", "milliseconds", "method")

type Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class RouteNameFilter(logging.Filter):
    """Rewrites every record that carries a request, so that nothing the client sent is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        method = getattr(request, "method", None)
        if method is not None:
            said = {"status": getattr(record, "status_code", "-"), "method": method, "route": _route_name(request)}
            vars(record).update(said)
            record.msg, record.args = "%s %s %s", tuple(said.values())
        return True


class NamelessFormatter(logging.Formatter):
    """For a desk: one line of text. Prints where an error happened and its class, but not its text."""

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - the name is logging's
        error_class, _, frames = ei
        return "".join(traceback.format_tb(frames)) + _name_of(error_class)


class JsonFormatter(logging.Formatter):
    """For a server: one JSON object a line, with no key that is not in KEYS."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _event(record),
            **{key: getattr(record, key) for key in _FROM_EXTRA if hasattr(record, key)},
            **_raised(record.exc_info),
        }
        return json.dumps({key: said[key] for key in KEYS if said.get(key) is not None}, default=str)


def _event(record: logging.LogRecord) -> str:
    if hasattr(record, "route"):
        return "request"
    if record.name.split(".")[0] == _OURS:
        return record.getMessage()
    return f"{record.module}:{record.lineno}"


def _raised(exc_info: Any) -> dict[str, Any]:
    if not exc_info or exc_info[0] is None:
        return {}
    frames = [f"{frame.name} {frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(exc_info[2])]
    return {"error": _name_of(exc_info[0]), "where": frames}


def _name_of(error_class: type[BaseException] | None) -> str:
    return f"{error_class.__module__}.{error_class.__qualname__}" if error_class else "no error"


def _route_name(request: object) -> str:
    match = getattr(request, "resolver_match", None)
    return match.view_name if match else "unresolved"
