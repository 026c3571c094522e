"""The numbers of an evaluation as tables: values, their intervals, hard negatives, and what noise costs.

Rates are of calls; shares have Wilson's interval, what is no share the bootstrap's by conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_checker.learn import calls, intervals

if TYPE_CHECKING:
    from ci_checker.learn.evaluate import Judged

ALL = "over all"
_MISSED = ("not_seen", "not_applicable")
HEADER = (
    "| behavior | with / without | P | R | F1 | AP | ECE | unclear | false not_seen | false seen | quote |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)
RANGES = (
    "| behavior | P | R | F1 | AP | ECE | unclear | false not_seen | false seen | quote (n) |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)
NEAR = (
    "| behavior | near miss: calls | false seen | unclear | no near miss: calls | false seen | unclear |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)
NOISE = (
    "| heard | mean F1 | lost | worst F1 | unclear | false not_seen | false seen | ECE |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An evaluation in words; ``short`` is what the README shows, ``facts`` the same for programs."""

    title: str
    short: str
    tables: str
    facts: dict[str, Any]

    @property
    def whole(self) -> str:
        """Everything, title first."""
        return f"{self.title}\n\n{self.tables}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Calls of one behavior, or of all of them: arrays of shape (rows,), judged calls only."""

    seen: np.ndarray
    missed: np.ndarray
    unclear: np.ndarray
    probability: np.ndarray
    there: np.ndarray
    near: np.ndarray
    quote: np.ndarray
    call: np.ndarray


def qualities(judged: Sequence[Judged]) -> list[calls.Quality]:
    """Return the call-level quality of every behavior."""
    return [calls.quality(j.label, j.verdicts, j.probability, j.truth) for j in judged]


def right_quotes(judged: Judged) -> float:
    """Return the share of rightly seen calls whose top quote is a labelled turn; nan of none."""
    known = judged.quote[(judged.quote >= 0) & (judged.truth >= 0)]
    return float(known.mean()) if len(known) else float("nan")


def told(
    judged: Sequence[Judged], heard: Mapping[str, Sequence[Judged]], conversations: int, data: str, *, seed: int = 0
) -> Told:
    """Return the tables of one evaluation, and of the same calls through noise."""
    each = {j.label: _rows([j]) for j in judged}
    each[ALL] = _rows(judged)
    values = {name: _values(rows) for name, rows in each.items()}
    ranges = {name: _ranges(rows, seed) for name, rows in each.items()}
    quotes = each[ALL].quote
    title = (
        f"Held out, by other writers: {conversations} conversations in `{data}`, scored as calls are; top quote a "
        f"labelled turn in {_percent(_share(quotes == 1, quotes >= 0))} of the calls rightly seen:"
    )
    main = [HEADER, *(_line(name, v) for name, v in values.items() if name != ALL)]
    main += [
        _line("**mean**", _mean([v for name, v in values.items() if name != ALL])),
        _line(f"**{ALL}**", values[ALL]),
    ]
    near = [NEAR, *(_near(name, rows) for name, rows in each.items())]
    tables = ["\n".join(main), _NOTE]
    tables += ["Hard negatives, calls that lack the behavior:", "\n".join(near)]
    short = [title, tables[0], tables[2], "\n".join([NEAR, _near(ALL, each[ALL])])]
    facts: dict[str, Any] = {"title": title, "values": values, "intervals": ranges}
    facts["hard_negatives"] = {name: _near_facts(rows) for name, rows in each.items()}
    facts["top_quote"] = {j.label: right_quotes(j) for j in judged}
    if heard:
        table, facts["noise"] = _noise(judged, heard)
        tables += ["Through a recognizer's errors:", table]
        short += tables[-2:]
    tables += ["95 % intervals (shares: Wilson; F1, AP and ECE: bootstrap by conversation):"]
    tables += ["\n".join([RANGES, *(_range_line(name, r, values[name]) for name, r in ranges.items())])]
    return Told(title=title, short="\n\n".join(short), tables="\n\n".join(tables), facts=_plain(facts))


_NOTE = (
    "P, R and F1 are of the verdict `seen`: an unclear call is not found, so it costs recall. False not_seen is of the "
    "calls with the behavior, false seen of those without, unclear of both; quote: the top quote is a labelled turn."
)


def _rows(judged: Sequence[Judged]) -> _Rows:
    parts = []
    for one in judged:
        keep = np.flatnonzero(one.truth >= 0)
        said = np.array(one.verdicts, dtype=object)[keep]
        parts.append(
            (
                said == "seen",
                np.isin(said.astype(str), _MISSED),
                said == "unclear",
                one.probability[keep],
                one.truth[keep] == 1,
                one.near[keep],
                one.quote[keep],
                keep,
            )
        )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    names = ("seen", "missed", "unclear", "probability", "there", "near", "quote", "call")
    return _Rows(**dict(zip(names, columns, strict=True)))


def _share(hits: np.ndarray, of: np.ndarray) -> float:
    return float(hits[of].mean()) if of.any() else float("nan")


def _shares(rows: _Rows) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return what is counted, and of what, a measure that is a share."""
    everything = np.ones(len(rows.seen), dtype=bool)
    return {
        "precision": (rows.there, rows.seen),
        "recall": (rows.seen, rows.there),
        "unclear": (rows.unclear, everything),
        "false_not_seen": (rows.missed, rows.there),
        "false_seen": (rows.seen, ~rows.there),
        "top_quote": (rows.quote == 1, rows.quote >= 0),
    }


def _f1(rows: _Rows, of: np.ndarray) -> float:
    said, there = rows.seen[of], rows.there[of]
    if not there.any():
        return float("nan")
    return 2 * int((said & there).sum()) / int(said.sum() + there.sum())


def _others(rows: _Rows) -> dict[str, Callable[[np.ndarray], float]]:
    """Return the measures that are no shares, as functions of row numbers."""
    return {
        "f1": lambda of: _f1(rows, of),
        "average_precision": lambda of: intervals.average_precision(rows.there[of], rows.probability[of]),
        "ece": lambda of: intervals.calibration_error(rows.there[of], rows.probability[of]),
    }


def _values(rows: _Rows) -> dict[str, float]:
    whole = np.arange(len(rows.seen))
    found = {name: _share(*of) for name, of in _shares(rows).items()}
    if not rows.seen.any() and rows.there.any():
        found["precision"] = 0.0
    found |= {name: measure(whole) for name, measure in _others(rows).items()}
    counted = {
        "present": int(rows.there.sum()),
        "absent": int((~rows.there).sum()),
        "quotes": int((rows.quote >= 0).sum()),
    }
    return {**counted, **found}


def _ranges(rows: _Rows, seed: int) -> dict[str, tuple[float, float]]:
    draws = intervals.resampled(rows.call, seed=seed)
    found = {
        name: intervals.wilson(int((hits & of).sum()), int(of.sum())) for name, (hits, of) in _shares(rows).items()
    }
    return found | {name: intervals.bootstrap(measure, draws) for name, measure in _others(rows).items()}


def _mean(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    known = {name: [row[name] for row in rows if not np.isnan(row[name])] for name in rows[0]}
    return {name: float(np.mean(found)) if found else float("nan") for name, found in known.items()} | {"present": -1.0}


def _near_facts(rows: _Rows) -> dict[str, float]:
    absent, hard = ~rows.there, ~rows.there & rows.near
    easy = absent & ~rows.near
    return {
        "near": int(hard.sum()),
        "near_false_seen": _share(rows.seen, hard),
        "near_unclear": _share(rows.unclear, hard),
        "far": int(easy.sum()),
        "far_false_seen": _share(rows.seen, easy),
        "far_unclear": _share(rows.unclear, easy),
    }


def _near(name: str, rows: _Rows) -> str:
    facts = _near_facts(rows)
    cells = [name if name != ALL else f"**{ALL}**"]
    for kind, of in (("near", ~rows.there & rows.near), ("far", ~rows.there & ~rows.near)):
        low, high = intervals.wilson(int((rows.seen & of).sum()), int(of.sum()))
        wrong = _percent(facts[f"{kind}_false_seen"], digits=1)
        interval = f" ({_percent(low)}-{_percent(high)})" if name == ALL else ""
        cells += [f"{facts[kind]:.0f}", f"{wrong}{interval}", _percent(facts[f"{kind}_unclear"])]
    return f"| {' | '.join(cells)} |"


def _noise(judged: Sequence[Judged], heard: Mapping[str, Sequence[Judged]]) -> tuple[str, dict[str, Any]]:
    lines, facts = [NOISE], {}
    clean = 0.0
    for name, said in {"as written": judged, **heard}.items():
        each = [_values(_rows([one])) for one in said]
        known = [row["f1"] for row in each if not np.isnan(row["f1"])]
        mean = float(np.mean(known)) if known else float("nan")
        clean = mean if said is judged else clean
        pooled = _values(_rows(said))
        # the mean F1, of which "lost" is told, and not that of all calls in one heap
        facts[name] = {**pooled, "f1": mean, "lost": clean - mean, "worst_f1": min(known, default=float("nan"))}
        lost = "" if said is judged else _number(clean - mean, 3)
        lines.append(
            f"| {name} | {_number(mean, 3)} | {lost} | {_number(min(known, default=float('nan')))} | "
            f"{_percent(pooled['unclear'])} | {_percent(pooled['false_not_seen'], digits=1)} | "
            f"{_percent(pooled['false_seen'], digits=1)} | {_number(pooled['ece'])} |"
        )
    return "\n".join(lines), facts


def _line(name: str, row: Mapping[str, float]) -> str:
    counted = "" if row["present"] < 0 else f"{row['present']:.0f} / {row['absent']:.0f}"
    numbers = [_number(row[n]) for n in ("precision", "recall", "f1", "average_precision", "ece")]
    rates = [_percent(row["unclear"]), *(_percent(row[n], digits=1) for n in ("false_not_seen", "false_seen"))]
    return f"| {' | '.join([name, counted, *numbers, *rates, _percent(row['top_quote'])])} |"


def _range_line(name: str, row: Mapping[str, tuple[float, float]], values: Mapping[str, float]) -> str:
    def span(measure: str, write: Callable[[float], str]) -> str:
        low, high = row[measure]
        return "-" if np.isnan(low) else f"{write(low)}-{write(high)}"

    numbers = [span(n, _number) for n in ("precision", "recall", "f1", "average_precision", "ece")]
    rates = [span(n, _percent) for n in ("unclear", "false_not_seen", "false_seen", "top_quote")]
    return f"| {' | '.join([name, *numbers, *rates])} ({values['quotes']:.0f}) |"


def _number(value: float, digits: int = 2) -> str:
    return "-" if np.isnan(value) else f"{value:.{digits}f}"


def _percent(value: float, *, digits: int = 0) -> str:
    return "-" if np.isnan(value) else f"{value:.{digits}%}"


def _plain(value: Any) -> Any:
    """Return a value that JSON can hold: no "not a number", four digits."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 4)
    return value
