"""From shards to training batches: augmented audio, log-mel, tokens and their frames."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from whisper.audio import HOP_LENGTH, N_FFT, mel_filters

from ci_checker.learn.speech import vocabulary
from ci_checker.learn.speech.synthesize import Utterance, read_shard
from ci_checker.learn.speech.voices import SAMPLE_RATE, Word
from ci_checker.transcribe.prompt import text_of

WINDOW: Final = 10
"""Seconds of one recognition window."""
FRAME: Final = 320
"""Samples of one encoder frame (20 ms)."""
LONGEST_PROMPT: Final = 223
"""Tokens that Whisper reads of a prompt."""
_SIGNAL_DB: Final = (4.0, 42.0)
"""How far speech stands above noise."""
_TOLD: Final = 0.85
"""Share of a prompted window's names that its prompt has."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An utterance ready to be placed in a window; its words have seconds from its start."""

    audio: NDArray[np.int16]
    frames: NDArray[np.uint8]
    words: tuple[vocabulary.Spelled, ...]
    voice: str
    names: tuple[str, ...] = ()
    """What a workspace would tell a recognizer of it: names in the order of the text."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.audio) / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Placed:
    """A window before augmentation: samples, phones a frame, tokens with their frames."""

    audio: NDArray[np.float32]
    frames: NDArray[np.int64]
    numbers: list[int]
    spans: list[tuple[int, int]]
    prompt: list[int] = field(default_factory=list)
    """Compact numbers of names to expect, some of which are said."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one training step reads.

    ``mel`` (rows, 80, 2 x frames) float32; ``phones`` (rows, frames); ``inputs`` and ``targets``
    (rows, tokens) compact token numbers, -100 where nothing is to be learned, a prompt first; ``spans`` (rows,
    tokens, 2) first and last encoder frame of the token that each position predicts, first > last
    where there is none; ``copies`` (rows, tokens) where in the row the prompt has that token, -1
    where it is of no name told.
    """

    mel: Tensor
    phones: Tensor
    inputs: Tensor
    targets: Tensor
    spans: Tensor
    copies: Tensor


def load_samples(paths: Sequence[Path]) -> list[Sample]:
    """Every utterance of the shards, tokenized."""
    return [sample(utterance) for path in paths for utterance in read_shard(path)]


def sample(utterance: Utterance) -> Sample:
    """An utterance with its tokens; words end where their last sound does."""
    words = vocabulary.tokenize(tuple(_sounding(word, utterance) for word in utterance.words))
    return Sample(utterance.audio, utterance.frames, words, utterance.voice, names_in(utterance.text))


def names_in(text: str) -> tuple[str, ...]:
    """Runs of capitalized words within the sentences of ``text``, without marks and possessives."""
    names: list[str] = []
    going = False
    first = True
    for word in text.split():
        bare = re.sub(r"'s$", "", word.strip('.,?!"'))
        named = bare[:1].isupper() and not first and not re.fullmatch(r"I|I'.*", bare)
        if named and going:
            names[-1] += f" {bare}"
        elif named:
            names.append(bare)
        going = named and word[-1].isalpha()
        first = word[-1] in ".?!"
    return tuple(names)


def prompted(placed: Placed, said: Sequence[str], others: Sequence[str], random: Random) -> Placed:
    """``placed`` with a prompt as a workspace gives it: most of the names ``said`` among ``others``.

    Prompt and text together fit into the 448 places that the decoder has.
    """
    told = [name for name in said if random.random() < _TOLD] + list(others)
    if not told:
        return placed
    random.shuffle(told)
    numbers = vocabulary.prompt(text_of(told))[: min(LONGEST_PROMPT, 445 - len(placed.numbers))]
    return replace(placed, prompt=[vocabulary.load().compact(vocabulary.load().before), *numbers])


def _sounding(word: Word, utterance: Utterance) -> Word:
    text, start, end = word
    first = round(start * 50)
    voiced = np.flatnonzero(utterance.frames[first : round(end * 50)])
    if not len(voiced):
        return word
    return text, max(start, (first + voiced[0]) / 50), min(end, (first + voiced[-1] + 1) / 50)


def place(samples: Sequence[Sample], starts: Sequence[float], seconds: float, random: Random) -> Placed:
    """Lay ``samples`` at ``starts`` (seconds) into a window of ``seconds``, each at its own level.

    Levels are drawn once for the window and vary by 3 dB within it.
    """
    audio = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    frames = np.zeros(len(audio) // FRAME, np.int64)
    words: list[vocabulary.Spelled] = []
    level = 10 ** (random.uniform(-18, 3) / 20)
    for item, start in zip(samples, starts):
        first = round(start * SAMPLE_RATE)
        piece = item.audio[: len(audio) - first].astype(np.float32)
        audio[first : first + len(piece)] += piece / 32768 * level * 10 ** (random.uniform(-3, 0) / 20)
        frame = round(start * SAMPLE_RATE / FRAME)
        labels = item.frames[: len(frames) - frame]
        frames[frame : frame + len(labels)] = labels
        words += [vocabulary.Spelled(word.pieces, word.start + start, word.end + start) for word in item.words]
    return Placed(audio, frames, *vocabulary.timed(words))


def short_window(item: Sample, random: Random) -> tuple[list[Sample], list[float], float]:
    """One utterance with a little silence around it: samples, starts, seconds."""
    lead = random.choice((0.0, random.uniform(0, 0.4), random.uniform(0, 1.0)))
    lead = min(lead, WINDOW - item.seconds)
    return [item], [lead], min(WINDOW, lead + item.seconds + random.uniform(0, 0.3))


def full_window(draw: Iterator[Sample], random: Random) -> tuple[list[Sample], list[float], float]:
    """A whole window of one to four utterances with pauses, padded with silence."""
    at = random.choice((0.0, random.uniform(0, 0.3), random.uniform(0, 2.0)))
    items: list[Sample] = []
    starts: list[float] = []
    for _ in range(random.choice((1, 1, 2, 3, 4, 4))):
        item = next(draw)
        if at + item.seconds > WINDOW:
            break
        items.append(item)
        starts.append(at)
        at += item.seconds + random.choice((0.0, random.uniform(0, 0.5), random.uniform(0.2, 1.5)))
    return items, starts, float(WINDOW)


def degrade(audio: Tensor, random: Random, telephone: float = 0.3) -> Tensor:
    """Noise, band and companding of a telephone; audio (rows, samples) float32, row by row.

    A row's noise is hiss, or other rows talking all at once.
    """
    rows = []
    for place, row in enumerate(audio):
        if random.random() < 0.4:
            row = row + _noise(row, torch.cat([audio[:place], audio[place + 1 :]]), random)
        if random.random() < telephone:
            low = random.choice((0, 50, 200, 300))
            row = to_telephone(row, low=low, high=random.choice((3300, 3400, 3600, 3900)))
        rows.append(row)
    return torch.stack(rows).clamp(-1, 1)


def _noise(row: Tensor, others: Tensor, random: Random) -> Tensor:
    power = row.square().sum() / max(int((row != 0).sum()), 1)
    noise = babble(others, random) if len(others) and random.random() < 0.35 else _hiss(len(row), random)
    scale = power / noise.square().mean().clamp(min=1e-12) * 10 ** (-random.uniform(*_SIGNAL_DB) / 10)
    return noise * scale.sqrt() if power > 0 else noise * 10 ** random.uniform(-5, -2)


def _hiss(size: int, random: Random) -> Tensor:
    """Noise (size,) of about unit power: white, duller, or pink as a room's is."""
    noise = torch.randn(size)
    kind = random.random()
    if kind < 0.35:
        noise = torch.nn.functional.avg_pool1d(noise[None], random.choice((3, 5, 9)), 1)[0]
        return torch.nn.functional.pad(noise, (0, size - len(noise)))
    if kind < 0.7:
        hertz = torch.linspace(0, SAMPLE_RATE / 2, size // 2 + 1).clamp(min=50.0)
        return torch.fft.irfft(torch.fft.rfft(noise) / (hertz / 1000).sqrt(), size)
    return noise


def babble(audio: Tensor, random: Random) -> Tensor:
    """Four to seven of the rows of ``audio`` (rows, samples) at once, each from a place of its own; (samples,)."""
    chosen = [audio[random.randrange(len(audio))] for _ in range(random.randint(4, 7))]
    chosen = [row / row.square().mean().clamp(min=1e-12).sqrt() for row in chosen]
    return torch.stack([row.roll(random.randrange(len(row))) for row in chosen]).sum(0)


def to_telephone(audio: Tensor, low: int = 300, high: int = 3400) -> Tensor:
    """``audio`` (samples,) as an 8 kHz mu-law line carries it, back at 16 kHz."""
    length = len(audio) - len(audio) % 2
    spectrum = torch.fft.rfft(audio[:length])
    hertz = torch.linspace(0, SAMPLE_RATE / 2, len(spectrum))
    spectrum = spectrum * ((hertz >= low) & (hertz <= high))
    half = torch.fft.irfft(spectrum[: length // 4 + 1], length // 2) / 2
    half = half.clamp(-1, 1)
    code = torch.round(half.sign() * torch.log1p(255 * half.abs()) / np.log(256) * 127) / 127
    half = code.sign() * (torch.pow(256.0, code.abs()) - 1) / 255
    back = torch.fft.irfft(torch.fft.rfft(half), length) * 2
    return torch.nn.functional.pad(back, (0, len(audio) - length))


_FILTERS: dict[int, Tensor] = {}


def log_mel(audio: Tensor) -> Tensor:
    """Whisper's log-mel of ``audio`` (rows, samples), each row normalized by its own loudest
    frame, shape (rows, 80, samples / 160)."""
    if 80 not in _FILTERS:
        _FILTERS[80] = mel_filters("cpu", 80)
    window = torch.hann_window(N_FFT)
    stft = torch.stft(audio, N_FFT, HOP_LENGTH, window=window, return_complex=True)
    power = stft[..., :-1].real.square() + stft[..., :-1].imag.square()
    logs = (_FILTERS[80] @ power).clamp(min=1e-10).log10()
    logs = torch.maximum(logs, logs.amax(dim=(1, 2), keepdim=True) - 8.0)
    return (logs + 4.0) / 4.0


def collate(windows: Sequence[Placed], random: Random, telephone: float = 0.3) -> Batch:
    """One batch; all windows are padded with silence to the longest."""
    words = vocabulary.load()
    frames = -(-max(len(window.frames) for window in windows) // 20) * 20
    length = max(len(window.prompt) + max(1, len(window.numbers)) for window in windows) + 1
    audio = np.zeros((len(windows), frames * FRAME), np.float32)
    phones = torch.zeros(len(windows), frames, dtype=torch.long)
    inputs = torch.full((len(windows), length), words.compact(words.end))
    targets = torch.full((len(windows), length), -100)
    copies = torch.full((len(windows), length), -1)
    spans = torch.tensor([1, 0]).repeat(len(windows), length, 1)
    for row, window in enumerate(windows):
        usable = len(window.frames) * FRAME
        audio[row, :usable] = window.audio[:usable]
        phones[row, : len(window.frames)] = torch.from_numpy(window.frames)
        numbers, targets_of = window.numbers, [*window.numbers, words.compact(words.end)]
        if not numbers:
            numbers, targets_of = [words.times], [words.compact(words.no_speech), words.compact(words.end)]
        given = len(window.prompt)
        written = torch.tensor([*window.prompt, words.compact(words.start), *numbers], dtype=torch.long)
        inputs[row, : len(written)] = written
        targets[row, given : given + len(targets_of)] = torch.tensor(targets_of, dtype=torch.long)
        if given:
            copies[row, given : given + len(window.numbers)] = torch.tensor(
                vocabulary.copied(window.prompt, window.numbers), dtype=torch.long
            )
        for position, (first, last) in enumerate(window.spans, given):
            spans[row, position, 0] = min(first, frames - 1)
            spans[row, position, 1] = min(max(last, first), frames - 1)
    heard = degrade(torch.from_numpy(audio), random, telephone)
    return Batch(log_mel(heard), phones, inputs, targets, spans, copies)


def silent_window(random: Random, talk: Sequence[Sample] = ()) -> Placed:
    """Ten seconds without speech to write down: nothing, noise, a hum, the tones of a telephone, or a room
    full of people (``talk``) of whom nobody can be made out."""
    samples = WINDOW * SAMPLE_RATE
    time = np.arange(samples) / SAMPLE_RATE
    level = 10 ** random.uniform(-4, -0.5)
    kind = random.choice(("nothing", "noise", "tone", "ring", "beep", *(["room"] * 2 if talk else ())))
    audio = np.zeros(samples)
    if kind == "noise":
        audio = np.random.default_rng(random.randrange(2**32)).normal(0, level / 3, samples)
    elif kind == "tone":
        audio = level * (np.sin(2 * np.pi * 350 * time) + np.sin(2 * np.pi * 440 * time)) / 2
    elif kind == "ring":
        tone = np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 480 * time)
        audio = level * tone / 2 * ((time + random.uniform(0, 6)) % 6 < 2)
    elif kind == "beep":
        start = random.uniform(0, 9)
        audio = level * np.sin(2 * np.pi * random.choice((440, 1000, 1400)) * time)
        audio *= (time > start) & (time < start + random.uniform(0.2, 1))
    elif kind == "room":
        for _ in range(random.randint(5, 8)):
            voice = np.concatenate([random.choice(talk).audio for _ in range(8)])[:samples].astype(float)
            audio += np.resize(voice, samples) / 32768 * level * 10 ** (random.uniform(-4, 0) / 20)
    return Placed(audio.astype(np.float32), np.zeros(samples // FRAME, np.int64), [], [])


def batches(
    samples: Sequence[Sample],
    random: Random,
    *,
    seconds: float,
    full: float,
    longest: float = WINDOW,
    telephone: float = 0.3,
    told: float = 0.0,
    rested: Mapping[str, float] | None = None,
) -> Iterator[Batch]:
    """One pass over ``samples`` in batches of about ``seconds``.

    ``full`` is the share of batches made of whole windows; ``longest`` leaves longer utterances
    out (short ones are cheaper to learn from). ``told`` is the share of windows with a prompt, and
    ``rested`` the share of a voice's utterances that this pass leaves out.
    """
    rested = rested or {}
    usable = [item for item in samples if item.seconds <= longest and random.random() >= rested.get(item.voice, 0.0)]
    names = [name for item in usable for name in item.names] if told else []
    random.shuffle(usable)
    groups = [usable[at : at + 512] for at in range(0, len(usable), 512)]
    for group in groups:
        group.sort(key=lambda item: item.seconds)
        packs: list[list[Sample]] = [[]]
        for item in group:
            if (len(packs[-1]) + 1) * (item.seconds + 0.6) > seconds and packs[-1]:
                packs.append([])
            packs[-1].append(item)
        random.shuffle(packs)
        for pack in packs:
            if random.random() < full:
                draw = _endless(usable, random)
                laid = [
                    None if random.random() < 0.04 else full_window(draw, random)
                    for _ in range(max(1, round(seconds / WINDOW)))
                ]
            else:
                laid = [short_window(item, random) for item in pack]
            windows = []
            for each in laid:
                placed = place(*each, random) if each else silent_window(random, usable)
                if names and random.random() < told:
                    said = [name for item in (each[0] if each else ()) for name in item.names]
                    others = random.choices(names, k=round(20 ** random.random()))
                    placed = prompted(placed, said, others, random)
                windows.append(placed)
            yield collate(windows, random, telephone)


def _endless(samples: Sequence[Sample], random: Random) -> Iterator[Sample]:
    while True:
        yield random.choice(samples)
