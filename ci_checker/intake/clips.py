"""Short clips of a recording, small enough to stand beside a quote in a report."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ci_checker.errors import CallError, RequestError
from ci_checker.intake.decode import RATE, opened
from ci_checker.intake.text import clock

MIME = "audio/mpeg"
SUFFIX = ".mp3"
BIT_RATE = 32_000
# Some formats land late after a seek; decoding starts this much before the place wanted.
LEAD_S = 1.0


def cut(
    path: Path,
    start_s: float,
    end_s: float,
    *,
    pad_s: float = 0.4,
    silent: Sequence[tuple[float, float]] = (),
) -> bytes:
    """Return a part of a recording as a mono mp3 at 16 kHz.

    Parameters
    ----------
    path : Path
        Audio or video.
    start_s, end_s : float
        Seconds from the start of the call.
    pad_s : float
        Seconds added on both sides, as far as the recording goes.
    silent : sequence of (float, float)
        Stretches to silence, in seconds from the start of the call.

    Returns
    -------
    bytes
        An mp3 file of about 4 kB a second.

    Raises
    ------
    RequestError
        The end does not come after the start.
    CallError
        The recording cannot be read, or ends before ``start_s``.
    """
    if not 0 <= start_s < end_s:
        raise RequestError(f"a clip from {start_s:g} s to {end_s:g} s is no stretch of time", where=str(path))
    begin, stop = max(0.0, start_s - pad_s), end_s + pad_s
    samples = _between(path, begin, stop, seek=True)
    if samples is None:
        samples = _between(path, begin, stop, seek=False)
    if samples is None or not samples.size:
        raise CallError(f"has no sound at {clock(start_s)}", where=str(path))
    if silent:
        samples = samples.copy()
        for first, last in silent:
            samples[max(0, int((first - begin) * RATE)) : max(0, math.ceil((last - begin) * RATE))] = 0.0
    return _encode(samples)


def _between(path: Path, begin: float, stop: float, *, seek: bool) -> np.ndarray | None:
    """Return mono samples, or ``None`` where seeking did not lead to the place."""
    import av

    parts: list[np.ndarray] = []
    resampler: Any = None
    first: float | None = None
    with opened(path) as (container, stream):
        origin = float((stream.start_time or 0) * stream.time_base)
        heard = 0.0
        if seek and begin > LEAD_S:
            try:
                container.seek(int((begin - LEAD_S + origin) / stream.time_base), stream=stream)
            except (av.error.FFmpegError, OverflowError):
                return None
        for frame in _decoded(container, stream):
            at = float(frame.pts * frame.time_base) - origin if frame.pts is not None else None
            if at is None and seek:
                return None
            at = heard if at is None else at
            heard = at + frame.samples / frame.sample_rate
            if heard <= begin:
                continue
            if at >= stop:
                break
            if first is None:
                first = at
                if seek and at > begin + 0.5 and begin > LEAD_S:
                    return None
                resampler = av.AudioResampler(format="fltp", layout=frame.layout, rate=RATE)
            frame.pts = None
            parts += [_mono(part) for part in resampler.resample(frame)]
        if resampler is not None:
            parts += [_mono(part) for part in resampler.resample(None)]
    if first is None:
        return None
    samples = np.concatenate(parts)
    skip = max(0, round((begin - first) * RATE))
    return samples[skip : skip + round((stop - begin) * RATE)]


def _decoded(container: Any, stream: Any) -> Any:
    import av

    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            continue


def _mono(frame: Any) -> np.ndarray:
    samples = np.nan_to_num(frame.to_ndarray(), nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(samples.mean(axis=0, dtype=np.float32), -1.0, 1.0)


def _encode(samples: np.ndarray) -> bytes:
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis].astype(np.float32), format="fltp", layout="mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return buffer.getvalue()
