"""``bench long``: what memory hours of stereo take above the model, heard as ``ci-checker transcribe`` hears them."""

from __future__ import annotations

import shutil
import tempfile
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.bench import alone, audio
from ci_checker.errors import RequestError
from ci_checker.transcribe import models

Say = Callable[[str], None]
SHORTEST_H: Final = 0.01
LONGEST_H: Final = 4.0
MOST_ABOVE_MB: Final = 2000.0
_PIECE_S: Final = 600.0
_CHANNELS, _BYTES = 2, 2
_SPARE_MB: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Memory in millions of bytes, ``None`` where the system does not tell, and times in seconds.

    ``loaded_mb`` is held when the weights are loaded and nothing is heard; ``audio_s`` is what
    was decoded of the file, ``heard_s`` the time from opening it to its turns.
    """

    model: str
    loaded_mb: float | None
    peak_mb: float | None
    audio_s: float
    heard_s: float
    words: int

    @property
    def above_mb(self) -> float | None:
        """The most memory above the model's."""
        return None if self.loaded_mb is None or self.peak_mb is None else self.peak_mb - self.loaded_mb


def measure(hours: float, model: str, say: Say) -> Measured:
    """Measure in a process of its own and tell line by line.

    Parameters
    ----------
    hours : float
        Length of the call.
    model : str
        As ``--model`` of ``ci-checker transcribe``; nothing is downloaded.

    Raises
    ------
    RequestError
        For a length that nothing can be measured on, a model that does not exist, or a disk without room.
    MissingError
        If the model is not on this machine, or hearing fails.
    """
    # Turned around, so that what is no number at all is refused too.
    if not hours >= SHORTEST_H:
        raise RequestError("the call is too short to measure on", todo=f"Give --hours {SHORTEST_H:g} or more.")
    if hours > LONGEST_H:
        raise RequestError(f"the call is longer than {LONGEST_H:.0f} hours", todo="Give fewer --hours.")
    models.resolve(model, download=False)
    seconds = hours * 3600
    with tempfile.TemporaryDirectory(prefix="ci-checker-bench-") as folder:
        path = Path(folder) / "call.wav"
        _refuse_full(Path(folder), seconds)
        write(path, seconds, audio.call(min(seconds, _PIECE_S)))
        size = path.stat().st_size / 1e6
        say(
            f"A stereo call of {hours:g} h in a wav file of {size:.0f} MB, heard as 'ci-checker transcribe' does, "
            f"on {alone.cores()} cores."
        )
        told = alone.run("ci_checker.bench.heard", str(path), model, folder, what="hearing the call")
    found = Measured(**told)
    for each in lines(found):
        say(each)
    return found


def write(path: Path, seconds: float, piece: NDArray[np.float32]) -> None:
    """Write a wav file of 16 bits in which ``piece``, shape (2, n) at 16 kHz, is laid end to end."""
    frames = np.round(np.clip(piece.T, -1.0, 1.0) * 32767).astype("<i2")
    left = round(seconds * audio.RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(_CHANNELS)
        file.setsampwidth(_BYTES)
        file.setframerate(audio.RATE)
        file.setnframes(left)
        while left > 0:
            part = frames[:left]
            file.writeframesraw(part.tobytes())
            left -= len(part)


def lines(found: Measured) -> list[str]:
    """Return what is told of a measurement."""
    above = found.above_mb
    kept = "" if above is None else f"  ({'within' if above <= MOST_ABOVE_MB else 'over'} {MOST_ABOVE_MB:.0f} MB)"
    ratio = f"  ({found.audio_s / found.heard_s:.1f} x faster than spoken)" if found.heard_s > 0 else ""
    rows = [
        (f"memory, the model '{found.model}' loaded", alone.mb(found.loaded_mb), ""),
        ("peak memory", alone.mb(found.peak_mb), ""),
        ("above the model", alone.mb(above), kept),
        ("audio", f"{found.audio_s:.1f} s", ""),
        ("hearing", f"{found.heard_s:.1f} s", ratio),
        ("words that came", str(found.words), "" if found.words else "  (the model writes nothing for this audio)"),
    ]
    return [f"{title:<46}{value:>10}{more}" for title, value, more in rows]


def _refuse_full(folder: Path, seconds: float) -> None:
    needed = seconds * audio.RATE * _CHANNELS * _BYTES / 1e6 + _SPARE_MB
    free = shutil.disk_usage(folder).free / 1e6
    if free < needed:
        what = f"the call takes {needed:.0f} MB and the folder for temporary files has {free:.0f} MB free"
        raise RequestError(what, where=str(folder.parent), todo="Set TMPDIR to another folder, or give fewer --hours.")
