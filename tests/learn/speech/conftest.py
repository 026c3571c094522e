"""What the tests of the small checkpoint share: a tiny network, and a voice that needs no synthesizer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest

from ci_checker.learn.speech import synthesize
from ci_checker.learn.speech.voices import SAMPLE_RATE, VOICES, Speech, Voice


def spoken(text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
    """A word is 0.3 s of a tone, higher by its first letter, and one phone; a pause of 0.1 s goes before it."""
    words, phones, sound = [], [], []
    step = 0.4 / rate
    for place, word in enumerate(text.split()):
        start, end = place * step + 0.1 / rate, (place + 1) * step
        time = np.arange(round((end - start) * SAMPLE_RATE)) / SAMPLE_RATE
        pause = round(start * SAMPLE_RATE) - sum(map(len, sound))
        sound += [np.zeros(pause), 0.3 * np.sin(2 * np.pi * (200 + 60 * (ord(word[0].lower()) - 97)) * time)]
        words.append((word, start, end))
        phones += [("pau", start - 0.1 / rate, start), ("ae" if place % 2 else "iy", start, end)]
    audio = np.concatenate([np.zeros(0), *sound]).astype(np.float32)
    return Speech(audio=audio, words=tuple(words), phones=tuple(phones))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small tensors gain nothing from threads, which wait long for each other on a busy machine."""
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def toned(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Speech]:
    """Let shards be spoken in tones."""
    monkeypatch.setattr(synthesize, "speak", spoken)
    return spoken


@pytest.fixture
def shards(toned: object, tmp_path: Path) -> Path:
    """A folder with one shard of twelve short utterances in tones."""
    folder = tmp_path / "shards"
    folder.mkdir()
    texts = ["Hello Dana.", "Go ahead.", "We lost two.", "Yes."] * 3
    jobs = [(text, VOICES[place % len(VOICES)]) for place, text in enumerate(texts)]
    synthesize.write_shard(folder / "a.npz", jobs, Random(1))
    return folder
