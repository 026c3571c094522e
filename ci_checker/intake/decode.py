"""Streaming decode by PyAV: blocks of 16 kHz samples, whatever the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ci_checker.errors import CallError
from ci_checker.intake.text import clock

if TYPE_CHECKING:
    import av

RATE = 16_000
BLOCK = 8_000
GAP_S = 0.25
LONGEST_GAP_S = 900.0


@dataclass(slots=True, kw_only=True)
class Progress:
    """What is learned of a file while its blocks go by. Times in seconds."""

    codec: str = "unknown"
    sample_rate: int = 0
    channels: int = 0
    stated_s: float | None = None
    decoded_s: float = 0.0
    damaged: int = 0
    frames: int = 0
    first_damage_s: float | None = None
    gaps: int = 0
    skipped_s: float = 0.0
    first_gap_s: float = 0.0
    notes: list[str] = field(default_factory=list)


@contextmanager
def opened(path: Path) -> Iterator[tuple[av.container.InputContainer, Any]]:
    """Open a file at its first audio stream.

    Raises
    ------
    CallError
        The file is no recording, is cut off before its index, or has no audio.
    """
    import av

    av.logging.set_level(av.logging.PANIC)
    where = str(path)
    try:
        container = av.open(where, metadata_errors="replace")
    except FileNotFoundError:
        raise CallError("there is no such file", where=where) from None
    except (av.error.FFmpegError, ValueError, OSError):
        what = "cannot be opened as a recording: it is damaged, cut off, encrypted, or no recording at all"
        raise CallError(what, where=where, todo="Play it in a media player, or export it again.") from None
    with container:
        if not container.streams.audio:
            what = "is a video without a sound track" if container.streams.video else "holds no sound"
            raise CallError(what, where=where)
        stream = container.streams.audio[0]
        if stream.codec_context is None:
            raise CallError("holds sound in a codec that cannot be decoded", where=where, todo="Export it as wav.")
        yield container, stream


def blocks(path: Path, progress: Progress, *, max_hours: float) -> Iterator[np.ndarray]:
    """Decode a recording, block by block.

    Parameters
    ----------
    path : Path
        Audio or video.
    progress : Progress
        Filled as the blocks go by.
    max_hours : float
        Longest recording that is taken, in hours.

    Yields
    ------
    numpy.ndarray
        float32, shape (channels, samples) with channels 1 or 2, at 16 kHz, finite. More than
        two channels are averaged into one. Silence stands where the file skips time.

    Raises
    ------
    CallError
        Nothing can be decoded, or the recording is longer than ``max_hours``.
    """
    with opened(path) as (container, stream):
        _describe(progress, container, stream)
        _refuse_long(path, progress.stated_s, max_hours, size=path.stat().st_size)
        done = 0
        for block in _resampled(container, stream, progress):
            done += block.shape[1]
            progress.decoded_s = done / RATE
            if progress.decoded_s > max_hours * 3600:
                raise _too_long(path, max_hours)
            yield block
    if not done or progress.damaged > progress.frames:
        raise CallError("nothing in it can be decoded as sound", where=str(path), todo="Export it again.")


def _describe(progress: Progress, container: Any, stream: Any) -> None:
    context = stream.codec_context
    progress.codec = context.name
    progress.sample_rate = int(context.sample_rate or 0)
    progress.channels = int(context.channels or 0)
    if stream.duration is not None and stream.time_base is not None:
        progress.stated_s = float(stream.duration * stream.time_base)
    elif container.duration is not None:
        progress.stated_s = container.duration / 1e6
    claimed = _wav_claim(Path(container.name)) if "wav" in container.format.name else None
    progress.stated_s = claimed or progress.stated_s


def _wav_claim(path: Path) -> float | None:
    """Return the seconds that a wav header states: the decoder's own figure is already cut to the file."""
    with path.open("rb") as file:
        if file.read(4) != b"RIFF":
            return None
        file.seek(12)
        byte_rate = 0
        for _ in range(64):
            head = file.read(8)
            if len(head) < 8:
                return None
            size = int.from_bytes(head[4:], "little")
            if head[:4] == b"data":
                # Recorders that stream write a placeholder, since they cannot know the size.
                return size / byte_rate if byte_rate and 0 < size < 0x7FFF0000 else None
            body = file.read(min(size, 16))
            if head[:4] == b"fmt ":
                byte_rate = int.from_bytes(body[8:12], "little")
            file.seek(size + size % 2 - len(body), 1)
    return None


def _refuse_long(path: Path, stated_s: float | None, max_hours: float, *, size: int) -> None:
    """Refuse early what is too long by its header, unless the file is far too small for that."""
    if stated_s and stated_s > max_hours * 3600 and size * 8 / stated_s > 2000:
        raise _too_long(path, max_hours, stated_s)


def _too_long(path: Path, max_hours: float, length_s: float | None = None) -> CallError:
    length = f" ({clock(length_s)})" if length_s else ""
    what = f"is longer than {max_hours:g} hours{length}"
    return CallError(what, where=str(path), todo="Cut it into calls, or raise the limit.")


def _resampled(container: Any, stream: Any, progress: Progress) -> Iterator[np.ndarray]:
    import av

    resampler, shape = None, None
    origin: float | None = None
    heard_s = 0.0
    for frame in _frames(container, stream, progress):
        progress.frames += 1
        if frame.is_corrupt:
            _damage(progress)
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        gap = 0.0
        if frame.pts is not None and frame.time_base is not None:
            at = float(frame.pts * frame.time_base)
            origin = at if origin is None else origin
            gap = at - origin - heard_s
        if resampler is not None and (now != shape or GAP_S < gap <= LONGEST_GAP_S):
            yield from (_samples(part) for part in resampler.resample(None))
            resampler = None
        if GAP_S < gap <= LONGEST_GAP_S:
            _skip(progress, heard_s, gap)
            heard_s += gap
            channels = progress.channels if progress.channels <= 2 else 1
            yield np.zeros((channels, round(gap * RATE)), np.float32)
        if resampler is None:
            resampler = av.AudioResampler(format="fltp", layout=frame.layout, rate=RATE, frame_size=BLOCK)
            shape = now
        heard_s += frame.samples / frame.sample_rate
        frame = _finite(frame)
        frame.pts = None
        yield from (_samples(part) for part in resampler.resample(frame))
    if resampler is not None:
        yield from (_samples(part) for part in resampler.resample(None))


def _frames(container: Any, stream: Any, progress: Progress) -> Iterator[Any]:
    import av

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except (av.error.FFmpegError, OSError):
            _damage(progress)
            return
        try:
            yield from packet.decode()
        except av.error.EOFError:
            return
        except (av.error.FFmpegError, ValueError):
            _damage(progress)


def _damage(progress: Progress) -> None:
    progress.damaged += 1
    if progress.first_damage_s is None:
        progress.first_damage_s = progress.decoded_s


def _skip(progress: Progress, at_s: float, gap_s: float) -> None:
    if not progress.gaps:
        progress.first_gap_s = at_s
    progress.gaps += 1
    progress.skipped_s += gap_s


def _finite(frame: Any) -> Any:
    """Return the frame with NaN and infinity as silence: one such sample would spread in the resampler."""
    import av

    if frame.format.name not in {"flt", "fltp", "dbl", "dblp"}:
        return frame
    samples = frame.to_ndarray()
    if np.isfinite(samples).all():
        return frame
    samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    cleaned = av.AudioFrame.from_ndarray(samples, format=frame.format.name, layout=frame.layout.name)
    cleaned.sample_rate = frame.sample_rate
    return cleaned


def _samples(frame: Any) -> np.ndarray:
    samples = frame.to_ndarray().astype(np.float32, copy=False)
    if samples.shape[0] > 2:
        samples = samples.mean(axis=0, keepdims=True, dtype=np.float32)
    return np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
