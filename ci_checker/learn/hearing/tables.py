"""What was measured, as numbers and as the Markdown that the README and the model's card show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from ci_checker.learn.hearing.conditions import CONDITIONS
from ci_checker.learn.hearing.measure import Row
from ci_checker.learn.hearing.names import Recall
from ci_checker.learn.intervals import bootstrap, resampled
from ci_checker.learn.quiet.__main__ import Invented

PLAIN: Final = "float32"
QUIET: Final = {
    "silence": ("silence", "digital silence with clicks"),
    "noise": ("noise of a bad line", "office without speech"),
    "ringing, keys, beeps": ("ringing, American", "ringing, British", "busy tone", "keypad", "voicemail beeps"),
    "hold music": ("hold music", "hold music, telephone"),
}
"""The clips without a word, by what they are."""
BOUND: Final = 0.3
"""Points of word error rate that a faster precision may cost."""
_NO_PROMPT: Final = (
    "This model is never given a prompt (its card says why), so what a prompt does to names is not shown by it. "
    "`--model` measures one that takes it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All that one run found. ``with_prompt`` of names and of silence is ``None`` for a model that takes none."""

    title: str
    rows: tuple[Row, ...]
    quiet: tuple[Invented, ...]
    quiet_with_prompt: tuple[Invented, ...] | None
    names: Recall
    names_with_prompt: Recall | None


def rate(rows: Sequence[Row]) -> tuple[float, float, float]:
    """Return the word error rate in percent and its 95 % interval, resampled by call."""
    errors, words = _counts(rows)
    return _with_interval(lambda at: 100 * errors[at].sum() / max(words[at].sum(), 1), rows)


def difference(rows: Sequence[Row], others: Sequence[Row]) -> tuple[float, float, float]:
    """Return by how many points ``others`` err more than ``rows``, call by call and condition, and the interval."""
    theirs = {(row.call, row.condition): row for row in others}
    shared = [row for row in rows if (row.call, row.condition) in theirs]
    errors, words = _counts(shared)
    more = np.array([theirs[row.call, row.condition].errors for row in shared]) - errors
    return _with_interval(lambda at: 100 * more[at].sum() / max(words[at].sum(), 1), shared)


def facts(found: Measured) -> dict[str, Any]:
    """Return every number of the tables by name; error rates in percent."""
    precisions = list(dict.fromkeys(row.precision for row in found.rows))
    told: dict[str, Any] = {"title": found.title, "conditions": {}, "precisions": {}}
    for name in (*_conditions(found), "all"):
        these = _of(found, name, PLAIN)
        starts = np.concatenate([np.array(row.starts_s) for row in these])
        told["conditions"][name] = {
            "words": sum(row.words for row in these),
            "rates": {p: rate(_of(found, name, p)) for p in precisions if _of(found, name, p)},
            "word_start_s": [float(np.quantile(starts, share)) for share in (0.5, 0.9)] if len(starts) else None,
            "words_timed": len(starts),
            "false_words_a_minute": 60 * sum(r.false_words for r in these) / max(sum(r.silence_s for r in these), 1e-9),
            "silence_minutes": sum(row.silence_s for row in these) / 60,
        }
    for precision in precisions:
        if precision != PLAIN:
            told["precisions"][precision] = difference(_of(found, "all", PLAIN), _of(found, "all", precision))
    who = [row.who for row in found.rows if row.who is not None and row.precision == PLAIN]
    if who:
        speech = max(sum(each.speech_s for each in who), 1e-9)
        parts = ("error_s", "wrong_s", "missed_s", "invented_s")
        told["diarization"] = {part[:-2]: sum(getattr(each, part) for each in who) / speech for part in parts}
        told["diarization"] |= {"calls": len(who), "mixed": sum(each.mixed for each in who)}
    told["quiet"] = {
        "plain": _quiet(found.quiet),
        "prompted": found.quiet_with_prompt and _quiet(found.quiet_with_prompt),
    }
    told["names"] = {
        "plain": asdict(found.names),
        "prompted": found.names_with_prompt and asdict(found.names_with_prompt),
    }
    return told


def text(told: Mapping[str, Any]) -> str:
    """Return the tables as Markdown, from ``facts``."""
    others = list(told["precisions"])
    lines = [
        told["title"],
        "",
        "| condition | word error rate (95 %) | " + "".join(f"{p} | " for p in others) + "word starts off, "
        "median / 90 % | false words a minute of silence |",
        "| --- " * (4 + len(others)) + "|",
    ]
    for name, row in told["conditions"].items():
        cells = [_rate(row["rates"][PLAIN])]
        cells += [f"{row['rates'][p][0]:.1f} %" if p in row["rates"] and name != "all" else "" for p in others]
        cells.append("{:.2f} / {:.2f} s".format(*row["word_start_s"]) if row["word_start_s"] else "")
        cells.append(f"{row['false_words_a_minute']:.1f}")
        label = "**all**" if name == "all" else name
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    lines.append("")
    lines += [_moved(name, moved) for name, moved in told["precisions"].items()]
    if "diarization" in told:
        who = told["diarization"]
        lines.append(
            f"- Diarization error of the calls in mono: {who['error']:.1%} of speech time (wrong voice "
            f"{who['wrong']:.1%}, missed {who['missed']:.1%}, invented {who['invented']:.1%}; quarter-second collar); "
            f"{who['mixed']} of {who['calls']} calls could not be told apart, and are all missed."
        )
    return "\n".join([*lines, "", *_nobody(told)])


def _nobody(told: Mapping[str, Any]) -> list[str]:
    quiet, names = told["quiet"], told["names"]
    lines = [
        "| | " + " | ".join(f"{kind}: false words a minute" for kind in quiet["plain"]) + " | names heard right | "
        "names heard that were not said |",
        "| --- " * (3 + len(quiet["plain"])) + "|",
    ]
    for label, which in (("without a prompt", "plain"), ("with names as a prompt", "prompted")):
        if quiet[which] is None or names[which] is None:
            lines.append(f"| {label} |" + " not given |" * (2 + len(quiet["plain"])))
            continue
        cells = [f"{value:.1f}" for value in quiet[which].values()]
        cells += [f"{names[which]['right']} of {names[which]['said']}", str(names[which]["leaked"])]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    if names["prompted"] is None:
        lines += ["", _NO_PROMPT]
    return lines


def _moved(name: str, moved: Sequence[float]) -> str:
    value, low, high = moved
    if max(abs(low), abs(high)) < BOUND:
        shown = f"under {BOUND} points"
    else:
        shown = f"not shown to be under {BOUND} points" if abs(value) < BOUND else f"{BOUND} points or more"
    return (
        f"- {name} against float32, same calls and conditions: {value:+.2f} points of word error rate "
        f"(95 % {low:+.2f} to {high:+.2f}): {shown}."
    )


def _rate(found: Sequence[float]) -> str:
    return "{:.1f} % ({:.1f}-{:.1f})".format(*found)


def _quiet(found: Sequence[Invented]) -> dict[str, float]:
    rates = {}
    for kind, clips in QUIET.items():
        these = [each for each in found if each.clip in clips]
        if these:
            rates[kind] = sum(len(each.words) for each in these) / sum(each.minutes for each in these)
    return rates


def _conditions(found: Measured) -> list[str]:
    there = {row.condition for row in found.rows}
    return [condition.name for condition in CONDITIONS if condition.name in there]


def _of(found: Measured, condition: str, precision: str) -> list[Row]:
    return [row for row in found.rows if row.precision == precision and condition in (row.condition, "all")]


def _counts(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row.errors for row in rows]), np.array([row.words for row in rows])


def _with_interval(statistic: Callable[[np.ndarray], float], rows: Sequence[Row]) -> tuple[float, float, float]:
    draws = resampled(np.array([row.call for row in rows]))
    return float(statistic(np.arange(len(rows)))), *bootstrap(statistic, draws)
