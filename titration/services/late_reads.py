"""A page that was read while the database could take no entry: it was shown, and its audit row follows.

A clinician must see a record whose disk is full or which another entry holds. Such reads wait in the worker's memory,
are told in the log by their number, and join the chain with the time of the reading, marked late, as soon as a row can
be written again. A worker that is killed before then takes them along; the log says how many there were.
"""

import logging
import threading
from collections import deque
from typing import Any

from django.db import Error, OperationalError

from titration.services.access import record_read
from titration.trouble import FULL, LOCKED, trouble_of

logger = logging.getLogger(__name__)
_waiting: deque[dict[str, Any]] = deque()
_lock = threading.Lock()


def record_read_or_keep(**read: Any) -> None:
    """As record_read; where the database is locked or full, the row waits. Any other failure is raised: nothing is
    shown that could not be recorded.
    """
    try:
        record_read(**read)
    except OperationalError as error:
        if trouble_of(error) not in (LOCKED, FULL):
            raise
        _waiting.append({**read, "detail": {**(read["detail"] or {}), "late": True}})
        logger.error("A read could not be recorded; %s wait for the database.", len(_waiting))
    else:
        _record_waiting()


def _record_waiting() -> None:
    """In their order, by one thread at a time; what cannot be written yet stays and keeps nobody from their page."""
    while _waiting:
        with _lock:
            if not _waiting:
                return
            try:
                record_read(**_waiting[0])
            except Error:
                return
            _waiting.popleft()
