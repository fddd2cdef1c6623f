"""A port belongs to one server: another is refused with a sentence, and no request ever reaches it."""

import json
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.abuse.scratch_site import run, scratch_environment
from titration.demo.server import FIRST_PORT, LAST_PORT, ServerEnded, listen_on_a_free_port
from titration.serving import PortRefused, PortTaken, listen, main, port_of

TAKEN = "cannot be served: another program serves it already."


@pytest.fixture(scope="module")
def two_servers() -> dict[str, object]:
    with scratch_environment() as environment:
        done = run(environment, "-m", "tests.two_servers")
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("second", ["ours", "granian", "ours on every address"])
def test_a_second_server_on_the_port_ends_and_gets_no_request(two_servers: dict[str, object], second: str) -> None:
    told = two_servers[second]
    assert isinstance(told, dict)
    assert told["code"] not in (0, None)
    assert set(told["answers"]) == {200}, "the second one would have refused the host"


@pytest.mark.parametrize("second", ["ours", "ours on every address", "ours after granian"])
def test_a_second_server_says_why(two_servers: dict[str, object], second: str) -> None:
    told = two_servers[second]
    assert isinstance(told, dict)
    assert TAKEN in told["said"]
    assert len(told["said"].splitlines()) == 1


def test_the_port_stays_while_a_worker_is_replaced(two_servers: dict[str, object]) -> None:
    assert two_servers["refused while a worker is replaced"] == 0


def test_the_server_may_start_again_at_once(two_servers: dict[str, object]) -> None:
    assert two_servers["again"] == 200


def test_python_may_spawn_its_workers_too(two_servers: dict[str, object]) -> None:
    assert two_servers["spawned"] == 200


def test_demos_that_start_at_the_same_moment_take_a_port_each() -> None:
    with ThreadPoolExecutor(8) as crowd:
        opened = list(crowd.map(lambda _: listen_on_a_free_port(), range(8)))
    try:
        assert len({port_of(each) for each in opened}) == 8
    finally:
        for each in opened:
            each.close()


def test_a_demo_without_a_free_port_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with listen("127.0.0.1", 0) as taken:
        monkeypatch.setattr("titration.demo.server.FIRST_PORT", port_of(taken))
        monkeypatch.setattr("titration.demo.server.LAST_PORT", port_of(taken))
        with pytest.raises(ServerEnded, match="End a program that serves one of them"):
            listen_on_a_free_port()
    assert FIRST_PORT < LAST_PORT


def test_a_port_that_is_bound_in_the_shared_way_is_taken_too() -> None:
    with socket.socket() as shared:
        shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        shared.bind(("127.0.0.1", 0))
        shared.listen()
        with pytest.raises(PortTaken):
            listen("127.0.0.1", port_of(shared))


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
def test_an_address_that_is_not_this_machines_is_refused_in_words(host: str) -> None:
    said = main(["--host", host, "--port", "0"])
    assert said is not None
    assert "Choose one of" in said
    assert "Errno" not in said


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_port_that_is_none_is_refused_in_words(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--port", port])
    assert "choose a port from 1 to 65535" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may open any port")
def test_a_port_that_this_user_may_not_open_is_refused_in_words() -> None:
    with pytest.raises(PortRefused, match="Choose a port above 1023"):
        listen("127.0.0.1", 80)


def test_the_command_ends_with_an_error_where_it_serves_nothing() -> None:
    with listen("127.0.0.1", 0) as taken, scratch_environment() as environment:
        done = run(environment, "-m", "titration.serving", "--port", str(port_of(taken)))
    assert done.returncode == 1
    assert done.stderr.strip().endswith("or choose another port with --port.")
    assert sys.executable not in done.stderr


def test_a_server_that_may_not_serve_ends_at_once_with_one_sentence() -> None:
    """Granian would begin its workers anew for as long as each takes more than seconds to fail."""
    with scratch_environment() as environment:
        environment["TITRATION_SECRET_KEY"] = "weak"
        done = run(environment, "-m", "titration.serving", "--port", "0")
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot start: TITRATION_SECRET_KEY is too weak")
    assert "Nothing was served." in done.stderr
    assert "Traceback" not in done.stderr
