"""Alerts leave by log, command and loopback webhook; whoever raises one never waits (AT-04)."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sottovoce.adapters.alerts.command import command_port
from sottovoce.adapters.alerts.delivery import Delivery
from sottovoce.adapters.alerts.log import log_port
from sottovoce.adapters.alerts.webhook import loopback, webhook_port
from sottovoce.core.alerts import HARD_NS, TARGET_NS, Alert, AlertPort, Severity
from sottovoce.core.errors import ConfigError, ConnectivityError

WAIT_S = 5.0


def alert(code: str = "breaker_open", text: str = "a test") -> Alert:
    return Alert(code=code, severity=Severity.CRITICAL, subject="venue:LITA", text=text, first_ns=1, last_ns=2, count=3)


def until(done: Callable[[], bool]) -> bool:
    end = time.monotonic() + WAIT_S
    while not done() and time.monotonic() < end:
        time.sleep(0.005)
    return done()


class Receiver:
    """A program on this machine that takes posts; status and delay_s are how it answers."""

    def __init__(self, status: int = 200, delay_s: float = 0.0) -> None:
        self.taken: list[dict[str, object]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(delay_s)
                outer.taken.append(json.loads(body))
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing is printed by a test."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/alerts?desk=1"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


# the three ways -------------------------------------------------------------------------------------------


def test_log_is_one_line_of_json_for_each(tmp_path: Path) -> None:
    port = log_port(tmp_path / "desk" / "alerts.log")
    for number in range(3):
        assert port.notify(alert(text=f"number {number}"))
    port.close()
    lines = [json.loads(line) for line in (tmp_path / "desk" / "alerts.log").read_text("utf-8").splitlines()]
    assert [(line["code"], line["text"], line["count"]) for line in lines] == [
        ("breaker_open", f"number {number}", 3) for number in range(3)
    ]


def test_log_that_cannot_be_written_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="cannot write alerts"):
        log_port(tmp_path / "file" / "alerts.log")


def test_command_gets_the_alert_on_its_input_and_never_on_its_line(tmp_path: Path) -> None:
    got = tmp_path / "got"
    script = "import sys; open(sys.argv[1], 'w').write(repr(sys.argv[2:]) + sys.stdin.read())"
    port = command_port([sys.executable, "-c", script, str(got)])
    port.notify(alert(text="$(touch pwned); `id` | cat"))
    assert until(lambda: port.counts.delivered == 1)
    port.close()
    text = got.read_text("utf-8")
    assert text.startswith("[]")
    assert json.loads(text[2:])["text"] == "$(touch pwned); `id` | cat"


@pytest.mark.parametrize("argv", [[], [""]])
def test_command_without_a_program_is_refused(argv: list[str]) -> None:
    with pytest.raises(ConfigError):
        command_port(argv)


def test_webhook_posts_to_loopback(receiver: Receiver) -> None:
    port = webhook_port(receiver.url)
    assert isinstance(port, Delivery)
    port.notify(alert())
    assert until(lambda: port.counts.delivered == 1)
    port.close()
    assert receiver.taken[0]["code"] == "breaker_open"


def test_redirect_is_not_followed_and_is_a_failure() -> None:
    made = Receiver(status=302)
    port = webhook_port(made.url)
    port.notify(alert())
    assert until(lambda: len(made.taken) >= 1)
    port.close()
    made.close()
    assert port.counts.delivered == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data", "http://10.0.0.1:80/x", "http://example.com:80/",
        "http://127.0.0.1.evil.test:80/", "http://127.0.0.1@evil.test:80/", "http://evil@127.0.0.1:80/",
        "http://0.0.0.0:80/", "http://[::]:80/", "http://[::ffff:169.254.169.254]:80/", "http://2130706433:80/",
        "http://0x7f000001:80/", "http://127.1:80/", "https://127.0.0.1:443/", "file:///etc/passwd",
        "gopher://127.0.0.1:70/", "http://127.0.0.1/", "http://127.0.0.1:0/", "http://127.0.0.1:99999/",
        "http://127.0.0.1:80/a b", "http://127.0.0.1:80/\r\nX: y", "http://127.0.0.1:80\\@evil.test/", "",
        "127.0.0.1:80", "http://localhost.evil.test:80/", "//127.0.0.1:80/",
    ],
)  # fmt: skip
def test_every_other_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        webhook_port(url)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://127.0.0.1:8080", ("127.0.0.1", 8080, "/")),
        ("http://localhost:8080/a?b=1", ("127.0.0.1", 8080, "/a?b=1")),
        ("http://[::1]:8080/", ("::1", 8080, "/")),
        ("http://127.0.0.2:8080/x", ("127.0.0.2", 8080, "/x")),
    ],
)
def test_loopback_addresses_are_taken_as_they_are(url: str, parts: tuple[str, int, str]) -> None:
    assert loopback(url) == parts


# never in the way -----------------------------------------------------------------------------------------


def test_slow_receiver_costs_the_caller_nothing() -> None:
    made = Receiver(delay_s=0.5)
    port = webhook_port(made.url)
    began = time.monotonic()
    for _ in range(100):
        port.notify(alert())
    took = time.monotonic() - began
    port.close()
    made.close()
    assert took < 0.2


def test_full_queue_drops_the_new_one_and_says_so() -> None:
    hold, begun = threading.Event(), threading.Event()

    def stuck(_: Alert) -> None:
        begun.set()
        hold.wait(WAIT_S)

    port = Delivery(stuck, "slow", queue_max=5)
    port.notify(alert())
    assert begun.wait(WAIT_S)
    taken = [port.notify(alert()) for _ in range(8)]
    hold.set()
    port.close()
    assert taken == [True] * 5 + [False] * 3
    assert port.counts.dropped == 3


def test_failed_delivery_is_tried_again_within_the_deadline() -> None:
    tries: list[Alert] = []

    def flaky(each: Alert) -> None:
        tries.append(each)
        if len(tries) < 3:
            raise ConnectivityError("not yet")

    port = Delivery(flaky, "flaky")
    port.notify(alert())
    assert until(lambda: port.counts.delivered == 1)
    port.close()
    assert len(tries) == 3
    assert port.counts.worst_ns < HARD_NS


def test_closed_port_takes_no_more(tmp_path: Path) -> None:
    port = log_port(tmp_path / "alerts.log")
    port.close()
    assert not port.notify(alert())


def test_alerts_arrive_within_their_target(tmp_path: Path, receiver: Receiver) -> None:
    """AT-04: a hundred alerts by log and webhook, none later than a second."""
    ports: list[Delivery] = [log_port(tmp_path / "alerts.log"), webhook_port(receiver.url)]
    assert all(isinstance(port, Delivery) for port in ports)
    as_port: list[AlertPort] = list(ports)
    for number in range(100):
        for port in as_port:
            port.notify(alert(text=str(number)))
    assert until(lambda: all(port.counts.delivered == 100 for port in ports))
    for port in as_port:
        port.close()
    assert max(port.counts.worst_ns for port in ports) < TARGET_NS
    assert sum(port.counts.late for port in ports) == 0
