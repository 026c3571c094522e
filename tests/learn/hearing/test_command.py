"""``python -m ci_checker.learn hearing``: from sentences to tables, with a stand-in for the recognizer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="hearing is measured with openai-whisper's normalizer")
pytest.importorskip("whisper")

from ci_checker.errors import RequestError
from ci_checker.learn.__main__ import main
from ci_checker.learn.hearing import command, measure, voiced
from ci_checker.learn.hearing.command import CLOSING, OPENING, put_between, sentences
from ci_checker.learn.hearing.voiced import Voiced
from ci_checker.transcribe import models
from ci_checker.transcribe.models import ModelFile


@pytest.fixture
def stage(monkeypatch, tmp_path, line, oracle):
    """Let tones speak and oracles hear; return what the oracles were opened with."""
    opened, calls = [], []
    (tmp_path / "MODEL_CARD.md").write_text(f"# card\n{OPENING}\nold\n{CLOSING}\nend\n")
    (tmp_path / "README.md").write_text(f"# readme\n{OPENING}\n{CLOSING}\nend\n")

    def voices(wanted, murmured):
        spoken = tuple(line(text, voice, 200 + 10 * len(text)) for text, voice in wanted)
        return Voiced(lines=spoken, babble=np.full(16_000, 0.1, np.float32))

    real = command._material

    def material(*given):
        made = real(*given)
        calls.extend((*made.calls, *made.early))
        return made

    def load(name, file, *, precision):
        opened.append(precision)
        drop = 1 if precision == "int8" else 0
        return oracle(calls, change=lambda words: words[drop:])

    file = ModelFile(name="tones", path=tmp_path / "tones.pt", sha256="ab" * 32)
    monkeypatch.setattr(voiced, "voiced", voices)
    monkeypatch.setattr(command, "_material", material)
    monkeypatch.setattr(models, "resolve", lambda _: file)
    monkeypatch.setattr("ci_checker.transcribe.load_engine", load)
    monkeypatch.setattr("ci_checker.speakers.voices.load_model", lambda: "voices")
    monkeypatch.setattr(measure, "tell_apart", lambda call, samples, model: call)
    return opened


def test_a_quick_run_prints_every_condition_and_precision(stage, capsys):
    assert main(["hearing", "--quick", "--precision", "int8"]) == 0
    out, err = capsys.readouterr()
    assert "`tones` (sha256 `abababababab`) on 2 two-channel calls" in out
    for name in ("clean", "8 kHz mu-law", "noise at 5 dB", "cross-talk", "cross-talk, both at once", "mono"):
        assert f"| {name} | 0.0 % (0.0-0.0) |" in out
    assert "- int8 against float32" in out and ": 0.3 points or more." in out
    assert "- Diarization error of the calls in mono: 100.0% of speech time" in out
    assert "hearing: float32: clean" in err and "hearing: int8: mono" in err
    assert stage == ["float32", "int8", "float32"]


def test_the_same_run_gives_the_same_numbers(stage, capsys):
    found = []
    for _ in range(2):
        assert main(["hearing", "--quick", "--precision", "int8", "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1]
    assert found[0]["conditions"]["clean"]["rates"]["float32"][0] == 0.0
    assert found[0]["names"]["prompted"] is None and found[0]["quiet"]["plain"]["hold music"] == 0.0


def test_bfloat16_is_heard_in_few_conditions(stage, capsys):
    assert main(["hearing", "--quick", "--precision", "bfloat16", "--json"]) == 0
    rates = json.loads(capsys.readouterr().out)["conditions"]
    assert [name for name, row in rates.items() if name != "all" and "bfloat16" in row["rates"]] == [
        "clean",
        "8 kHz mu-law",
    ]


def test_tables_are_written_between_the_markers_of_card_and_readme(stage, tmp_path, capsys):
    given = tmp_path / "said.txt"
    given.write_text("one two three\nfour five  six\n\n")
    options = ["--write", "--readme", str(tmp_path / "README.md"), "--data", str(given)]
    assert main(["hearing", "--calls", "1", "--precision", "int8", *options]) == 0
    out = capsys.readouterr().out.rstrip("\n")
    assert "two-channel calls of the sentences in said.txt in the four trained voices" in out
    assert (tmp_path / "README.md").read_text() == f"# readme\n{OPENING}\n{out}\n{CLOSING}\nend\n"
    assert (tmp_path / "MODEL_CARD.md").read_text() == f"# card\n{OPENING}\n{out}\n{CLOSING}\nend\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (None, "there is no file to put the tables into"),
        ("no markers", "the tables cannot be put there"),
        (f"{CLOSING}{OPENING}", "the tables cannot be put there"),
        (f"{OPENING}{CLOSING}{OPENING}{CLOSING}", "the tables cannot be put there"),
    ],
)
def test_a_file_that_takes_no_table_is_refused_before_anything_is_heard(stage, tmp_path, capsys, text, what):
    readme = tmp_path / "README.md"
    readme.unlink()
    if text is not None:
        readme.write_text(text)
    assert main(["hearing", "--write", "--readme", str(readme)]) == 2
    assert what in capsys.readouterr().err and not stage
    assert (tmp_path / "MODEL_CARD.md").read_text() == f"# card\n{OPENING}\nold\n{CLOSING}\nend\n"


def test_a_quick_run_is_not_written(stage, tmp_path, capsys):
    assert main(["hearing", "--quick", "--write", "--readme", str(tmp_path / "README.md")]) == 2
    assert "a quick run measures nothing worth keeping" in capsys.readouterr().err and not stage


@pytest.mark.parametrize("given", [["--calls", "0"], ["--calls", "25"], ["--calls", "x"], ["--precision", "float8"]])
def test_what_cannot_be_measured_is_a_usage_error(given, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["hearing", *given])
    assert ended.value.code == 2 and given[0] in capsys.readouterr().err


def test_sentences_are_the_held_out_ones_or_the_lines_of_a_file(tmp_path):
    assert len(sentences(None)) == 100
    given = tmp_path / "said.txt"
    given.write_text(" a  b \n\nc\n")
    assert sentences(given) == ["a b", "c"]
    given.write_text("\n \n")
    with pytest.raises(RequestError, match="there are no sentences in it"):
        sentences(given)
    with pytest.raises(RequestError, match="there are no sentences to read"):
        sentences(tmp_path / "nowhere.txt")


def test_putting_a_table_twice_is_as_once(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"a\n{OPENING}\nx\n{CLOSING}\nb\n")
    put_between(path, "one")
    once = path.read_text()
    put_between(path, "one")
    put_between(path, None)
    assert path.read_text() == once == f"a\n{OPENING}\none\n{CLOSING}\nb\n"


@pytest.mark.parametrize("name", ["README.md", "models/whisper-synthetic/MODEL_CARD.md"])
def test_the_shipped_pages_have_a_place_for_the_tables(name):
    put_between(Path(__file__).parents[3] / name, None)
