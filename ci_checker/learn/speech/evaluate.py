"""Word error rate of a checkpoint on held-out sentences, as the recognizer will use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
import torch
import whisper
from numpy.typing import NDArray
from whisper.decoding import DecodingOptions
from whisper.normalizers import EnglishTextNormalizer

from ci_checker.learn.speech.dataset import to_telephone
from ci_checker.learn.speech.voices import SAMPLE_RATE, VOICES, Voice, synthesize

CONDITIONS: Final = ("clean", "telephone")
_ROWS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One sentence as spoken and as recognized."""

    voice: str
    condition: str
    reference: str
    hypothesis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Errors over words of the reference, both sides normalized as Whisper's authors do."""

    voice: str
    condition: str
    words: int
    errors: int

    @property
    def rate(self) -> float:
        """The word error rate."""
        return self.errors / max(self.words, 1)


def held_out() -> list[str]:
    """The sentences that training never sees."""
    text = files("ci_checker.learn.speech").joinpath("heldout.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


def recognize(model: whisper.Whisper, audios: Sequence[NDArray[np.float32]]) -> list[str]:
    """Greedy text of each audio (samples,) at 16 kHz, padded to one window of the model."""
    window = model.dims.n_audio_ctx * 2
    texts: list[str] = []
    for at in range(0, len(audios), _ROWS):
        mels = []
        for audio in audios[at : at + _ROWS]:
            padded = whisper.pad_or_trim(audio, window * 160)
            mels.append(whisper.log_mel_spectrogram(padded))
        options = DecodingOptions(language="en", fp16=False, max_initial_timestamp=None)
        results = whisper.decode(model, torch.stack(mels), options)
        texts += [result.text for result in results]
    return texts


def spoken(text: str, voice: Voice, condition: str) -> NDArray[np.float32]:
    """The audio of ``text`` with a third of a second of silence before it."""
    audio = np.concatenate([np.zeros(SAMPLE_RATE // 3, np.float32), synthesize(text, voice)[0]])
    if condition == "telephone":
        return to_telephone(torch.from_numpy(audio)).numpy()
    return audio


def listen(model: whisper.Whisper, texts: Sequence[str], voices: Sequence[Voice] = VOICES) -> list[Heard]:
    """Every text in every voice and condition, recognized."""
    heard = []
    for voice in voices:
        for condition in CONDITIONS:
            found = recognize(model, [spoken(text, voice, condition) for text in texts])
            heard += [
                Heard(voice=voice.name, condition=condition, reference=text, hypothesis=hypothesis)
                for text, hypothesis in zip(texts, found)
            ]
    return heard


def scores(heard: Sequence[Heard]) -> list[Score]:
    """A score for every voice and condition, in the order of ``heard``."""
    clean = EnglishTextNormalizer()
    sums: dict[tuple[str, str], list[int]] = {}
    for one in heard:
        reference = clean(one.reference).split()
        count = sums.setdefault((one.voice, one.condition), [0, 0])
        count[0] += len(reference)
        count[1] += edits(reference, clean(one.hypothesis).split())
    return [
        Score(voice=voice, condition=condition, words=words, errors=errors)
        for (voice, condition), (words, errors) in sums.items()
    ]


def edits(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Substitutions, insertions and deletions between two word lists, at least."""
    row = list(range(len(hypothesis) + 1))
    for number, wanted in enumerate(reference, 1):
        diagonal, row[0] = row[0], number
        for place, found in enumerate(hypothesis, 1):
            diagonal, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, diagonal + (wanted != found))
    return row[-1]


def table(results: Sequence[Score]) -> str:
    """The scores as a Markdown table, with a last line for all together."""
    voices = list(dict.fromkeys(score.voice for score in results))
    lines = ["| voice | clean | telephone |", "| --- | --- | --- |"]
    for name in [*voices, "all"]:
        cells = []
        for condition in CONDITIONS:
            these = [s for s in results if s.condition == condition and name in (s.voice, "all")]
            rate = sum(s.errors for s in these) / max(sum(s.words for s in these), 1)
            cells.append(f"{100 * rate:.1f} %")
        lines.append(f"| {name} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def load(path: Path) -> whisper.Whisper:
    """The checkpoint at ``path``, on the processor."""
    return whisper.load_model(str(path), device="cpu")
