"""The battery: what must hold for every reader, on a sample of its format."""

from __future__ import annotations

import html
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from intake_samples import SAMPLES, Sample

from ci_checker.errors import CallError
from ci_checker.intake import read
from ci_checker.intake.transcripts import readers
from ci_checker.model import Call, Role, Source


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.id)
def sample(request: pytest.FixtureRequest) -> Sample:
    return request.param


@pytest.fixture
def call(sample: Sample, tmp_path: Path) -> Call:
    path = tmp_path / sample.name
    path.write_bytes(sample.text.encode())
    return read(path)


def spoken_in(text: str) -> list[str]:
    """Return all words of a source in order, JSON strings and entities decoded."""
    if text.lstrip()[:1] in "{[" and not text.startswith("[0"):
        found: list[str] = []

        def walk(value: object) -> None:
            if isinstance(value, dict):
                value = list(value.values())
            if isinstance(value, list):
                for part in value:
                    walk(part)
            elif isinstance(value, str):
                found.extend(value.split())

        walk(json.loads(text))
        return found
    return html.unescape(text).replace("<", " <").replace(">", "> ").replace("}", "} ").split()


def test_every_reader_has_a_sample():
    assert {reader.name for reader in readers()} == {sample.reader for sample in SAMPLES}


def test_turns_are_those_of_the_source(sample, call):
    assert call.transcriber == sample.reader
    said = [(turn.speaker, turn.text) for turn in call.turns]
    assert said == [(name, text) for name, text, _, _ in sample.turns]
    for turn, (_, _, start, end) in zip(call.turns, sample.turns, strict=True):
        assert turn.start_s == (None if start is None else pytest.approx(start, abs=0.01))
        assert turn.end_s == (None if end is None else pytest.approx(end, abs=0.01))


def test_duration_is_carried_or_absent(sample, call):
    assert call.duration_s == sample.duration_s


def test_times_lie_inside_and_never_run_back(call):
    starts = [turn.start_s for turn in call.turns if turn.start_s is not None]
    assert starts == sorted(starts)
    for turn in call.turns:
        if turn.end_s is not None:
            assert 0 <= turn.start_s <= turn.end_s <= call.duration_s
        for word in turn.words:
            if word.start_s is not None:
                assert turn.start_s - 0.01 <= word.start_s <= word.end_s <= turn.end_s + 0.01


def test_text_stands_in_the_source(sample, call):
    source = spoken_in(sample.text)
    for turn in call.turns:
        left = iter(source)
        missing = [word for word in turn.text.split() if word not in left]
        assert not missing
        if turn.words:
            assert [word.text for word in turn.words] == turn.text.split()


def test_speakers_listed_are_speakers_used(call):
    assert [speaker.name for speaker in call.speakers] == list(dict.fromkeys(turn.speaker for turn in call.turns))
    assert all(speaker.role is Role.UNKNOWN for speaker in call.speakers)


def test_the_same_file_gives_the_same_call(sample, call, tmp_path):
    assert read(tmp_path / sample.name) == call
    assert call.source is Source.TRANSCRIPT
    assert call.audio is None


def test_a_source_without_names_says_so(call):
    nameless = {speaker.name for speaker in call.speakers} == {"unknown"}
    assert nameless == any("names no speakers" in note for note in call.notes)


def test_the_name_of_the_file_does_not_matter(sample, call, tmp_path):
    other = tmp_path / "export.txt"
    other.write_bytes(sample.text.encode())
    assert read(other, name=call.path) == call


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(sample, call, tmp_path, encoding):
    text = sample.text.lstrip("\ufeff").replace("👋", "").replace("\r\n", "\n").replace("\n", "\r\n")
    path = tmp_path / f"again-{sample.name}"
    path.write_bytes(text.encode(encoding))
    again = read(path)
    assert again.turns == call.turns
    guessed = any("not UTF-8" in note for note in again.notes)
    assert guessed == (encoding == "utf-16-le" or (encoding == "cp1252" and not text.isascii()))


def test_cut_in_half_it_is_read_or_named(sample, tmp_path):
    path = tmp_path / sample.name
    path.write_bytes(sample.text.encode()[: len(sample.text) // 2])
    try:
        assert read(path).turns
    except CallError as error:
        assert str(path) in error.line
