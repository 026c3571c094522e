"""Two voices on one channel, told apart by their sound: stage 3 for a recording in mono.

The words say where speech is. Windows of it are grouped in the space of the shipped speaker model
(``voices.py``, ``cluster.py``), then every word goes to a voice by how it sounds in this very call
(``allot.py``). What remains in doubt is given to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.model import Call, Role, Source, Speaker, Turn
from ci_checker.speakers import allot, recognize
from ci_checker.speakers.cluster import apart, grouped
from ci_checker.speakers.names import MIXED_NAME, UNSURE, voice_name
from ci_checker.speakers.pieces import Piece, pieces_of, rebuilt, stretches_of
from ci_checker.speakers.says import clock
from ci_checker.speakers.sound import frames_of
from ci_checker.speakers.voices import VoiceModel, Windows, voice_of, windows_of

VERSION: Final = 1
"""Raised whenever the same call would be told apart otherwise."""
TRIED: Final = "this was tried on synthetic voices only"
DISTANCE: Final = 4.0
"""Means of two voices must lie so far apart in the model's space ..."""
SPREAD: Final = 4.6
"""... and against their own spread; see ``cluster.apart``. Both chosen on synthetic voices that the
model was not fitted on, so that one voice alone is not taken for two."""
FEWEST_S: Final = 1.5
MOST_DOUBT: Final = 0.3
_ANCHOR_S: Final = 0.8
_FEWEST_ANCHORS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How many speak, and whose voices are known. ``enrolled`` are points of the same model."""

    speakers: int = 2
    enrolled: tuple[recognize.Enrolled, ...] = ()

    def key(self) -> str:
        """Return what the result depends on besides the words, the sound and the model."""
        return f"{VERSION}/{self.speakers}{recognize.key(self.enrolled)}"


def concerns(call: Call) -> bool:
    """Return whether a call is a recording whose one channel carries everybody."""
    return call.source is Source.AUDIO and bool(call.turns) and {t.speaker for t in call.turns} == {MIXED_NAME}


def tell_apart(call: Call, samples: NDArray[np.float32], model: VoiceModel, options: Options = Options()) -> Call:
    """Return the call with a voice for every turn, or as it was, with a note that says why.

    Parameters
    ----------
    call : Call
        With its turns, all of them of the speaker ``mixed``; any other call comes back as it is.
    samples : array of float32, shape (1, n) or (n,)
        The call's sound at 16 kHz.
    options : Options
        With one speaker nothing is told apart: that voice has said everything.
    """
    if not concerns(call):
        return call
    if options.speakers == 1:
        return _one_voice(call)
    frames = frames_of(np.asarray(samples, np.float32).reshape(-1))
    pieces = pieces_of(call.turns)
    windows = windows_of(frames, stretches_of(pieces), model)
    groups = _groups(windows, options.speakers)
    if groups is None or len({piece.turn for piece in pieces}) < len(call.turns):
        return _still_mixed(call, options.speakers)
    given = allot.to_voices(frames, pieces, windows, groups, options.speakers)
    given = _agreed(pieces, given, windows, groups)
    doubt = _share(pieces, [voice is None for voice in given])
    if len({voice for voice in given if voice is not None}) < 2 or doubt > MOST_DOUBT:
        return _still_mixed(call, options.speakers)
    points = {
        voice: voice_of(windows.points[groups == voice], windows.seconds[groups == voice])
        for voice in range(options.speakers)
        if (groups == voice).any()
    }
    known = recognize.among(points, options.enrolled, model, call.details.rep)
    return _told(call, pieces, given, known)


def _groups(windows: Windows, count: int) -> NDArray[np.intp] | None:
    """Return the voice of every window, ``None`` where the voices cannot be told apart."""
    long = windows.seconds >= _ANCHOR_S
    anchors = long if long.sum() >= _FEWEST_ANCHORS else np.ones(len(long), bool)
    if anchors.sum() < 2 * count:
        return None
    points, seconds = windows.points[anchors], windows.seconds[anchors]
    found = grouped(points, seconds, count)
    distance, spread = apart(points, seconds, found)
    heard = [seconds[found == group].sum() for group in range(count)]
    if distance < DISTANCE or spread < SPREAD or min(heard) < FEWEST_S:
        return None
    means = np.array([voice_of(points[found == group], seconds[found == group]) for group in range(count)])
    distances = np.square(windows.points[:, None] - means[None]).sum(axis=2)
    return np.asarray(distances.argmin(axis=1), np.intp)


def _agreed(
    pieces: Sequence[Piece], given: Sequence[int | None], windows: Windows, groups: NDArray[np.intp]
) -> list[int | None]:
    """Return the voices, without those of words that the window around them puts to another one."""
    middles = np.array([(piece.start_s + piece.end_s) / 2 for piece in pieces])
    kept = list(given)
    for (start, end), seconds, group in zip(windows.spans, windows.seconds, groups, strict=True):
        inside = np.flatnonzero((middles >= start) & (middles <= end))
        voices = {given[at] for at in inside}
        if seconds >= _ANCHOR_S and len(voices) == 1 and voices != {int(group)}:
            for at in inside:
                kept[at] = None
    return kept


def _one_voice(call: Call) -> Call:
    name = voice_name(0)
    turns = tuple(replace(turn, speaker=name) for turn in call.turns)
    return replace(call, turns=turns, speakers=(Speaker(name=name),))


def _still_mixed(call: Call, count: int) -> Call:
    note = f"{count} voices could not be told apart on the one channel, so it stays '{MIXED_NAME}' ({TRIED})"
    return replace(call, notes=(*call.notes, f"{note}."))


def _told(call: Call, pieces: Sequence[Piece], given: Sequence[int | None], known: recognize.Known | None) -> Call:
    heard = list(dict.fromkeys(voice for voice in given if voice is not None))
    names = {voice: voice_name(number) for number, voice in enumerate(heard)}
    if known is not None:
        names[known.voice] = known.name
    labels = [UNSURE if voice is None else names[voice] for voice in given]
    turns = rebuilt(call.turns, pieces, labels)
    speakers = []
    for name in dict.fromkeys(turn.speaker for turn in turns):
        is_rep = known is not None and name == known.name
        speakers.append(
            Speaker(name=name, role=Role.REP, reason=known.reason) if known and is_rep else Speaker(name=name)
        )
    notes = [f"One channel carries {len(names)} voices; they were told apart by their sound ({TRIED})."]
    notes += _in_doubt(turns)
    if known is not None:
        notes.append(f"{known.name} was recognized by an enrolled voice ({TRIED}).")
    return replace(call, turns=turns, speakers=tuple(speakers), notes=(*call.notes, *notes))


def _in_doubt(turns: Sequence[Turn]) -> list[str]:
    """Return a note that names the stretches given to nobody, the first few by their time."""
    places = [turn for turn in turns if turn.speaker == UNSURE]
    if not places:
        return []
    words = sum(len(turn.text.split()) for turn in places)
    timed = [f"{clock(t.start_s)}-{clock(t.end_s)}" for t in places if t.start_s is not None and t.end_s is not None]
    shown = ", ".join(timed[:4]) + (", …" if len(timed) > 4 else "")
    return [f"{words} word{'s' if words != 1 else ''} could be either voice's and count for nobody: {shown}."]


def _share(pieces: Sequence[Piece], chosen: Sequence[bool]) -> float:
    words = [len(piece.text.split()) for piece in pieces]
    return sum(count for count, each in zip(words, chosen, strict=True) if each) / max(1, sum(words))
