"""The numbers of the evaluation against an independent count, and how each is written where it is unknown."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ci_checker.learn import evaluation_tables as tables
from ci_checker.learn import intervals
from ci_checker.learn.evaluate import Judged

VERDICTS = ("seen", "not_seen", "unclear", "not_applicable")
Row = tuple[str, float, int, bool, int]


def judged(rows: list[Row], label: str = "recap") -> Judged:
    """Rows of (verdict, probability, truth, near, quote)."""
    said, probability, truth, near, quote = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return Judged(
        label=label,
        verdicts=tuple(said),
        probability=np.array(probability, float),
        truth=np.array(truth, int),
        near=np.array(near, bool),
        quote=np.array(quote, int),
    )


ROWS = some.lists(
    some.tuples(
        some.sampled_from(VERDICTS),
        some.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]),
        some.sampled_from([-1, 0, 1]),
        some.booleans(),
        some.sampled_from([-1, 0, 1]),
    ),
    min_size=1,
    max_size=12,
)


def share(hits: int, of: int) -> float:
    return hits / of if of else math.nan


def counted(rows: list[Row]) -> dict[str, float]:
    """The same measures by plain counting, a call at a time."""
    rows = [row for row in rows if row[2] >= 0]
    there = [row for row in rows if row[2] == 1]
    lacking = [row for row in rows if row[2] == 0]
    seen = [row for row in rows if row[0] == "seen"]
    right = [row for row in seen if row[2] == 1]
    quotes = [row for row in rows if row[4] >= 0]
    return {
        "present": len(there),
        "absent": len(lacking),
        "precision": share(len(right), len(seen)) if seen else (0.0 if there else math.nan),
        "recall": share(len(right), len(there)),
        "f1": share(2 * len(right), len(seen) + len(there)) if there else math.nan,
        "unclear": share(sum(row[0] == "unclear" for row in rows), len(rows)),
        "false_not_seen": share(sum(row[0] in ("not_seen", "not_applicable") for row in there), len(there)),
        "false_seen": share(len(seen) - len(right), len(lacking)),
        "top_quote": share(sum(row[4] == 1 for row in quotes), len(quotes)),
    }


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_every_measure_is_what_plain_counting_gives(rows: list[Row]) -> None:
    found = tables._values(tables._rows([judged(rows)]))
    for name, value in counted(rows).items():
        assert found[name] == pytest.approx(value, nan_ok=True), name


@given(ROWS, ROWS)
@settings(max_examples=40, deadline=None)
def test_over_all_is_counted_over_the_calls_of_all_behaviors(one: list[Row], other: list[Row]) -> None:
    together = tables._values(tables._rows([judged(one), judged(other, "objection")]))
    for name, value in counted(one + other).items():
        assert together[name] == pytest.approx(value, nan_ok=True), name


@given(ROWS)
@settings(max_examples=40, deadline=None)
def test_hard_and_easy_negatives_are_all_negatives(rows: list[Row]) -> None:
    facts = tables._near_facts(tables._rows([judged(rows)]))
    lacking = [row for row in rows if row[2] == 0]
    assert facts["near"] + facts["far"] == len(lacking)
    for kind, wanted in (("near", True), ("far", False)):
        own = [row for row in lacking if row[3] is wanted]
        for name, verdict in (("false_seen", "seen"), ("unclear", "unclear")):
            expected = share(sum(row[0] == verdict for row in own), len(own))
            assert facts[f"{kind}_{name}"] == pytest.approx(expected, nan_ok=True)


def test_right_quotes_leave_out_calls_that_are_left_out() -> None:
    rows: list[Row] = [("seen", 0.9, 1, False, 1), ("seen", 0.9, 1, False, 0), ("seen", 0.9, -1, False, 0)]
    assert tables.right_quotes(judged(rows)) == 0.5
    assert math.isnan(tables.right_quotes(judged(rows[2:])))


def test_one_call_of_several_behaviors_is_drawn_as_one() -> None:
    """The bootstrap draws calls: rows of one call, one a behavior, come together or not at all."""
    rows: list[Row] = [("seen", 0.9, 1, False, -1), ("not_seen", 0.1, 0, False, -1), ("unclear", 0.5, -1, False, -1)]
    both = tables._rows([judged(rows), judged(rows, "objection")])
    assert both.call.tolist() == [0, 1, 0, 1]
    for draw in intervals.resampled(both.call, count=20):
        assert (both.call[draw] == 0).sum() % 2 == 0 and (both.call[draw] == 1).sum() % 2 == 0


# --- means, and what is written -------------------------------------------------------------------


def test_the_mean_of_behaviors_leaves_out_what_is_unknown() -> None:
    known = tables._values(tables._rows([judged([("seen", 0.9, 1, False, 1)])]))
    without = tables._values(tables._rows([judged([("not_seen", 0.1, 0, False, -1)])]))
    mean = tables._mean([known, without])
    assert (mean["precision"], mean["recall"], mean["top_quote"]) == (1.0, 1.0, 1.0)
    assert mean["unclear"] == 0.0 and mean["present"] == -1.0
    assert math.isnan(tables._mean([without])["f1"])


@pytest.mark.parametrize(
    ("value", "number", "percent"),
    [(0.0, "0.00", "0%"), (1.0, "1.00", "100%"), (0.256, "0.26", "26%"), (math.nan, "-", "-")],
)
def test_an_unknown_number_is_a_dash(value: float, number: str, percent: str) -> None:
    assert (tables._number(value), tables._percent(value)) == (number, percent)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (math.nan, None),
        (0.123456, 0.1235),
        (3, 3),
        ("x", "x"),
        ((0.00001, math.nan), [0.0, None]),
        ({"a": {"b": [math.nan]}}, {"a": {"b": [None]}}),
        (np.float64("nan"), None),
    ],
)
def test_json_holds_no_number_that_is_none(value: object, plain: object) -> None:
    assert tables._plain(value) == plain
    json.dumps(tables._plain(value), allow_nan=False)


@given(some.lists(ROWS, min_size=1, max_size=3))
@settings(max_examples=4, deadline=None)
def test_every_table_is_a_table_whatever_was_judged(parts: list[list[Row]]) -> None:
    rows = [judged(part, f"b{number}") for number, part in enumerate(parts)]
    told = tables.told(rows, {"noisy": rows}, 5, "data")
    json.dumps(told.facts, allow_nan=False)
    for table in re.findall(r"(?:^\|.*\n?)+", told.whole, re.MULTILINE):
        assert len({line.count("|") for line in table.strip().split("\n")}) == 1, table
    assert "nan" not in told.whole
    assert told.short in told.whole or all(block in told.whole for block in told.short.split("\n\n")[:3])


def test_the_title_counts_conversations_and_right_quotes() -> None:
    rows: list[Row] = [("seen", 0.9, 1, False, 1), ("seen", 0.8, 1, False, 0), ("seen", 0.8, 1, False, 1)]
    title = tables.told([judged(rows)], {}, 84, "models/x").title
    assert title.startswith("Held out, by other writers: 84 conversations in `models/x`")
    assert title.endswith("top quote a labelled turn in 67% of the calls rightly seen:")


def test_only_noise_that_was_heard_has_a_table() -> None:
    rows: list[Row] = [("seen", 0.9, 1, False, 1), ("not_seen", 0.1, 0, True, -1)]
    quiet = tables.told([judged(rows)], {}, 2, "x")
    loud = tables.told([judged(rows)], {"10% of words wrong": [judged(rows)]}, 2, "x")
    assert "noise" not in quiet.facts and tables.NOISE not in quiet.whole
    assert list(loud.facts["noise"]) == ["as written", "10% of words wrong"]
    assert "| as written | 1.000 |  | 1.00 |" in loud.whole
    assert "| 10% of words wrong | 1.000 | 0.000 | 1.00 |" in loud.short


def test_the_worst_behavior_is_named_by_its_f1() -> None:
    good: list[Row] = [("seen", 0.9, 1, False, 1), ("not_seen", 0.1, 0, False, -1)]
    poor: list[Row] = [("seen", 0.9, 1, False, 1), ("not_seen", 0.1, 1, False, -1)]
    facts = tables.told([judged(good)], {"n": [judged(good), judged(poor, "b")]}, 2, "x").facts["noise"]["n"]
    assert facts["worst_f1"] == pytest.approx(2 / 3, abs=1e-4) and facts["f1"] == pytest.approx(5 / 6, abs=1e-4)
    assert facts["lost"] == pytest.approx(1 / 6, abs=1e-4)


def test_the_seed_draws_the_intervals_and_nothing_else() -> None:
    rows: list[Row] = [(VERDICTS[n % 3], (n % 7) / 7, n % 2, False, -1) for n in range(40)]
    one, other = (tables.told([judged(rows)], {}, 40, "x", seed=seed).facts for seed in (0, 1))
    assert one["values"] == other["values"]
    assert one["intervals"]["recap"]["recall"] == other["intervals"]["recap"]["recall"]  # Wilson's draws nothing
    assert one["intervals"]["recap"]["f1"] != other["intervals"]["recap"]["f1"]
