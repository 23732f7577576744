"""The door for requests as JSON: what the standard lets pass and a desk must not, is refused with a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.basket_commands import NewBasket
from sottovoce.core.commands import CancelOrder, NewOrder
from sottovoce.core.errors import MalformedMessage
from sottovoce.intake.command_json import BASKET_BYTES_MAX, BODY_BYTES_MAX, read_command

ORDER = '{"type":"new_order","principal":"t","account":"A","cl_ord_id":"c","symbol":"X","side":"buy"%s}'
CANCEL = b'{"type":"cancel_order","principal":"t","parent_id":"P-1"}'


def refusal(raw: bytes) -> str:
    with pytest.raises(MalformedMessage) as caught:
        read_command(raw)
    assert len(str(caught.value)) > 10
    return caught.value.code


def order(more: str) -> bytes:
    return (ORDER % more).encode("utf-8", "surrogatepass")


def test_plain_requests_are_read() -> None:
    assert isinstance(read_command(order(',"order_qty":100,"price":"1.5"')), NewOrder)
    assert read_command(CANCEL) == CancelOrder(principal="t", parent_id="P-1")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (',"order_qty":1,"order_qty":1000000', "json_repeated_field"),
        (',"order_qty":NaN', "json_number"),
        (',"order_qty":-Infinity', "json_number"),
        (',"order_qty":1e3', "json_number"),
        (',"order_qty":100.0', "json_number"),
        (',"order_qty":-0', "json_number"),
        (',"order_qty":' + "9" * 5_000, "json_number"),
        (',"order_qty":"100"', "command_fields"),
        (',"order_qty":true', "command_fields"),
        (',"approved_by":"me"', "command_fields"),
        (',"note":"\\ud800"', "text_not_unicode"),
        (',"\\udfff":1', "text_not_unicode"),
        (',"note":' + "[" * 16 + "]" * 16, "json_too_deep"),
        (',"note":' + "[" * 100_000, "json_too_deep"),
        (",", "json_syntax"),
        ('} {"type":"new_order"', "json_syntax"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(more: str, code: str) -> None:
    assert refusal(order(more)) == code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "json_syntax"),
        (b"\xef\xbb\xbf" + CANCEL, "json_syntax"),
        (b"\xff" + CANCEL, "text_not_unicode"),
        (b'{"type":"order_accepted"}', "command_fields"),
        (b"[]", "command_fields"),
        (b"null", "command_fields"),
        (CANCEL + b" " * BODY_BYTES_MAX, "body_too_large"),
        (b" " * (BASKET_BYTES_MAX + 1), "body_too_large"),
    ],
)
def test_body_that_is_no_request_is_refused(raw: bytes, code: str) -> None:
    assert refusal(raw) == code


def test_list_of_orders_may_be_larger_than_other_requests() -> None:
    leg = b'{"row":2,"symbol":"X","side":"buy","order_qty":1}'
    raw = b'{"type":"new_basket","principal":"t","account":"A","basket_id":"b","legs":[%s]}' % leg
    command = read_command(raw + b" " * BODY_BYTES_MAX)
    assert isinstance(command, NewBasket)
    assert command.legs[0].row == 2


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode()))
def test_any_bytes_are_a_request_or_a_refusal(raw: bytes) -> None:
    assert refusal(raw)
