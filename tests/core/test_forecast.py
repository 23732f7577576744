"""A forecast is of one figure and one session, says what it was made with, and cannot be what cannot happen."""

from __future__ import annotations

from math import exp, inf, nan

import msgspec
import pytest

from sottovoce.core.errors import InvariantError
from sottovoce.core.forecast import Z_OF_LEVEL, Forecast, for_session, one_of_each


def forecast(**changes: object) -> Forecast:
    given: dict[str, object] = {
        "figure": "volume", "date": "2018-02-08", "value": 5e6, "low": 4e6, "high": 7e6, "model": "arma",
        "window": "2017-01-03 to 2018-02-07", "n": 276, "made": "2018-02-07",
    }  # fmt: skip
    return Forecast(**(given | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"figure": "price"}, "figure 'price'"),
        ({"date": "8 February"}, "date '8 February'"),
        ({"made": "2018-02-30"}, "made '2018-02-30'"),
        ({"value": 0.0}, "value 0.0"),
        ({"value": -1.0}, "value -1.0"),
        ({"value": nan}, "value nan"),
        ({"value": inf, "high": inf}, "value inf"),
        ({"value": 1.1e12, "high": 1.1e12}, "at most 1e\\+12 shares"),
        ({"figure": "volatility", "value": 1.8, "low": 1.2, "high": 2.5}, "at most 1 a day, as a fraction"),
        ({"figure": "spread", "value": 10_001.0, "low": 9_000.0, "high": 2e4}, "at most 10000 bps"),
        ({"low": 4e4}, "a hundred times"),
        ({"high": 6e8}, "a hundred times"),
        ({"low": None}, "both"),
        ({"low": 6e6}, "not between"),
        ({"low": 0.0}, "not between"),
        ({"high": 4.5e6}, "not between"),
        ({"high": inf}, "not between"),
        ({"low": nan}, "not between"),
        ({"level": 0.5}, "level 0.5"),
        ({"n": 0}, "n is 1 or more"),
        ({"model": ""}, "model is a name"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        forecast(**changes)


def test_it_survives_json_and_an_unknown_field_does_not() -> None:
    whole = forecast(low=None, high=None)
    assert msgspec.json.decode(msgspec.json.encode(whole), type=Forecast) == whole
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(msgspec.json.encode(whole)[:-1] + b',"hihg":1}', type=Forecast)


@pytest.mark.parametrize("level", Z_OF_LEVEL)
def test_the_interval_says_how_far_off_the_model_is_in_logs(level: float) -> None:
    reach = exp(0.3 * Z_OF_LEVEL[level])
    stated = forecast(value=5e6, low=5e6 / reach, high=5e6 * reach, level=level)
    assert stated.log_sd == pytest.approx(0.3)


def test_a_mean_lies_above_the_middle_of_its_interval() -> None:
    assert forecast(value=5e6, low=4e6, high=4e6 * 1.44).middle == pytest.approx(4.8 / 5)
    assert forecast(low=None, high=None).middle == 1.0


def test_no_interval_says_nothing_of_the_error() -> None:
    assert forecast(low=None, high=None).log_sd is None
    assert forecast(value=5e6, low=5e6, high=5e6).log_sd is None


def test_only_what_was_known_before_is_found() -> None:
    eve, day = forecast(), forecast(figure="volatility", value=0.02, low=None, high=None, made="2018-02-08")
    assert for_session((day, eve), "volume", "2018-02-08", "2018-02-08") is eve
    assert for_session((day, eve), "volume", "2018-02-09", "2018-02-09") is None
    assert for_session((day, eve), "volatility", "2018-02-08", "2018-02-08") is None
    assert for_session((eve,), "volume", "2018-02-08", "2018-02-07") is None


def test_two_of_a_figure_and_a_session_are_one_too_many() -> None:
    one_of_each([forecast(), forecast(date="2018-02-09"), forecast(figure="spread", value=2.0, low=None, high=None)])
    with pytest.raises(InvariantError, match="two forecasts"):
        one_of_each([forecast(), forecast(value=6e6)])
