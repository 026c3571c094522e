"""A workspace, short calls, and an engine that says what it is told and counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest

from ci_checker import settings as settings_module
from ci_checker.app.hearing import Hearing
from ci_checker.model import Turn, Word
from ci_checker.settings import Settings

TEAM = Path(__file__).resolve().parents[2] / "fixtures" / "team"
RATE = 16_000
WORKSPACE = """\
[team]
manager = "Maya Collins"
company = "Bright Harbor"

[[rep]]
name = "Luke Porter"
aliases = ["Luke", "lp", "jean-luc"]

[[rep]]
name = "Dana Whitfield"

[recognition]
model = "synthetic"
"""
SAID = (
    ("left", "Hi Karen, this is Luke with Bright Harbor. I saw that you opened a second shop in Dayton last week."),
    ("right", "Oh, yes, we did. It has been a busy month for all of us here."),
    ("left", "What made you open there, of all places?"),
    ("right", "Most of our customers moved out that way, so the vans were on the road all day."),
)


def turns(said: Sequence[tuple[str, str]] = SAID, length_s: float = 4.0) -> tuple[Turn, ...]:
    step = length_s / (len(said) + 1)
    return tuple(
        Turn(speaker=who, text=text, start_s=0.1 + at * step, end_s=(at + 0.9) * step, confidence=0.95)
        for at, (who, text) in enumerate(said)
    )


class FakeEngine:
    """Counts its calls; ``before`` may raise, ``heard`` gives the turns of samples."""

    name = "fake"

    def __init__(self, key: str = "fake/1") -> None:
        self.key = key
        self.calls: list[float] = []
        self.before: Callable[[int], None] = lambda number: None
        self.heard: Callable[[Any], tuple[Turn, ...]] = lambda samples: turns()

    def transcribe(self, samples: Any, *, channel_names: Any, progress: Any = None, note: Any = None) -> Any:
        self.before(len(self.calls) + 1)
        self.calls.append(samples.shape[1] / RATE)
        if progress:
            progress(1.0, 2.0)
        return self.heard(samples)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Every recording of the test is heard by this."""
    fake = FakeEngine()
    monkeypatch.setattr(Hearing, "engine", fake)
    return fake


@pytest.fixture
def team() -> Path:
    return TEAM


@pytest.fixture
def truth() -> dict[str, Any]:
    return {call["path"]: call for call in json.loads((TEAM / "truth.json").read_text("utf-8"))["calls"]}


def true_turns(recording: dict[str, Any]) -> tuple[Turn, ...]:
    """The words of a recorded call as a perfect recognizer would hear them."""
    mixed = recording["channels"] == 1
    return tuple(
        Turn(
            speaker="mixed" if mixed else t["channel"],
            text=t["text"],
            start_s=t["start_s"],
            end_s=t["end_s"],
            words=tuple(Word(text=w, start_s=a, end_s=b, probability=0.95) for w, a, b in t["words"]),
            confidence=0.95,
        )
        for t in recording["turns"]
    )


def write_wav(path: Path, seconds: float = 4.0, *, seed: int = 0, channels: int = 2) -> Path:
    rng = np.random.default_rng(seed)
    samples = (rng.standard_normal((1, round(seconds * RATE * channels))) * 3000).astype(np.int16)
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=RATE, layout="stereo" if channels == 2 else "mono")
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo" if channels == 2 else "mono")
        frame.sample_rate = RATE
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def write_text(path: Path, said: Sequence[tuple[str, str]] = SAID, names: tuple[str, str] = ("Luke", "Karen")) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    who = {"left": names[0], "right": names[1]}
    path.write_text("".join(f"{who[side]}: {text}\n" for side, text in said), encoding="utf-8")
    return path


@pytest.fixture
def space(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A workspace folder and its settings, made anew from the file each time."""
    root = tmp_path / "space"
    root.mkdir()
    (root / settings_module.FILE).write_text(WORKSPACE, encoding="utf-8")

    def settings() -> Settings:
        return settings_module.load(root, environment={})

    yield SimpleNamespace(root=root, calls=root / "calls", settings=settings, wav=write_wav, text=write_text)


@pytest.fixture
def helpers() -> SimpleNamespace:
    return SimpleNamespace(
        FakeEngine=FakeEngine, true_turns=true_turns, turns=turns, said=SAID, wav=write_wav, text=write_text
    )
