"""Order files say exactly what they mean, or are refused by field."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from sottovoce.core.errors import MalformedMessage
from sottovoce.intake.language import parse_ticket
from sottovoce.intake.order_file import ORDERS_MAX, read_order_file
from sottovoce.intake.ticket import Constraints, Would

EXAMPLES = Path(__file__).parents[2] / "examples"
PLAIN: dict[str, object] = {"symbol": "AAPL US", "side": "buy", "quantity": 100}


def written(folder: Path, text: str, name: str = "order.json") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refusal(folder: Path, text: str, name: str = "order.json") -> MalformedMessage:
    with pytest.raises(MalformedMessage) as caught:
        read_order_file(written(folder, text, name))
    assert name in str(caught.value)
    return caught.value


def with_field(**fields: object) -> str:
    return json.dumps({**PLAIN, **fields})


def test_the_toml_example_is_read_in_full() -> None:
    (ticket,) = read_order_file(EXAMPLES / "order.toml")
    assert (ticket.cl_ord_id, ticket.symbol, ticket.side) == ("PM-2031-0007", "AAPL US", "buy")
    assert (ticket.quantity, ticket.limit, ticket.algo) == (250000, "162.50", "POV")
    assert (ticket.algo_params.participation, ticket.urgency) == ("0.10", "low")
    assert (ticket.horizon.start, ticket.horizon.end) == ("10:00", "close")
    assert ticket.constraints == Constraints(max_participation="0.15", dark="none")


def test_the_fields_the_toml_example_leaves_out_are_fields(tmp_path: Path) -> None:
    """Every commented field of the example is read, once its # and the fields it replaces are gone."""
    text = (
        (EXAMPLES / "order.toml")
        .read_text("utf-8")
        .replace('end = "close" ', "# ")
        .replace('algo = "POV"', 'algo = "PEG"')
    )
    whole = re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
    (ticket,) = read_order_file(written(tmp_path, whole, "order.toml"))
    assert (ticket.stop, ticket.algo_params.peg, ticket.horizon.minutes) == ("165.00", "mid", 90)
    assert ticket.constraints == Constraints(
        max_participation="0.15",
        max_impact_bps="12",
        dark="none",
        max_pct_adv="0.05",
        close_auction=False,
        display_qty=500,
        post_only=True,
        locate_id="L-8841",
        venues_include=["IEX"],
        would=Would(price="155.00"),
    )


def test_the_json_example_holds_two_orders() -> None:
    first, second = read_order_file(EXAMPLES / "order.json")
    assert first.notional is not None
    assert first.notional.amount == "100000000"
    assert (second.cl_ord_id, second.side, second.limit) == ("PM-2031-0009", "sell", "89.00")


def test_a_file_and_a_sentence_give_the_same_ticket(tmp_path: Path) -> None:
    (from_file,) = read_order_file(
        written(tmp_path, '{"symbol": "MSFT", "side": "buy", "quantity": 30000, "algo": "VWAP"}')
    )
    sentence = parse_ticket("Buy 30k MSFT VWAP")
    assert msgspec.structs.replace(sentence, words={}) == from_file


def test_numbers_are_read_as_typed(tmp_path: Path) -> None:
    (ticket,) = read_order_file(written(tmp_path, '{"symbol":"A","side":"buy","quantity":1,"limit":187.50}'))
    assert (ticket.limit, ticket.order_type) == ("187.50", "limit")
    toml = written(tmp_path, 'symbol="A"\nside="sell"\nquantity=1\nlimit=187.50\nstop=190', "order.toml")
    (ticket,) = read_order_file(toml)
    assert (ticket.limit, ticket.stop, ticket.order_type) == ("187.50", "190", "stop_limit")


@pytest.mark.parametrize(
    ("text", "field", "code"),
    [
        (with_field(colour="red"), "order.colour", "order_file_field"),
        (with_field(constraints={"drak": "none"}), "order.constraints.drak", "order_file_field"),
        (with_field(side="hold"), "order.side", "order_file_field"),
        (with_field(quantity="100"), "order.quantity", "order_file_field"),
        (with_field(quantity=True), "order.quantity", "order_file_field"),
        (with_field(quantity=0), "order.quantity", "order_file_field"),
        (with_field(quantity=-5), "order.quantity", "order_file_negative"),
        (with_field(limit="-5"), "order.limit", "order_file_negative"),
        (with_field(limit="0.00"), "order.limit", "order_file_zero"),
        (with_field(limit="NaN"), "order.limit", "order_file_non_finite"),
        (with_field(limit="1e5"), "order.limit", "order_file_exponent"),
        (with_field(limit="72,5"), "order.limit", "order_file_field"),
        (with_field(limit=True), "order.limit", "order_file_field"),
        (with_field(symbol="AAPL US; rm"), "order.symbol", "order_file_field"),
        (with_field(horizon={"end": "25:00"}), "order.horizon.end", "order_file_field"),
        (with_field(horizon={"start": "15:00", "end": "14:00"}), "order.horizon.end", "order_file_time"),
        (with_field(notional={"amount": "5", "ccy": "USD"}), "order needs exactly one", "order_file_size"),
        (with_field(algo="POV"), "order.algo_params.participation", "order_file_field"),
        (with_field(algo="POV", algo_params={"participation": "0.6"}), "participation is 0.6", "order_file_range"),
        (with_field(constraints={"max_participation": "15"}), "max_participation is 15", "order_file_range"),
        ('{"symbol":"A","side":"buy","quantity":1e3}', "order.quantity is 1e3", "order_file_exponent"),
        ('{"symbol":"A","side":"buy","quantity":NaN}', "order.quantity is NaN", "order_file_non_finite"),
        ('{"symbol":"A","side":"buy","quantity":-Infinity}', "order.quantity", "order_file_non_finite"),
        ('{"symbol":"A","side":"buy","quantity":1.5}', "order.quantity is 1.5", "order_file_field"),
        ('{"symbol":"A","symbol":"B","side":"buy","quantity":1}', "symbol is given twice", "order_file_syntax"),
        ('{"side":"buy","quantity":1}', "order.symbol is missing", "order_file_field"),
        ('{"orders": []}', "orders must be a list", "order_file_field"),
        ('{"orders": {}}', "orders must be a list", "order_file_field"),
        ('{"orders": [3]}', "orders[0]", "order_file_field"),
        ('{"orders": [{}], "side": "buy"}', "side stands beside", "order_file_field"),
        ("[]", "must hold one order", "order_file_syntax"),
        ("{", "not valid JSON", "order_file_syntax"),
        ("", "not valid JSON", "order_file_syntax"),
        ("[" * 100_000, "not valid JSON", "order_file_syntax"),
    ],
)
def test_a_file_that_is_not_exact_is_refused_by_field(tmp_path: Path, text: str, field: str, code: str) -> None:
    error = refusal(tmp_path, text)
    assert field in str(error)
    assert error.code == code


@pytest.mark.parametrize(
    ("text", "field", "code"),
    [
        ('symbol="A"\nside="buy"\nquantity=nan', "order.quantity is nan", "order_file_non_finite"),
        ('symbol="A"\nside="buy"\nquantity=1e3', "order.quantity is 1e3", "order_file_exponent"),
        ('symbol="A"\nside="buy"\nquantity=1979-05-27', "order.quantity", "order_file_field"),
        ('symbol="A"\nsymbol="B"', "not valid TOML", "order_file_syntax"),
        ("side = ", "not valid TOML", "order_file_syntax"),
    ],
)
def test_toml_is_as_strict(tmp_path: Path, text: str, field: str, code: str) -> None:
    error = refusal(tmp_path, text, "order.toml")
    assert field in str(error)
    assert error.code == code


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    orders = [{**PLAIN, "id": "A-1"}, {**PLAIN, "id": "A-2"}, {**PLAIN, "id": "A-1"}]
    error = refusal(tmp_path, json.dumps({"orders": orders}))
    assert "orders[2].id (A-1) is used twice" in str(error)
    assert error.code == "order_file_duplicate_id"


def test_the_order_that_is_wrong_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path, json.dumps({"orders": [PLAIN, {**PLAIN, "tif": "FOREVER"}]}))
    assert "orders[1].tif" in str(error)


def test_too_many_orders_are_refused(tmp_path: Path) -> None:
    assert "split the file" in str(refusal(tmp_path, json.dumps({"orders": [PLAIN] * (ORDERS_MAX + 1)})))


def test_a_file_that_is_not_there_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedMessage, match=r"none\.json: the file cannot be read"):
        read_order_file(tmp_path / "none.json")
    with pytest.raises(MalformedMessage, match="cannot be read"):
        read_order_file(tmp_path)
    assert refusal(tmp_path, "symbol,side", "orders.csv").code == "order_file_format"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(MalformedMessage, match="not valid JSON"):
        read_order_file(path)
