"""What was read or refused while the database could take no entry: it was answered, and its audit row follows.

A clinician must see a record whose disk is full, which another entry holds or which is a standby for now. Such rows
wait in the worker's memory, are told in the log by their number, and join the chain with the time of the reading,
marked late, as soon as a row can be written again. A worker that is killed before then takes them along; the log says
how many there were.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, Error

from titration.connections import brief_wait
from titration.services.access import record_read, record_refusal
from titration.trouble import may_still_be_read

type Record = Callable[..., None]
logger = logging.getLogger(__name__)
_waiting: deque[tuple[Record, dict[str, Any]]] = deque()
_lock = threading.Lock()


def record_read_or_keep(**read: Any) -> None:
    """As record_read; where the database cannot be written, the row waits. Any other failure is raised: nothing is
    shown that could not be recorded.
    """
    _record_or_keep(record_read, read)


def record_refusal_or_keep(**refused: Any) -> None:
    _record_or_keep(record_refusal, refused)


def _record_or_keep(record: Record, row: dict[str, Any]) -> None:
    try:
        with brief_wait():
            record(**row)
    except DatabaseError as error:
        if not may_still_be_read(error):
            raise
        _waiting.append((record, {**row, "detail": {**(row.get("detail") or {}), "late": True}}))
        logger.error("An access could not be recorded; %s wait for the database.", len(_waiting))
    else:
        _record_waiting()


def _record_waiting() -> None:
    """In their order, by one thread at a time; what cannot be written yet stays and keeps nobody from their page."""
    while _waiting:
        with _lock:
            if not _waiting:
                return
            record, row = _waiting[0]
            try:
                with brief_wait():
                    record(**row)
            except Error:
                return
            _waiting.popleft()
