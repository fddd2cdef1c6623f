"""The ASGI application around Django's WSGI handler."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from titration.doorway.lanes import Lanes, saves
from titration.doorway.reading import Environ, Gone, Memory, Message, NotRead, Receive, Room, body_of, environ_of

type Send = Callable[[dict[str, Any]], Awaitable[None]]
type Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# In the request's environment: it has waited its time for others about the same patient, and is only to be told so.
BUSY = "titration.busy"
# The same of a request whose body was not read: the status of the page that says so.
NOT_READ = "titration.not_read"
# Of each process. Those that save also hash passwords: 19 MiB each, which such a thread keeps.
SAVING_THREADS = 4
READING_THREADS = 4


@dataclass(slots=True)
class Answer:
    status: int = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    content: bytes = b""


class Door:
    """Of one process: few threads, each with its own connection to the database. However many save, pages find one."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._saving = ThreadPoolExecutor(SAVING_THREADS, thread_name_prefix="saving")
        self._reading = ThreadPoolExecutor(READING_THREADS, thread_name_prefix="reading")
        self._lanes = Lanes()
        self._memory = Memory()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        with Room(self._memory) as room:
            try:
                answer = await self._answer(environ_of(scope, await body_of(scope, receive, room)))
            except NotRead as refused:
                answer = await self._told(environ_of(scope, b""), refused.status)
            except Gone:
                return
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": answer.content})

    async def _answer(self, environ: Environ) -> Answer:
        async with self._lanes.one_for(environ) as is_free:
            environ[BUSY] = not is_free
            threads = self._saving if is_free and saves(environ) else self._reading
            return await asyncio.get_running_loop().run_in_executor(threads, self._worked_on, environ)

    async def _told(self, environ: Environ, status: HTTPStatus) -> Answer:
        """The page that says why nothing was read. The rest of the body is never waited for."""
        environ[NOT_READ] = status.value
        answer = await asyncio.get_running_loop().run_in_executor(self._reading, self._worked_on, environ)
        answer.headers.append((b"connection", b"close"))
        return answer

    def _worked_on(self, environ: Environ) -> Answer:
        """In a thread, made whole: a slow reader holds none, and what was opened is closed by the same thread."""
        answer = Answer()

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            answer.status = int(status.partition(" ")[0])
            answer.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

        parts = self._application(environ, start)
        try:
            answer.content = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return answer
