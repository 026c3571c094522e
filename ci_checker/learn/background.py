"""Write ``background.txt`` beside the model: what reps say all day, against which a team's few examples are set.

``python -m ci_checker.learn.background`` reads the training dialogues and trains nothing. A line is
``labels<tab>text``, so that a behavior can be fitted without the turns that show its own kind;
``background.npy`` holds what they mean (``reading.alone``), both parts side by side.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ci_checker.behaviors import reading
from ci_checker.behaviors.examples import BACKGROUND, VECTORS
from ci_checker.learn.dialogues import Conversation, LabelledTurn, read_all
from ci_checker.model import Role

TURNS = 360
LEAST_WORDS, MOST_WORDS = 3, 45


def sample(conversations: Sequence[Conversation], *, most: int = TURNS, seed: int = 0) -> list[LabelledTurn]:
    """Return at most one turn of a rep a conversation, of ``most`` conversations, in their order.

    One a conversation, so that no invented company stands for all; a turn that careful readers
    would label otherwise is left out.
    """
    random = np.random.default_rng(seed)
    fit = [[t for t in c.turns if _fits(t)] for c in conversations]
    there = [turns for turns in fit if turns]
    chosen = sorted(random.permutation(len(there))[:most])
    found = [there[i][int(random.integers(len(there[i])))] for i in chosen]
    return list({turn.text.lower(): turn for turn in found}.values())


def _fits(turn: LabelledTurn) -> bool:
    length = len(turn.text.split())
    return (
        turn.role is Role.REP
        and not turn.open
        and LEAST_WORDS <= length <= MOST_WORDS
        and not {"\t", "\n"} & set(turn.text)
    )


def write(conversations: Sequence[Conversation], out: Path) -> int:
    """Write the sample beside the model, and return how many turns it holds."""
    turns = sample(conversations)
    lines = [f"{','.join(sorted(t.labels or ()))}\t{t.text}" for t in turns]
    (out / BACKGROUND).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    meant = np.hstack(reading.alone([t.text for t in turns])).astype(np.float16)
    np.save(out / VECTORS, meant, allow_pickle=False)
    return len(turns)


def main() -> None:
    """Write, and say how much."""
    parser = argparse.ArgumentParser(description=__doc__)
    data = Path("models/behaviors/data")
    parts = [data / name for name in ("train", "calls", "plain", "phrases", "later")]
    parser.add_argument("--data", type=Path, nargs="+", default=parts)
    parser.add_argument("--out", type=Path, default=Path("models/behaviors"))
    options = parser.parse_args()
    print(f"{write(read_all(options.data), options.out)} turns in {options.out / BACKGROUND}")


if __name__ == "__main__":
    main()
