"""Every word to a voice: models of each voice from this very call, then the likeliest course of the talk.

The mixture of Gaussians a voice and the alternation of refitting and reassigning are the classical
way (Meignier and others 2006); the posterior of a word is that of a hidden Markov chain
(forward-backward), so that a word between pauses is carried by its neighbors only as far as a voice
tends to go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ci_checker.speakers.mixture import Mixture, fit_mixture
from ci_checker.speakers.pieces import Piece
from ci_checker.speakers.sound import Frames
from ci_checker.speakers.voices import Windows, spoken_rows

SURE: Final = 0.9
"""A word of which no voice is as likely as this is given to nobody."""
_ROUNDS: Final = 3
_SCALE: Final = 0.02
"""What one frame's log-likelihood counts: frames 10 ms apart say nearly the same, and the mixtures are
surer of what they were fitted on than they should be."""
_CHANGE_OPEN, _CHANGE_CLOSED = 0.35, 0.01
_MOST_ROWS: Final = 30_000


def to_voices(
    frames: Frames, pieces: Sequence[Piece], windows: Windows, groups: NDArray[np.intp], count: int
) -> list[int | None]:
    """Return the voice of every piece, ``None`` where it is in doubt.

    Parameters
    ----------
    windows, groups : Windows and array, shape (windows,)
        Where the voices were first found, and whose each window is.
    count : int
        How many voices there are.
    """
    table = _table(frames)
    loud = spoken_rows(frames)
    rows = [_rows(frames, loud, piece.start_s, piece.end_s) for piece in pieces]
    owners = np.full(len(frames), -1, np.intp)
    for (start, end), group in zip(windows.spans, groups, strict=True):
        owners[frames.between(start, end)] = group
    owners[~loud] = -1
    chances = np.full((len(pieces), count), 1.0 / count)
    for _ in range(_ROUNDS):
        mixtures = [_fitted(table, np.flatnonzero(owners == voice)) for voice in range(count)]
        if any(mixture is None for mixture in mixtures):
            return [None] * len(pieces)
        scores = np.array([_score(table, each, mixtures) for each in rows])
        chances = posteriors(scores, [piece.opens for piece in pieces])
        owners[:] = -1
        for each, chance in zip(rows, chances, strict=True):
            if chance.max() >= SURE:
                owners[each] = int(chance.argmax())
    return [int(chance.argmax()) if chance.max() >= SURE else None for chance in chances]


def posteriors(scores: NDArray[np.float64], opens: Sequence[bool]) -> NDArray[np.float64]:
    """Return how likely each voice has said each piece, shape (pieces, voices), by forward-backward.

    ``scores`` (pieces, voices) are log-likelihoods; ``opens`` tells where a voice may well change.
    """
    number, count = scores.shape
    if number == 0:
        return np.zeros((0, count))
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    steps = [_step(count, _CHANGE_OPEN if each else _CHANGE_CLOSED) for each in opens]
    forward = np.zeros_like(likely)
    backward = np.ones_like(likely)
    forward[0] = likely[0] / likely[0].sum()
    for at in range(1, number):
        now = (forward[at - 1] @ steps[at]) * likely[at]
        forward[at] = now / now.sum()
    for at in range(number - 2, -1, -1):
        now = steps[at + 1] @ (likely[at + 1] * backward[at + 1])
        backward[at] = now / now.sum()
    both = forward * backward
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def _step(count: int, change: float) -> NDArray[np.float64]:
    step = np.full((count, count), change / max(1, count - 1))
    np.fill_diagonal(step, 1.0 - change)
    return step


def _table(frames: Frames) -> NDArray[np.float64]:
    """Return what the mixtures read, shape (frames, CEPSTRA): the cepstra about this call's mean."""
    cepstra = frames.cepstra.astype(np.float64)
    spread = cepstra.std(axis=0) + 1e-6
    return (cepstra - cepstra.mean(axis=0)) / spread


def _rows(frames: Frames, loud: NDArray[np.bool_], start_s: float, end_s: float) -> NDArray[np.intp]:
    where = frames.between(start_s, end_s)
    return np.flatnonzero(loud[where]) + where.start


def _fitted(table: NDArray[np.float64], rows: NDArray[np.intp]) -> Mixture | None:
    if len(rows) < 60:
        return None
    return fit_mixture(table[rows[:: max(1, len(rows) // _MOST_ROWS)]])


def _score(table: NDArray[np.float64], rows: NDArray[np.intp], mixtures: Sequence[Mixture | None]) -> list[float]:
    if not len(rows):
        return [0.0] * len(mixtures)
    return [_SCALE * float(mixture.log_likelihood(table[rows]).sum()) if mixture else 0.0 for mixture in mixtures]
