"""What a path tells of a call, by the team's own pattern."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ci_checker.errors import RequestError
from ci_checker.intake.pattern import FIELDS, compiled
from ci_checker.model import Details

TEAM = "{rep}/{started_at:%Y-%m-%d_%H%M}_{account}_{call_type}.{ext}"


def test_a_path_gives_all_that_the_pattern_names() -> None:
    found = compiled(TEAM).match("calls/ann/2026-03-02_0930_acme_cold.wav")
    assert found == Details(rep="ann", account="acme", call_type="cold", started_at=datetime(2026, 3, 2, 9, 30))


def test_the_ending_may_be_any_but_must_be_one() -> None:
    pattern = compiled("{rep}.{ext}")
    assert pattern.match("x/ann.wav") == pattern.match("x/ann.mp3") == Details(rep="ann")
    assert pattern.match("x/ann") is None and pattern.match("x/ann.") is None


@pytest.mark.parametrize(
    "path",
    [
        "ann/2026-03-02_0930_acme_cold/extra.wav",
        "2026-03-02_0930_acme_cold.wav",
        "ann/2026-03-02_acme_cold.wav",
        "ann/2026-02-30_0930_acme_cold.wav",
        "ann/2026-03-02_2530_acme_cold.wav",
    ],
)
def test_a_path_that_does_not_fit_or_names_no_day_gives_nothing(path: str) -> None:
    assert compiled(TEAM).match(path) is None


def test_a_pattern_begins_at_the_name_of_a_folder_and_not_within_one() -> None:
    assert compiled("calls/{rep}.{ext}").match("my-calls/ann.wav") is None
    assert compiled("calls/{rep}.{ext}").match("my/calls/ann.wav") == Details(rep="ann")


@pytest.mark.parametrize(
    ("form", "text", "time"),
    [
        ("%Y%m%d", "20260302", datetime(2026, 3, 2)),
        ("%d.%m.%y %I%M%p", "02.03.26 0930PM", datetime(2026, 3, 2, 21, 30)),
        ("%d-%b-%Y", "02-Mar-2026", datetime(2026, 3, 2)),
        ("%B %d %Y", "March 2 2026", datetime(2026, 3, 2)),
        ("%Y-%jT%H%M%S", "2026-061T093015", datetime(2026, 3, 2, 9, 30, 15)),
        ("%H%M%S.%f %Y-%m-%d", "093015.250 2026-03-02", datetime(2026, 3, 2, 9, 30, 15, 250_000)),
    ],
)
def test_times_of_many_forms(form: str, text: str, time: datetime) -> None:
    found = compiled(f"{{rep}}_{{started_at:{form}}}.{{ext}}").match(f"ann_{text}.wav")
    assert found is not None and found.started_at == time and found.rep == "ann"


def test_a_time_without_a_zone_stays_without_and_one_with_keeps_it() -> None:
    plain = compiled("{started_at:%Y-%m-%d}.{ext}").match("2026-03-02.wav")
    zoned = compiled("{started_at:%Y-%m-%dT%H%M%z}.{ext}").match("2026-03-02T0930-0500.wav")
    assert plain is not None and plain.started_at is not None and plain.started_at.tzinfo is None
    assert zoned is not None and zoned.started_at is not None
    assert zoned.started_at.utcoffset() == timedelta(hours=-5)


def test_without_a_form_a_date_is_written_year_month_day() -> None:
    found = compiled("{rep}-{started_at}.{ext}").match("ann-2026-03-02.wav")
    assert found is not None and found.started_at == datetime(2026, 3, 2)


def test_any_stands_for_whatever_nobody_needs_and_may_come_twice() -> None:
    found = compiled("{any}_{rep}_{any}.{ext}").match("0001_ann_final.wav")
    assert found == Details(rep="ann")


def test_a_path_that_fits_in_two_ways_is_ambiguous() -> None:
    pattern = compiled("{account}_{call_type}.{ext}")
    assert pattern.ambiguous("north_wind_cold.wav")
    assert not pattern.ambiguous("acme_cold.wav")
    assert pattern.match("north_wind_cold.wav") == Details(account="north_wind", call_type="cold")


def test_marks_of_regular_expressions_in_a_pattern_stand_for_themselves() -> None:
    pattern = compiled("({rep})+[a].{ext}")
    assert pattern.match("(ann)+[a].wav") == Details(rep="ann")
    assert pattern.match("anna.wav") is None


def test_a_pattern_in_the_manner_of_windows_is_the_same_pattern() -> None:
    assert compiled(r"{rep}\{account}.{ext}").match("ann/acme.wav") == Details(rep="ann", account="acme")


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "started_at"])
def test_every_field_of_the_details_can_stand_in_a_pattern(name: str) -> None:
    found = compiled(f"{{{name}}}.{{ext}}").match("value.wav")
    assert found == Details(**{name: "value"})


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{rep", "not well formed"),
        ("rep}", "not well formed"),
        ("{mood}.{ext}", "unknown field {mood}"),
        ("{rep}/{rep}.{ext}", "{rep} twice"),
        ("{started_at:%Q}.{ext}", "%Q"),
    ],
)
def test_a_pattern_that_cannot_be_meant_is_refused_in_one_line(source: str, told: str) -> None:
    with pytest.raises(RequestError) as problem:
        compiled(source)
    assert told in problem.value.line and "\n" not in problem.value.line
