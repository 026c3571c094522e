"""The fine-tuned encoder's scores of the training turns, each by an encoder that had not seen its conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ci_checker.assets import card
from ci_checker.behaviors.features import Said
from ci_checker.errors import RequestError
from ci_checker.learn.dialogues import Conversation
from ci_checker.learn.turn_encoder.data import key_of

FOLDS, SEED = 3, 0
"""The folds, by file, that the scores are out of. The detectors are cross-validated in the same ones: then the
encoder that scored a turn has taught them nothing either, as it is with calls to come."""
FILE = "out-of-fold.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfFold:
    """Scores (labels,) by the key of a turn."""

    labels: tuple[str, ...]
    scores: dict[str, np.ndarray]

    def __call__(self, conversation: Conversation, said: Sequence[Said], offset: int) -> dict[int, np.ndarray]:
        """Return the scores of the judged turns; raises RequestError for a turn that the encoder was not built with."""
        try:
            return {index: self.scores[key_of(conversation, index)] for index, turn in enumerate(said) if turn.judged}
        except KeyError as problem:
            raise RequestError(
                f"the turn encoder was built without a turn of the conversation '{conversation.id}'",
                todo="Build it again: 'python -m ci_checker.learn.turn_encoder'.",
            ) from problem


def read(folder: Path) -> OutOfFold:
    """Read what the build left beside the encoder."""
    with np.load(folder / FILE, allow_pickle=False) as stored:
        keys, scores = stored["keys"], stored["scores"].astype(np.float32)
    return OutOfFold(labels=tuple(card(folder)["labels"]), scores=dict(zip(keys.tolist(), scores, strict=True)))
