"""What reps say all day, against which a team's few examples are set."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ci_checker.assets import find_model
from ci_checker.behaviors import encoder, reading
from ci_checker.behaviors.examples import BACKGROUND, VECTORS
from ci_checker.learn import background
from ci_checker.learn.dialogues import Conversation, LabelledTurn
from ci_checker.model import Role


def turn(text: str, role: Role = Role.REP, *labels: str, unsure: tuple[str, ...] = ()) -> LabelledTurn:
    return LabelledTurn(role=role, text=text, labels=frozenset(labels), open=frozenset(unsure))


def talk(name: str, *turns: LabelledTurn) -> Conversation:
    return Conversation(id=name, kind="", turns=turns)


FIT = "we looked at the third one"


def test_only_plain_turns_of_reps_are_taken() -> None:
    talks = [
        talk("a", turn(FIT), turn("I said this", Role.PROSPECT), turn("okay then"), turn("word " * 46)),
        talk("b", turn("is this one unsure", unsure=("recap",)), turn("tabs\tare not lines")),
    ]
    assert [t.text for t in background.sample(talks)] == [FIT]


def test_one_a_conversation_each_text_once_and_always_the_same() -> None:
    talks = [talk(str(i), turn(f"this is number {i // 2}"), turn(f"and here is {i // 2}")) for i in range(40)]
    first = background.sample(talks, most=30)
    assert first == background.sample(talks, most=30)
    assert len({t.text for t in first}) == len(first) <= 30


def test_lines_carry_labels_and_vectors_belong_to_them(tmp_path: Path) -> None:
    talks = [talk("a", turn(FIT, Role.REP, "recap", "a-b")), talk("b", turn("Another One here"))]
    assert background.write(talks, tmp_path) == 2
    assert (tmp_path / BACKGROUND).read_text() == f"a-b,recap\t{FIT}\n\tAnother One here\n"
    vectors = np.load(tmp_path / VECTORS)
    assert np.allclose(vectors, np.hstack(reading.alone([FIT, "another one here"])), atol=1e-3)


def test_the_shipped_one_is_a_few_hundred_turns() -> None:
    folder = find_model("behaviors")
    lines = (folder / BACKGROUND).read_text(encoding="utf-8").splitlines()
    assert 200 <= len(lines) <= 500
    assert np.load(folder / VECTORS).shape == (len(lines), 2 * encoder.SIZE)
    assert sum(line.startswith("\t") for line in lines) > len(lines) / 3
