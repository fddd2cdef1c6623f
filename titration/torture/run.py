"""One run: serve, write, kill, start again, compare."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import connection

from titration.serving import port_of
from titration.torture.ledger import HEAD, Line, chain_breaks, compare
from titration.torture.sending import Sent
from titration.torture.server import Served, reserved_port
from titration.torture.world import build_world
from titration.torture.writers import Writer

WRITERS = 4
EVERY_KILLS_ALL = 5
ANSWERS_BETWEEN_KILLS = 4
SECONDS_FOR_ANSWERS = 20
SHORTEST_SECONDS, LONGEST_SECONDS = 0.0, 0.8
SECONDS_TO_END = 120

type Say = Callable[[str], None]


@dataclass(slots=True)
class Kills:
    workers: int = 0
    servers: int = 0


@dataclass(slots=True)
class Result:
    """lines: one for each kind of write. breaks: audit rows that do not follow the row before them."""

    lines: list[Line]
    sent: list[Sent]
    kills: Kills
    breaks: int
    seconds: float
    stuck: int = field(default=0)

    @property
    def is_whole(self) -> bool:
        """Equal, of everything that was tried; a run in which nothing was acknowledged has shown nothing."""
        tried = any(line.acknowledged for line in self.lines)
        return tried and not self.stuck and not self.breaks and all(line.is_whole for line in self.lines)


def torture(rounds: int, say: Say) -> Result:
    call_command("migrate", verbosity=0, interactive=False)
    world, started = build_world(WRITERS), time.monotonic()
    connection.close()
    with reserved_port() as held:
        served = Served(port_of(held))
        stop = threading.Event()
        writers = [Writer(served.port, person, world, stop) for person in world.people]
        kills, stuck = _killed_while_they_write(served, writers, rounds, say)
    sent = [each for writer in writers for each in writer.sent]
    seconds = time.monotonic() - started
    return Result(compare(world, sent), sent, kills, chain_breaks(), seconds, stuck)


def _killed_while_they_write(served: Served, writers: list[Writer], rounds: int, say: Say) -> tuple[Kills, int]:
    served.start()
    try:
        for writer in writers:
            writer.start()
        kills = _kill_rounds(served, writers, rounds, say)
        return kills, _let_end(served, writers)
    finally:
        served.kill_all()


def _kill_rounds(served: Served, writers: list[Writer], rounds: int, say: Say) -> Kills:
    kills = Kills()
    for number in range(1, rounds + 1):
        kills.servers += served.revive()
        _wait_for_answers(writers)
        time.sleep(random.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))  # noqa: S311 - the moment must only be arbitrary
        if number % EVERY_KILLS_ALL == 0:
            served.kill_all()
            kills.servers += 1
            served.start()
        else:
            kills.workers += served.kill_a_worker()
            served.wait_for_workers()
        say(f"round {number} of {rounds}")
    return kills


def _wait_for_answers(writers: list[Writer]) -> None:
    """So that each kill meets people at work, not a server that is still starting."""
    wanted = _answers(writers) + ANSWERS_BETWEEN_KILLS
    until = time.monotonic() + SECONDS_FOR_ANSWERS
    while _answers(writers) < wanted and time.monotonic() < until:
        time.sleep(0.05)


def _answers(writers: list[Writer]) -> int:
    return sum(1 for writer in writers for sent in writer.sent if sent.status)


def _let_end(served: Served, writers: list[Writer]) -> int:
    """Everybody sends until what they are at is answered. How many were not done in time."""
    for writer in writers:
        writer.stop_event.set()
    until = time.monotonic() + SECONDS_TO_END
    while any(writer.is_alive() for writer in writers) and time.monotonic() < until:
        served.revive()
        time.sleep(0.1)
    return sum(writer.is_alive() for writer in writers)


def report(result: Result) -> list[str]:
    lost = [each for each in result.sent if each.attempts > 1]
    troubles = Counter(name for each in result.sent for name in each.troubles)
    widths = (14, 7, 9, 14, 8, 9, 10)
    table = [HEAD, *(line.cells for line in result.lines)]
    return [
        f"{result.kills.workers} workers and {result.kills.servers} whole servers killed in {result.seconds:.0f} s "
        f"on {connection.vendor}; {len(lost)} forms were sent again with their key.",
        f"Lost answers: {', '.join(f'{name} {count}' for name, count in troubles.most_common()) or 'none'}.",
        *("".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table),
        f"Audit chain: {'unbroken' if not result.breaks else f'{result.breaks} rows do not follow'}.",
        *([f"{result.stuck} writers never ended."] if result.stuck else []),
        "Acknowledged = stored = audited." if result.is_whole else "NOT EQUAL: see above.",
    ]
