"""The card of the checkpoint: it tells of the very file, and people read the same in words."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import card, evaluate, export  # noqa: E402
from ci_checker.learn.speech.network import Network, dimensions  # noqa: E402
from ci_checker.learn.speech.voices import VOICES  # noqa: E402

RESULTS = [
    evaluate.Score(voice="sarah", condition="clean", words=300, errors=3),
    evaluate.Score(voice="sarah", condition="telephone", words=100, errors=13),
]


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(dimensions(width=64, encoder=1, decoder=2, heads=4))


@pytest.fixture
def described(network: Network, tmp_path: Path) -> dict[str, Any]:
    (tmp_path / card.FILE).write_bytes(b"weights" * 1000)
    return card.describe(tmp_path, network, RESULTS, steps=1234, hours=20.123, heard_hours=61.25, minutes=99.6)


def test_the_card_names_the_file_by_digest_and_size(described: dict[str, Any], tmp_path: Path) -> None:
    digest = export.sha256(tmp_path / card.FILE)
    assert described["sha256"] == digest and described["files"] == {card.FILE: digest}
    assert (described["file"], described["bytes"]) == (card.FILE, 7000)


def test_the_card_tells_how_to_decode(described: dict[str, Any], network: Network) -> None:
    assert described["window_s"] == 10.0
    assert described["dims"]["n_text_layer"] == 2 and described["dims"]["n_audio_state"] == 64
    assert described["alignment_heads"] == export.alignment_heads(network)
    assert (described["without_timestamps"], described["word_timestamps"]) == (False, True)


def test_the_card_tells_what_it_was_made_of_and_with(described: dict[str, Any]) -> None:
    assert (described["steps"], described["hours_of_speech"], described["minutes_of_training"]) == (1234, 20.12, 100)
    assert [voice["name"] for voice in described["voices"]] == [voice.name for voice in VOICES]
    assert described["made_with"]["torch"] == version("torch")
    assert described["made_with"]["engines"] == ["espeak", "flite"]


def test_the_error_rates_are_those_measured_all_words_alike(described: dict[str, Any]) -> None:
    assert described["wer"]["words"] == 400 and described["wer"]["overall"] == 0.04
    assert described["wer"]["rows"][1] == {
        "voice": "sarah",
        "condition": "telephone",
        "words": 100,
        "errors": 13,
        "rate": 0.13,
    }
    assert described["wer"]["sentences"] == len(evaluate.held_out())


def test_the_page_says_first_that_no_person_is_heard(described: dict[str, Any]) -> None:
    lines = card.page(described, "TABLE").splitlines()
    assert lines[0] == "# whisper-synthetic" and "hears no real person" in lines[2]


def test_the_page_has_everything_of_the_card_that_people_ask_for(described: dict[str, Any]) -> None:
    page = card.page(described, evaluate.table(RESULTS))
    for part in (described["sha256"], described["alignment_heads"], described["made_with"]["torch"], card.RECIPE):
        assert part in page
    assert "100 minutes: 1 encoder and\n2 decoder layers of width 64" in page
    assert "20.12 hours of speech" in page and "3.0 times over" in page
    assert "| all | 1.0 % | 13.0 % |" in page
    for voice in VOICES:
        assert f"- {voice.name}: {voice.engine} `{voice.voice}`" in page


def test_a_run_that_heard_nothing_can_be_described(network: Network, tmp_path: Path) -> None:
    (tmp_path / card.FILE).write_bytes(b"x")
    found = card.describe(tmp_path, network, [], steps=0, hours=0.0, heard_hours=0.0, minutes=0.0)
    assert found["wer"]["overall"] == 0.0 and "0.0 times over" in card.page(found, "")


def test_card_and_page_are_written_beside_the_checkpoint(described: dict[str, Any], tmp_path: Path) -> None:
    card.publish(tmp_path, described, RESULTS)
    assert json.loads((tmp_path / "card.json").read_text(encoding="utf-8")) == described
    assert (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8") == card.page(described, evaluate.table(RESULTS))
    assert {path.name for path in tmp_path.iterdir()} == {card.FILE, "card.json", "MODEL_CARD.md"}
