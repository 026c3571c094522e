"""Everything that a detector asks about a conversation, in the order in which it is found out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ci_checker.behaviors import encoder, neighbors, turn_encoder
from ci_checker.errors import MissingError

if TYPE_CHECKING:
    import numpy as np

    from ci_checker.behaviors.classifier import Detector
    from ci_checker.behaviors.features import Instance, Said


def read(detector: Detector, turns: Sequence[Said]) -> tuple[list[Instance], tuple[np.ndarray, np.ndarray] | None]:
    """Return the instances of the judged turns, and what they mean where the detector asks for it (``meaning``).

    Raises MissingError where a model is absent, or is not the one that the detector was trained with.
    """
    if detector.acts and detector.acts != turn_encoder.labels():
        raise MissingError("the detectors were trained with another encoder", todo="Install ci-checker again.")
    items = turn_encoder.instances(turns, asked=bool(detector.acts))
    if neighbors.asked(detector):
        items = neighbors.add(turns, items)
    return items, meaning(turns, items) if detector.vectorizer.meant else None


def meaning(turns: Sequence[Said], items: Sequence[Instance], *, offset: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return what the instances of ``turns`` are about, and what they do there: unit vectors, (instances, 384) each.

    The first are of MiniLM, which tells topic; the second of the encoder that was fine-tuned to tell what a turn
    does in its place, which serves acts that it was not trained on too (measured: the behaviors card). ``offset``
    is the number of turns before the first one. What a text without words is about is the zero vector.
    """
    return encoder.vectors([item.text.lower() for item in items]), turn_encoder.states(turns, items, offset=offset)


def alone(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return what texts are about and what they do wherever they stand: unit vectors, (texts, 384) each."""
    lowered = [text.lower() for text in texts]
    return encoder.vectors(lowered), turn_encoder.alone(lowered)
