"""Dialogue files turn into speakable pieces."""

from __future__ import annotations

from pathlib import Path
from random import Random

from ci_checker.learn.speech import dialogues


def test_turns_lose_labels_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "# a comment\n## a-1 | cold\nR[open-question,~recap]: How is Priya?\nP: she's good [laughs]\n"
        "G: what is it about\nP: We met Priya in 2024.\n\nR: It was priya who called, and Priya knew.\n",
        encoding="utf-8",
    )
    assert dialogues.turns([path]) == [
        "How is Priya?",
        "She's good.",
        "What is it about?",
        "We met Priya in twenty twenty-four.",
        "It was priya who called, and Priya knew.",
    ]


def test_unpunctuated_turns_get_the_capitals_that_other_turns_show(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("P: I know Tobias and Tobias knows me.\nR: hi tobias i called\n", encoding="utf-8")
    assert dialogues.turns([path])[1] == "Hi Tobias I called."


def test_chunks_keep_every_word_in_order_and_fit_a_window() -> None:
    turn = "One two. Three four five! " + " ".join(["six"] * 60) + ". Seven?"
    for seed in range(20):
        pieces = list(dialogues.chunks(turn, Random(seed)))
        assert " ".join(pieces).split() == turn.split()
        assert all(len(piece.split()) <= dialogues.LONGEST for piece in pieces)
