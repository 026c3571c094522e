"""Score conversations that were written after the shipped encoder was trained, which has not seen them.

``python -m ci_checker.learn.turn_encoder.extend`` adds their turns to ``out-of-fold.npz``, so that the detectors
can learn from them without an hour of training. The next build of the encoder learns from them too.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from ci_checker.assets import card, sha256_of
from ci_checker.behaviors import turn_encoder
from ci_checker.errors import RequestError
from ci_checker.learn import behaviors, turns
from ci_checker.learn.turn_encoder import out_of_fold
from ci_checker.learn.turn_encoder.data import key_of

LATER = "Turns written later are scored by it as it ships: `python -m ci_checker.learn.turn_encoder.extend`."


def extend(data: Path, folder: Path) -> int:
    """Score every labelled turn under ``data`` that ``folder`` has no score of; return how many there were.

    Raises RequestError for a conversation of which the encoder knows a part.
    """
    known = out_of_fold.read(folder)
    keys, scores = list(known.scores), list(known.scores.values())
    for conversation in behaviors.corpus(data).conversations:
        said = turns.as_said(conversation, None)
        there = {key_of(conversation, i) in known.scores for i, turn in enumerate(said) if turn.judged}
        if there == {True}:
            continue
        if True in there:
            raise RequestError(
                f"the conversation '{conversation.id}' was changed after the encoder was trained on it",
                where=str(data / conversation.file),
                todo="Build the encoder again: 'python -m ci_checker.learn.turn_encoder'.",
            )
        offset = turns.EXCERPT_OFFSETS.get(conversation.kind, 0)
        for index, found in turn_encoder.scores(said, offset=offset).items():
            key = key_of(conversation, index)
            if key not in known.scores:
                keys.append(key)
                scores.append(found)
    added = len(keys) - len(known.scores)
    if added:
        path = folder / out_of_fold.FILE
        np.savez_compressed(path, keys=np.array(keys), scores=np.array(scores, dtype=np.float16))
        _note(folder, path)
    return added


def _note(folder: Path, path: Path) -> None:
    """Put the file's new sha256 into both cards, and into the one for people how it came about."""
    was, now = card(folder)["files"][path.name], sha256_of(path)
    for name in ("card.json", "MODEL_CARD.md"):
        told = (folder / name).read_text(encoding="utf-8").replace(was, now)
        if LATER not in told:
            told = told.replace("\n\n## Recipe", f" {LATER}\n\n## Recipe", 1)
        (folder / name).write_text(told, encoding="utf-8")


def main() -> None:
    """Extend, and say by how much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("models/behaviors/data"))
    parser.add_argument("--out", type=Path, default=Path("models/turn-encoder"))
    options = parser.parse_args()
    print(json.dumps({"turns added": extend(options.data, options.out)}))


if __name__ == "__main__":
    main()
