"""How values become rows: keys that survive any name, and one way to insert or replace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ci_checker.model import Details
from ci_checker.store import rows

METADATA = sa.MetaData()
TABLE = sa.Table(
    "things",
    METADATA,
    sa.Column("name", sa.String(20), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("value", sa.String(20), nullable=False),
    sa.Column("rep_key", sa.String(20)),
    sa.Column("local_date", sa.Date),
)


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as opened:
        yield opened


# --- keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Dana Lee", "dana lee", "  DANA\t LEE ", "Dana\nLee"])
def test_space_and_case_do_not_make_another_person(name: str) -> None:
    assert rows.name_key(name) == "dana lee"


@pytest.mark.parametrize(("one", "other"), [("Straße", "STRASSE"), ("Ζωή", "ΖΩΉ"), ("İlker", "i\u0307lker")])
def test_case_is_that_of_the_letters_own_language(one: str, other: str) -> None:
    assert rows.name_key(one) == rows.name_key(other)


def test_other_letters_make_another_person() -> None:
    assert rows.name_key("Zoe") != rows.name_key("Zoë")


def test_a_key_fits_its_column() -> None:
    assert len(rows.name_key("x" * 1000)) == 200
    assert len(rows.text_key("")) == len(rows.text_key("x" * 10_000)) == 64
    assert len(rows.path_key("x" * 10_000)) <= 500


def test_a_short_path_is_its_own_key_and_a_long_one_its_hash() -> None:
    assert rows.path_key("calls/a.wav") == "calls/a.wav"
    assert rows.path_key("x" * 500) == "x" * 500
    first, second = (rows.path_key("x" * 500 + end) for end in "ab")
    assert first.startswith("sha256:") and first != second


def test_names_of_files_that_are_no_text_can_be_stored_and_told_apart() -> None:
    odd = [b"call-\xff.wav".decode("utf-8", "surrogateescape"), b"call-\xfe.wav".decode("utf-8", "surrogateescape")]
    keys = [rows.path_key(name) for name in [*odd, "call-\0.wav"]]
    assert len(set(keys)) == 3
    for key in keys:
        assert key.encode("utf-8") and "\0" not in key


# --- looking up ---------------------------------------------------------------------------------


def test_a_call_is_looked_up_by_rep_and_by_the_day_on_its_own_clock() -> None:
    evening = datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert rows.lookup(Details(rep=" Dana ", started_at=evening)) == {
        "rep_key": "dana",
        "local_date": date(2026, 3, 2),
    }
    assert rows.lookup(Details(started_at=evening.astimezone(UTC)))["local_date"] == date(2026, 3, 3)


@pytest.mark.parametrize("rep", [None, "", "  "])
def test_a_call_of_nobody_has_no_key(rep: str | None) -> None:
    assert rows.lookup(Details(rep=rep)) == {"rep_key": None, "local_date": None}


@pytest.fixture
def week(connection: sa.Connection) -> sa.Connection:
    """Dana's Monday to Wednesday, Dana's undated one, and Lee's Tuesday."""
    days = {"mon": date(2026, 3, 2), "tue": date(2026, 3, 3), "wed": date(2026, 3, 4), "some": None}
    for name, day in days.items():
        rows.put(connection, TABLE, {"name": name, "place": 1}, {"value": "", "rep_key": "dana", "local_date": day})
    rows.put(connection, TABLE, {"name": "lee", "place": 1}, {"value": "", "rep_key": "lee", "local_date": days["tue"]})
    return connection


@pytest.mark.parametrize(
    ("rep", "start", "end", "names"),
    [
        (None, None, None, {"mon", "tue", "wed", "some", "lee"}),
        ("DANA", None, None, {"mon", "tue", "wed", "some"}),
        ("Dana", date(2026, 3, 3), None, {"tue", "wed", "some"}),
        ("Dana", None, date(2026, 3, 3), {"mon", "tue", "some"}),
        ("Dana", date(2026, 3, 3), date(2026, 3, 3), {"tue", "some"}),
        (None, date(2026, 3, 3), date(2026, 3, 3), {"tue", "some", "lee"}),
        ("Nobody", None, None, set()),
    ],
)
def test_both_days_are_included_and_what_has_no_date_always_stays(
    rep: str | None, start: date | None, end: date | None, names: set[str], week: sa.Connection
) -> None:
    query = rows.within(sa.select(TABLE.c.name), TABLE, rep, start, end)
    assert set(week.execute(query).scalars()) == names


# --- insert or replace --------------------------------------------------------------------------


def stored(connection: sa.Connection) -> dict[tuple[str, int], str]:
    return {(row.name, row.place): row.value for row in connection.execute(sa.select(TABLE))}


def test_a_row_is_added_once_and_then_replaced(connection: sa.Connection) -> None:
    rows.put(connection, TABLE, {"name": "a", "place": 1}, {"value": "first"})
    rows.put(connection, TABLE, {"name": "a", "place": 2}, {"value": "beside"})
    rows.put(connection, TABLE, {"name": "a", "place": 1}, {"value": "second"})
    assert stored(connection) == {("a", 1): "second", ("a", 2): "beside"}


def test_where_another_writer_was_first_the_later_value_wins(
    connection: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.put(connection, TABLE, {"name": "a", "place": 1}, {"value": "first"})
    real, asked = rows._update, []

    def late(*given: object) -> bool:
        asked.append(given)
        return len(asked) > 1 and real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "_update", late)
    rows.put(connection, TABLE, {"name": "a", "place": 1}, {"value": "second"})
    assert stored(connection) == {("a", 1): "second"}


def test_a_value_that_the_table_refuses_is_not_swallowed(connection: sa.Connection) -> None:
    with pytest.raises(IntegrityError):
        rows.put(connection, TABLE, {"name": "a", "place": 1}, {"value": None})
    assert stored(connection) == {}
