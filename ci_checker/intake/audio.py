"""What a recording is, and its samples at 16 kHz: channels kept, defects named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ci_checker.errors import CallError
from ci_checker.intake.decode import RATE, Progress, blocks
from ci_checker.intake.text import clock
from ci_checker.model import Audio

SILENT = 0.001
SAME_MIX = 0.95
SAME_LEVEL = 4.0
FULL = 0.98
LOUD = 0.1
CLIPPED = 0.02
_NAMES = ("left", "right")


@dataclass(slots=True)
class Sums:
    """Running sums over the blocks: enough to tell silence and a mix that stands on both channels."""

    samples: int = 0
    total: np.ndarray | None = None
    products: np.ndarray | None = None
    loudest: np.ndarray | None = None
    loud: int = 0
    full: int = 0

    def add(self, block: np.ndarray) -> None:
        """Take in a block of shape (channels, samples)."""
        if self.total is None or len(self.total) != len(block):
            size = len(block)
            self.samples, self.total = 0, np.zeros(size)
            self.products, self.loudest = np.zeros((size, size)), np.zeros(size)
        wide = block.astype(np.float64)
        self.samples += block.shape[1]
        self.total += wide.sum(axis=1)
        self.products += wide @ wide.T
        size = np.abs(block)
        self.loud += int((size > LOUD).sum())
        self.full += int((size > FULL).sum())
        if block.shape[1]:
            # About the block's own mean: a constant offset is not sound.
            self.loudest = np.maximum(self.loudest, wide.std(axis=1))

    @property
    def channels(self) -> int:
        """Number of channels seen."""
        return 0 if self.total is None else len(self.total)

    @property
    def silent(self) -> tuple[bool, ...]:
        """Whether each channel stays below -60 dBFS in every half second."""
        return () if self.loudest is None else tuple(bool(level < SILENT) for level in self.loudest)

    @property
    def clipped(self) -> bool:
        """Whether many of the loud samples stand at full scale: the recorder cut the peaks off."""
        return self.full > CLIPPED * max(1, self.loud)

    @property
    def fake_stereo(self) -> bool:
        """Whether two channels carry the same mix.

        The correlation is over the whole call, so noise that a codec adds to
        each channel does not hide the mix. Levels must be alike as well: a
        channel that only leaks from the other is another signal.
        """
        if self.channels != 2 or any(self.silent):
            return False
        mean = self.total / self.samples
        spread = self.products / self.samples - np.outer(mean, mean)
        left, right = spread[0, 0], spread[1, 1]
        alike = abs(spread[0, 1]) / np.sqrt(left * right)
        return bool(alike > SAME_MIX and max(left, right) < SAME_LEVEL * min(left, right))


def probe(path: Path, *, max_hours: float = 4.0) -> Audio:
    """Return what a recording is; see ``examine``."""
    return examine(path, max_hours=max_hours)[0]


def examine(path: Path, *, max_hours: float = 4.0) -> tuple[Audio, tuple[str, ...]]:
    """Hear a recording once, keeping nothing, and say what it is.

    The length is what could be decoded, not what a header claims. More than
    two channels count as one, since they are mixed down.

    Returns
    -------
    tuple of Audio and tuple of str
        Facts, and notes on what is cut off, damaged, silent or mixed.

    Raises
    ------
    CallError
        Nothing can be decoded, all is silent, or it is longer than ``max_hours``.
    """
    progress, sums = Progress(), Sums()
    for block in blocks(path, progress, max_hours=max_hours):
        sums.add(block)
    _refuse_silence(path, sums)
    fake = sums.fake_stereo
    audio = Audio(
        duration_s=round(progress.decoded_s, 3),
        channels=1 if fake else sums.channels,
        sample_rate=progress.sample_rate,
        codec=progress.codec,
        fake_stereo=fake,
    )
    return audio, tuple(_notes(progress, sums))


def load(path: Path, *, max_hours: float = 4.0) -> np.ndarray:
    """Return the samples of a recording.

    Parameters
    ----------
    path : Path
        Audio or video; of a video the first sound track.
    max_hours : float
        Longest recording that is taken.

    Returns
    -------
    numpy.ndarray
        float32, shape (channels, samples), channels 1 or 2, at 16 kHz, in [-1, 1] and
        without a constant offset. Fake stereo comes as one channel, its louder one;
        more than two channels are averaged into one.

    Raises
    ------
    CallError
        As ``examine``.
    """
    progress, sums = Progress(), Sums()
    held = np.empty((0, 0), np.float32)
    used = 0
    for block in blocks(path, progress, max_hours=max_hours):
        sums.add(block)
        if len(block) != len(held):
            # The channels change within a file when streams were glued together: from there on, one mix.
            held, block = _fit(held, used, block, _expected(progress, max_hours))
        if used + block.shape[1] > held.shape[1]:
            held = _grown(held, used, used + block.shape[1])
        held[:, used : used + block.shape[1]] = block
        used += block.shape[1]
    _refuse_silence(path, sums)
    samples = held[:, :used]
    if sums.fake_stereo:
        samples = samples[int(np.argmax(np.diagonal(sums.products))) :][:1]
    for channel in samples:
        channel -= channel.mean(dtype=np.float64)
        np.clip(channel, -1.0, 1.0, out=channel)
    return samples


def _expected(progress: Progress, max_hours: float) -> int:
    return int(min(progress.stated_s or 60.0, max_hours * 3600) * RATE) + RATE


def _fit(held: np.ndarray, used: int, block: np.ndarray, expected: int) -> tuple[np.ndarray, np.ndarray]:
    if not used:
        return np.empty((len(block), max(expected, block.shape[1])), np.float32), block
    if len(held) == 1:
        return held, block.mean(axis=0, keepdims=True)
    return held, np.repeat(block, len(held), axis=0)


def _grown(held: np.ndarray, used: int, needed: int) -> np.ndarray:
    bigger = np.empty((len(held), max(needed, held.shape[1] * 5 // 4)), np.float32)
    bigger[:, :used] = held[:, :used]
    return bigger


def _refuse_silence(path: Path, sums: Sums) -> None:
    if all(sums.silent):
        todo = "Check that the recorder took the call's sound."
        raise CallError("is silent from beginning to end", where=str(path), todo=todo)


def _notes(progress: Progress, sums: Sums) -> list[str]:
    notes = list(progress.notes)
    stated, heard = progress.stated_s, progress.decoded_s
    first = progress.first_damage_s if progress.first_damage_s is not None else heard
    short = bool(stated) and heard < stated - max(1.0, 0.02 * stated)
    if stated and short and first < heard - 1.0:
        notes.append(
            f"The recording is damaged: only {clock(heard)} of {clock(stated)} could be decoded, "
            f"first fault at {clock(first)}."
        )
    elif stated and short:
        notes.append(f"The recording is cut off after {clock(heard)}; its header states {clock(stated)}.")
    elif progress.damaged:
        parts = "1 part" if progress.damaged == 1 else f"{progress.damaged} parts"
        notes.append(f"The recording is damaged: {parts} could not be decoded, the first at {clock(first)}.")
    if progress.gaps:
        places = "one place" if progress.gaps == 1 else f"{progress.gaps} places"
        notes.append(
            f"The recording skips {progress.skipped_s:.1f} s in {places}, first at "
            f"{clock(progress.first_gap_s)}; silence stands there."
        )
    if progress.channels > 2:
        notes.append(
            f"The recording has {progress.channels} channels, mixed into one: speakers are not told apart by channel."
        )
    if sums.fake_stereo:
        notes.append("Both channels carry the same sound; the recording counts as one channel.")
    if sums.clipped:
        notes.append(
            f"The recording is overdriven: {sums.full / sums.loud:.0%} of its loud sound is cut off at full scale, "
            "so words may be misheard."
        )
    if any(sums.silent):
        notes.append(f"The {_NAMES[sums.silent.index(True)]} channel is silent.")
    return notes
