"""Whose turn it is among requests about one patient: nobody's page waits for somebody else's patient.

A save or an export waits for its patient's row as long as another writes it. Of one patient at most SAME_PATIENT saves
and as many reads are worked on at a time in a process; the others wait without a thread, and are told after a while
that somebody is saving.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from titration.doorway.reading import Environ

SAME_PATIENT = 2
SECONDS_FOR_A_PATIENT = 3.0
_PATIENT = re.compile(r"/patients/([0-9a-f-]{36})/")

type Lane = tuple[str, bool]


def saves(environ: Environ) -> bool:
    return bool(environ["REQUEST_METHOD"] == "POST")


class Lanes:
    """Of one process; used on its event loop alone."""

    def __init__(self) -> None:
        self._of_patient: dict[Lane, asyncio.Semaphore] = {}
        self._users: Counter[Lane] = Counter()

    def one_for(self, environ: Environ) -> AbstractAsyncContextManager[bool]:
        """Yields whether it may be worked on; False where its patient's lane did not become free in its time."""
        found = _PATIENT.match(environ["PATH_INFO"])
        return self._patients_lane((found[1], saves(environ))) if found else nullcontext(True)

    @asynccontextmanager
    async def _patients_lane(self, lane: Lane) -> AsyncIterator[bool]:
        turn = self._of_patient.setdefault(lane, asyncio.Semaphore(SAME_PATIENT))
        self._users[lane] += 1
        try:
            is_free = await _in_time(turn)
            try:
                yield is_free
            finally:
                if is_free:
                    turn.release()
        finally:
            self._users[lane] -= 1
            if not self._users[lane]:
                del self._users[lane], self._of_patient[lane]


async def _in_time(turn: asyncio.Semaphore) -> bool:
    try:
        async with asyncio.timeout(SECONDS_FOR_A_PATIENT):
            return await turn.acquire()
    except TimeoutError:
        return False
