from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_checker.errors import RequestError
from ci_checker.model import (
    Call,
    Commitment,
    ScoredCall,
    Source,
    Turn,
    WeekPoint,
)
from ci_checker.store import Failure, Review
from ci_checker.store.codec import VERSION, decode, encode

finite = st.floats(allow_nan=False, allow_infinity=False)
st.register_type_strategy(float, finite)
st.register_type_strategy(str, st.text(max_size=12))
st.register_type_strategy(datetime, st.datetimes(timezones=st.none() | st.timezones().map(lambda zone: UTC)))
quick = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize("kind", [Call, ScoredCall, Commitment, WeekPoint, Review, Failure])
def test_every_stored_type_survives_json(kind: type) -> None:
    @quick
    @given(st.from_type(kind))
    def round_trip(value: object) -> None:
        stored = json.loads(json.dumps(encode(value), allow_nan=False))
        assert decode(kind, stored) == value

    round_trip()


def test_enums_dates_and_times_come_back_as_what_they_were() -> None:
    found = decode(
        Call,
        json.loads(json.dumps(encode(Call(path="a", sha256="b", source=Source.EMAIL, duration_s=3)))),
    )
    assert found.source is Source.EMAIL
    assert type(found.duration_s) is float


def test_absent_values_are_not_written() -> None:
    stored = encode(Turn(speaker="a", text="b"))
    assert stored == {"version": VERSION, "type": "Turn", "value": {"speaker": "a", "text": "b"}}


def test_a_newer_shape_is_refused_and_not_half_read() -> None:
    stored = encode(Turn(speaker="a", text="b"))
    with pytest.raises(RequestError, match="newer ci-checker"):
        decode(Turn, {**stored, "version": VERSION + 1})


@pytest.mark.parametrize(
    "stored",
    [
        {},
        None,
        {"version": VERSION, "type": "Call", "value": {}},
        {"version": VERSION, "type": "Turn", "value": {}},
        {"version": VERSION, "type": "Turn", "value": {"speaker": "a", "text": "b", "unknown": 1}},
        {"version": VERSION, "type": "Turn", "value": {"speaker": 1, "text": "b"}},
        {"version": VERSION, "type": "Turn", "value": {"speaker": "a", "text": "b", "start_s": "0"}},
        {"version": VERSION, "type": "Turn", "value": {"speaker": "a", "text": "b", "words": {}}},
        {"version": VERSION, "type": "Turn", "value": []},
    ],
)
def test_damaged_values_are_one_clear_line(stored: object) -> None:
    with pytest.raises(RequestError) as error:
        decode(Turn, stored)
    assert "\n" not in str(error.value)


def test_numbers_without_a_json_form_are_refused() -> None:
    with pytest.raises(ValueError, match="nan"):
        encode(Turn(speaker="a", text="b", start_s=float("nan")))


def test_other_values_are_refused() -> None:
    @dataclass(frozen=True)
    class Odd:
        value: object

    for wrong in (3, Turn, Odd(value=object()), Odd(value={"a": 1})):
        with pytest.raises(TypeError):
            encode(wrong)


def test_every_kind_of_time() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Times:
        a: date
        b: time | None
        c: datetime

    # Local classes have no importable hints under string annotations, so build them by hand.
    Times.__annotations__ = {"a": date, "b": time | None, "c": datetime}
    value = Times(a=date(2026, 1, 2), b=time(9, 5), c=datetime(2026, 1, 2, 9, 5, tzinfo=UTC))
    assert decode(Times, encode(value)) == value
