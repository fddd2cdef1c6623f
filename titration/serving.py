"""python -m titration.serving: the web server, on a port that nobody else serves.

Granian's workers would each open the port so that any other server of the same user may open it too; the system then
deals out the requests between both, without an error. Here the port is opened once, for this server alone, and its
workers inherit it: a second server is refused with a sentence, and what waits at the port outlives a worker that dies.
"""

import errno
import os
import socket
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

HOST, PORT, WORKERS = "127.0.0.1", 8000, 2
BACKLOG = 1024
HEADER_READ_MILLISECONDS = 5000
# Connections that one worker holds, most of them doing nothing. Requests wait for a thread in titration/doorway/.
CONNECTIONS = 512
OPTIONS: dict[str, Any] = {
    "interface": Interfaces.ASGINL,
    # By itself Granian waits for ever for the first byte, which says whether it is HTTP/2.
    "http": HTTPModes.http1,
    "websockets": False,
    "respawn_failed_workers": True,
    "http1_settings": HTTP1Settings(header_read_timeout=HEADER_READ_MILLISECONDS),
    "backpressure": CONNECTIONS,
    "backlog": BACKLOG,
    "log_level": LogLevels.warning,
}
_REASONS = {
    errno.EADDRINUSE: "another program serves it already. End that one, or choose another port with --port",
    errno.EACCES: "this user may not. Choose a port above 1023 with --port",
    errno.EADDRNOTAVAIL: "this machine has no such address. Choose one of its own with --host",
    socket.EAI_NONAME: "no such address is known. Choose one of this machine with --host",
    socket.EAI_AGAIN: "no such address is known. Choose one of this machine with --host",
}
LAST_PORT = 65535


class PortRefused(Exception):
    """The sentence that says why a port could not be opened, and what to do."""


class PortTaken(PortRefused):
    """Another program serves it."""


def listen(host: str, port: int) -> socket.socket:
    """A port of this process alone; 0 is any free one. Raises PortRefused, PortTaken where another one has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or os.strerror(error.errno or 0)
        refused = PortTaken if error.errno == errno.EADDRINUSE else PortRefused
        raise refused(f"Port {port} of {host} cannot be served: {reason}.") from error


def port_of(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])


def command_for(listening: socket.socket) -> tuple[str, ...]:
    """Serves a port that the caller has opened and hands on."""
    return (sys.executable, "-m", "titration.serving", "--socket", str(listening.fileno()))


class Server(MPServer):
    """Granian, with one open port that all its workers inherit."""

    def __init__(self, listening: socket.socket, *, workers: int) -> None:
        host, port, *_ = listening.getsockname()
        super().__init__("titration.asgi:application", address=host, port=port, workers=workers, **OPTIONS)
        self._listening = listening
        self.is_refused = False

    def _init_shared_socket(self) -> None:
        self._listening.setblocking(False)
        self._listening.set_inheritable(True)
        number = self._listening.fileno()
        holder = SocketHolder(number, False, BACKLOG)  # type: ignore[call-arg]  # its stub lacks them
        vars(self).update(_sso=self._listening, _sfd=number, _shd=holder, _ssp=None)

    def _respawn_workers(self, workers: Sequence[int], *how: Any, **options: Any) -> None:
        """A worker that may not serve is not replaced by another that may not: the server ends."""
        if any(self.wrks[number].inner.exitcode == os.EX_CONFIG for number in workers):
            self.is_refused = self.interrupt_signal = True
            self.main_loop_interrupt.set()
        else:
            super()._respawn_workers(workers, *how, **options)


def main(arguments: Sequence[str]) -> str | None:
    """What to say where nothing can be served."""
    asked = _parser().parse_args(arguments)
    try:
        listening = listen(asked.host, asked.port) if asked.socket is None else socket.socket(fileno=asked.socket)
    except PortRefused as refused:
        return str(refused)
    server = Server(listening, workers=asked.workers)
    server.serve()
    return "Nothing was served." if server.is_refused else None


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m titration.serving", description="Serve Titration on a port of its own.")
    parser.add_argument("--host", default=HOST, help="the address to serve; default: %(default)s")
    parser.add_argument("--port", type=_port, default=PORT, help="default: %(default)s")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes that answer; default: %(default)s")
    parser.add_argument("--socket", type=int, metavar="NUMBER", help="serve this open port, handed on by who starts it")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise ArgumentTypeError(f"choose a port from 1 to {LAST_PORT}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
