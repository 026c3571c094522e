"""``python -m ci_checker.learn.speech`` with requests that make no sense, and dialogues of odd shapes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import __main__ as command
from ci_checker.learn.speech import dialogues, evaluate
from ci_checker.learn.speech.dialogues import LONGEST, chunks, turns, written_form


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if both synthesizers were there, and nothing is ever begun."""

    def never(*given: object, **options: object) -> None:
        raise AssertionError("the work began before the request was looked at")

    monkeypatch.setattr(command, "available", lambda engine: True)
    monkeypatch.setattr(command, "train", never)
    monkeypatch.setattr(command.corpus, "speak_all", never)
    monkeypatch.setattr(evaluate, "listen", never)


@pytest.mark.parametrize("content", [None, b"", b"no checkpoint"], ids=["none", "empty", "damaged"])
def test_a_checkpoint_that_cannot_be_loaded_is_one_line(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.pt"
    if content is not None:
        path.write_bytes(content)
    assert command.main(["evaluate", "--model", str(path)]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err == f"{path}: there is no checkpoint that Whisper can load\n"


@pytest.mark.parametrize(
    "given",
    [
        ["evaluate", "--every", "0"],
        ["evaluate", "--every", "-2"],
        ["evaluate", "--threads", "0"],
        ["build", "--threads", "0"],
        ["build", "--minutes", "0"],
        ["build", "--minutes", "nan"],
        ["build", "--minutes", "-5"],
    ],
)
def test_nothing_of_something_is_a_usage_error(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(given)
    assert ended.value.code == 2
    assert "threads, minutes and every nth sentence must be more than nothing" in capsys.readouterr().err


def test_a_team_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["build", "--team", str(tmp_path / "nowhere"), "--work", str(tmp_path / "work")]) == 2
    told = capsys.readouterr()
    assert told.out == "" and len(told.err.splitlines()) == 1 and "nowhere" in told.err
    assert not (tmp_path / "work").exists()


# --- dialogues ------------------------------------------------------------------------------------


def spoken(folder: Path, text: str) -> list[str]:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return turns([folder / "a.txt"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("R: Hello there.", ["Hello there."]),
        ("  P1[x]:   Hello there.  ", ["Hello there."]),
        ("R: what is it", ["What is it?"]),
        ("R: is that so", ["Is that so?"]),
        ("R: island life", ["Island life."]),
        ("R: i think i'm in", ["I think I'm in."]),
        ("R: one. two. three", ["One. Two. Three."]),
        ("R: wait", ["Wait."]),
        ("R: stop!", ["Stop!"]),
        ("R: (sighs) <unclear> [laughs]", []),
        ("R: ...", []),
        ("R:", []),
        ("r: lower", []),
        ("Rep: long", []),
        ("## a | cold", []),
        ("# R: remark", []),
        ("R: It costs $1.5 million, or 10.", ["It costs one point five million dollars, or ten."]),
    ],
)
def test_a_line_becomes_what_is_said(line: str, said: list[str], tmp_path: Path) -> None:
    assert spoken(tmp_path, f"{line}\n") == said


@pytest.mark.parametrize(
    ("shown", "plain", "found"),
    [
        ("I met Okafor. So Okafor said it.", "okafor called", "Okafor called."),
        ("I met Okafor's team.", "okafor's team called", "Okafor's team called."),
        ("Okafor called. Okafor left.", "okafor called", "Okafor called."),  # first words show nothing but are raised
        ("We use a CRM. The CRM broke.", "our crm broke", "Our CRM broke."),
        ("I met Mark. A mark is a mark.", "see mark", "See mark."),  # mostly written small
    ],
)
def test_capitals_are_learned_from_within_sentences(shown: str, plain: str, found: str, tmp_path: Path) -> None:
    assert spoken(tmp_path, f"R: {shown}\nR: {plain}\n")[1] == found


def test_a_text_that_has_capitals_keeps_its_own() -> None:
    assert written_form("We met okafor", {"okafor": "Okafor"}) == "We met okafor."
    assert written_form("", {}) == ""


@given(lines=some.lists(some.from_regex(r"[RPG]: [a-zA-Z0-9 .,?!'$%-]{1,40}", fullmatch=True), max_size=4))
@settings(max_examples=40, deadline=None)
def test_every_turn_begins_with_its_capital_and_ends_with_a_mark(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    for text in spoken(tmp_path_factory.mktemp("talk"), "\n".join(lines)):
        assert text[-1] in ".?!"
        first = next(letter for letter in text if letter.isalpha())
        assert first.isupper() or not text[0].isalpha()


@given(some.lists(some.integers(1, 70), min_size=1, max_size=8), some.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_pieces_fit_a_window_and_lose_no_word(lengths: list[int], seed: int) -> None:
    turn = " ".join(" ".join(["go"] * length) + "." for length in lengths)
    pieces = list(chunks(turn, Random(seed)))
    assert " ".join(pieces) == turn
    assert all(1 <= len(piece.split()) <= LONGEST for piece in pieces)
    assert all(piece.count(".") <= 4 for piece in pieces)


def test_a_long_sentence_is_cut_evenly() -> None:
    sizes = [len(piece.split()) for piece in chunks(" ".join(["go"] * (2 * LONGEST + 2)), Random(1))]
    assert sum(sizes) == 2 * LONGEST + 2 and max(sizes) - min(sizes) <= 2


def test_nothing_is_cut_into_nothing() -> None:
    assert list(chunks("", Random(1))) == [] and dialogues.turns([]) == []
