"""What must not change a verdict: marks, case, a speaker's name, the clock, a filler word. And the same bytes twice.

The calls are some of the evaluation set's, which nothing was learned from. Each relation is a rewriting of a
whole call; a verdict turns where ``seen`` and ``not_seen`` (or ``not_applicable``) trade places, and it moves
where it goes to or from ``unclear``. None may turn; how many may move is bounded for marks and fillers.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from ci_checker.behaviors import catalogue, detect
from ci_checker.model import Call, Result, Role, Source, Speaker, Turn, Verdict

EVALUATION = Path(__file__).resolve().parents[2] / "models" / "behaviors" / "data" / "eval"
CALLS = 6
LONGEST = 42
FILLERS = ("um", "uh", "er", "hmm")
NAMES = {"R": ("Rep", Role.REP), "P": ("Prospect", Role.PROSPECT), "G": ("Gatekeeper", Role.GATEKEEPER)}
pytestmark = pytest.mark.usefixtures("shipped")
few = settings(
    max_examples=2, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


def _calls() -> Iterator[Call]:
    for path in sorted(EVALUATION.glob("*.txt")):
        for part in re.split(r"(?m)^## ", path.read_text(encoding="utf-8"))[1:]:
            name, *lines = part.splitlines()
            found = [m for line in lines if (m := re.match(r"([RPG])(?:\[[^]]*\])?:\s*(.+)", line))]
            if not 8 <= len(found) <= LONGEST:
                continue
            turns = tuple(
                Turn(speaker=NAMES[m[1]][0], text=m[2], start_s=4.0 * i, end_s=4.0 * i + 3.5)
                for i, m in enumerate(found)
            )
            present = dict.fromkeys(m[1] for m in found)
            speakers = tuple(Speaker(name=NAMES[s][0], role=NAMES[s][1]) for s in present)
            yield Call(path=name, sha256="", source=Source.TRANSCRIPT, turns=turns, speakers=speakers)


@lru_cache
def calls() -> tuple[Call, ...]:
    every = list(_calls())
    return tuple(islice(every, 0, None, max(1, len(every) // CALLS)))[:CALLS]


@lru_cache(maxsize=64)
def results(call: Call) -> tuple[Result, ...]:
    found, _ = detect.detect(call, {b.id: b for b in catalogue.load().values()})
    return found


def texts(call: Call, change: Callable[[str], str]) -> Call:
    return replace(call, turns=tuple(replace(t, text=change(t.text)) for t in call.turns))


def verdicts(call: Call) -> list[tuple[str, Verdict]]:
    return [(r.behavior, Verdict.NOT_SEEN if r.verdict is Verdict.NOT_APPLICABLE else r.verdict) for r in results(call)]


def compare(change: Callable[[Call], Call]) -> tuple[list[str], list[str], int]:
    """Return verdicts that turned into their contrary, those that moved to or from unclear, and how many there are."""
    turned, moved, count = [], [], 0
    for call in calls():
        for (name, before), (_, after) in zip(verdicts(call), verdicts(change(call)), strict=True):
            count += 1
            if before is not after:
                told = f"{call.path.split(' ')[0]} {name}: {before} -> {after}"
                (moved if Verdict.UNCLEAR in (before, after) else turned).append(told)
    return turned, moved, count


def bare(text: str) -> str:
    return re.sub(r"[^\w'’\s]+", " ", text)


def filled(text: str, draw: random.Random) -> str:
    words = text.split()
    words.insert(draw.randrange(len(words) + 1), draw.choice(FILLERS))
    return " ".join(words)


def unfilled(text: str) -> str:
    kept = [w for w in text.split() if w.lower().strip(".,!?") not in FILLERS]
    return " ".join(kept) or text


def turns_none(change: Callable[[Call], Call]) -> None:
    turned, _, count = compare(change)
    assert not turned, f"{len(turned)} of {count}: {turned}"


def moves_few(change: Callable[[Call], Call], most_moved: float = 0.06) -> None:
    _, moved, count = compare(change)
    assert len(moved) <= most_moved * count, f"{len(moved)} of {count}: {moved}"


def test_there_are_calls_to_try() -> None:
    assert len(calls()) == CALLS
    seen = [v for call in calls() for _, v in verdicts(call)]
    assert {Verdict.SEEN, Verdict.NOT_SEEN} <= set(seen)


@lru_cache
def without_marks(call: Call) -> Call:
    return texts(call, bare)


def test_punctuation_turns_no_verdict() -> None:
    turns_none(without_marks)


def test_punctuation_moves_few_verdicts() -> None:
    moves_few(without_marks)


def test_case() -> None:
    assert compare(lambda call: texts(call, str.lower))[:2] == ([], [])
    assert compare(lambda call: texts(call, str.upper))[:2] == ([], [])


@few
@given(some.lists(some.text("abcdefghij äß", min_size=1, max_size=8), min_size=3, max_size=3, unique=True))
def test_a_renamed_speaker(names: list[str]) -> None:
    def renamed(call: Call) -> Call:
        other = dict(zip(("Rep", "Prospect", "Gatekeeper"), names, strict=True))
        return replace(
            call,
            turns=tuple(replace(t, speaker=other[t.speaker]) for t in call.turns),
            speakers=tuple(replace(s, name=other[s.name]) for s in call.speakers),
        )

    assert compare(renamed)[:2] == ([], [])


@few
@given(some.sampled_from([1.0, 0.25, 3600.0]))
def test_all_times_shifted(seconds: float) -> None:
    def shifted(call: Call) -> Call:
        moved = (replace(t, start_s=t.start_s + seconds, end_s=t.end_s + seconds) for t in call.turns)
        return replace(call, turns=tuple(moved))

    assert compare(shifted)[:2] == ([], [])


@few
@given(some.integers(0, 10_000))
def test_a_filler_word_more(seed: int) -> None:
    def change(call: Call) -> Call:
        return texts(call, lambda text: filled(text, random.Random(f"{seed} {text}")))

    turns_none(change)
    moves_few(change)


def test_a_filler_word_less() -> None:
    turns_none(lambda call: texts(call, unfilled))
    moves_few(lambda call: texts(call, unfilled))


def test_the_same_bytes_twice() -> None:
    call = calls()[0]
    first = json.dumps([asdict(r) for r in results(call)], ensure_ascii=False)
    results.cache_clear()
    assert json.dumps([asdict(r) for r in results(call)], ensure_ascii=False) == first
