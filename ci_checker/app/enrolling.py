"""A rep's voice out of earlier calls: the channel told who spoke, the transcript when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ci_checker.app.progress import Progress
from ci_checker.errors import CallError, RequestError
from ci_checker.intake.text import counted
from ci_checker.model import Call, Role, Source
from ci_checker.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ci_checker.speakers.voices import VoiceModel

CHANNELS = ("left", "right")
MOST_CALLS = 10
FEWEST_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the calls gave: a point of the model's space, seconds of speech, the calls' sha256."""

    point: tuple[float, ...]
    seconds: float
    calls: tuple[str, ...]


def heard_of(rep: str, settings: Settings, model: VoiceModel, progress: Progress) -> Heard:
    """Return a rep's voice from the latest calls, ten at most, whose channel told who it was.

    A call that sounds like somebody else than the rest is left out, and said. Raises RequestError where
    there is no such call, or too little speech in them.
    """
    import numpy as np

    found: list[tuple[Call, NDArray[np.float64], float]] = []
    calls = list(_calls(rep, settings))[:MOST_CALLS]
    progress.calls(len(calls))
    for index, (call, channel) in enumerate(calls):
        progress.call_started(call.path, index)
        line = "done"
        try:
            heard = _point(call, channel, settings, model)
            found += [(call, *heard)] if heard else []
        except CallError as problem:
            line = problem.line
        progress.call_done(call.path, line)
    found = _alike(found, model, progress)
    seconds = sum(each for _, _, each in found)
    if seconds < FEWEST_S:
        have = f"{seconds:.0f} s in {counted(len(found), 'call')}" if found else "there are none"
        raise RequestError(
            f"too little of {rep}'s voice is known: two-channel calls on this disk with {rep} as the rep "
            f"must hold {FEWEST_S:.0f} s of their speech, and {have}",
            todo="Run 'ci-checker batch' over such calls first.",
        )
    point = np.average([each for _, each, _ in found], axis=0, weights=[each for _, _, each in found])
    return Heard(
        point=tuple(round(float(value), 4) for value in point),
        seconds=seconds,
        calls=tuple(call.sha256 for call, _, _ in found),
    )


def _calls(rep: str, settings: Settings) -> Iterator[tuple[Call, int]]:
    """Yield the rep's two-channel recordings that are still there, the latest first, and the rep's channel."""
    from ci_checker.store import open_store

    with open_store(settings.store_location()) as store:
        scored = store.latest_scores(rep)
    for each in reversed(scored):
        call = each.call
        mine = [s.name for s in call.speakers if s.role is Role.REP and s.name in CHANNELS]
        two = call.source is Source.AUDIO and call.audio is not None and call.audio.channels == 2
        if two and len(mine) == 1 and Path(call.path).is_file():
            yield call, CHANNELS.index(mine[0])


def _point(call: Call, channel: int, settings: Settings, model: VoiceModel) -> tuple[NDArray[np.float64], float] | None:
    from ci_checker import intake
    from ci_checker.intake import audio
    from ci_checker.speakers.pieces import pieces_of, stretches_of
    from ci_checker.speakers.sound import frames_of
    from ci_checker.speakers.voices import voice_of, windows_of

    path = Path(call.path)
    if intake.fingerprint(path) != call.sha256:
        raise CallError("is not the recording any more that was scored", where=call.path)
    samples = audio.load(path, max_hours=settings.max_hours)
    if len(samples) != len(CHANNELS):
        return None
    own = [turn for turn in call.turns if turn.speaker == CHANNELS[channel]]
    windows = windows_of(frames_of(samples[channel]), stretches_of(pieces_of(own)), model)
    if len(windows.spans) < 2:
        return None
    return voice_of(windows.points, windows.seconds), windows.length_s


def _alike(
    found: list[tuple[Call, NDArray[np.float64], float]], model: VoiceModel, progress: Progress
) -> list[tuple[Call, NDArray[np.float64], float]]:
    """Leave out calls that sound like somebody else, where there are enough others to tell."""
    import numpy as np

    if len(found) < 3:
        return found
    middle = np.median([point for _, point, _ in found], axis=0)
    kept = []
    for call, point, seconds in found:
        if model.likeness(point, middle) > 0:
            kept.append((call, point, seconds))
        else:
            progress.message(f"{call.path}: left out, since the voice is unlike that of the other calls.")
    return kept
