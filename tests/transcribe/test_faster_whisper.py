"""The adapter for faster-whisper, on a stand-in for the package: nothing is fetched, nothing is heard twice."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from ci_checker.errors import CallError, MissingError, RequestError
from ci_checker.transcribe import load_engine
from ci_checker.transcribe.engine import engine_called, resolve_model
from ci_checker.transcribe.engines import faster_whisper as adapter

RATE = 16_000


def word(text: str, start: float, end: float, chance: float = 0.9) -> SimpleNamespace:
    return SimpleNamespace(word=f" {text}", start=start, end=end, probability=chance)


class Package(ModuleType):
    """Says ``says`` to every window; ``online`` decides whether a download comes."""

    def __init__(self, folder: Path) -> None:
        super().__init__("faster_whisper")
        self.folder, self.online, self.here = folder, True, False
        self.asked: list[dict] = []
        self.loaded: list[dict] = []
        self.says = "Hi Karen, this is Luke."
        package = self

        class WhisperModel:
            def __init__(self, path: str, **options: object) -> None:
                package.loaded.append({"path": path, **options})

            def transcribe(self, audio: np.ndarray, **options: object) -> tuple[list, None]:
                package.asked.append({"seconds": len(audio) / RATE, **options})
                step = len(audio) / RATE / max(1, len(package.says.split()))
                said = [word(text, n * step, (n + 1) * step) for n, text in enumerate(package.says.split())]
                return [SimpleNamespace(words=said)] if said else [], None

        self.WhisperModel = WhisperModel

    def download_model(self, name: str, local_files_only: bool = False) -> str:
        if not self.here and (local_files_only or not self.online):
            raise ConnectionError("no route to the host")
        self.here = True
        return str(self.folder)


@pytest.fixture
def package(tmp_path, monkeypatch) -> Package:
    folder = tmp_path / "converted"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    made = Package(folder)
    monkeypatch.setitem(sys.modules, "faster_whisper", made)
    return made


@pytest.fixture
def engine(package):
    return load_engine("faster-whisper", resolve_model("faster-whisper", str(package.folder)))


def test_the_engine_may_be_written_with_a_dash():
    assert engine_called("faster-whisper") == engine_called("faster_whisper") == "faster_whisper"
    with pytest.raises(RequestError, match="faster_whisper, whisper_torch"):
        engine_called("slower-whisper")


def test_a_call_is_heard_a_packed_window_at_a_time_in_the_sequential_mode(package, engine, say):
    audio = say("Hi Karen, this is Luke with Bright Harbor, do you have half a minute?", "mike", before=5.0, after=20.0)
    stereo = np.stack([audio, np.zeros_like(audio)])
    told, notes = [], []
    turns = engine.transcribe(
        stereo, channel_names=("left", "right"), progress=lambda *a: told.append(a), note=notes.append
    )
    assert [turn.text for turn in turns] == [package.says] and turns[0].speaker == "left"
    assert 4.5 < turns[0].start_s < turns[0].end_s < len(audio) / RATE
    assert turns[0].confidence == 0.9 and len(turns[0].words) == 5
    (asked,) = package.asked
    assert asked["seconds"] < 12, "the silence is not sent"
    assert asked["word_timestamps"] and not asked["condition_on_previous_text"] and asked["initial_prompt"] is None
    assert told[-1][0] == pytest.approx(len(audio) / RATE) and "right" in notes[0]


def test_the_weights_load_once_without_asking_anybody(package, engine, say):
    audio = say("Hello, who is this?", "mike", before=1.0)[None]
    for each in (engine, engine, engine.prompted("Bright Harbor."), engine.prompted("Karen.")):
        each.transcribe(audio, channel_names=("mixed",))
    assert len(package.loaded) == 1 and package.loaded[0]["local_files_only"] is True
    assert [asked["initial_prompt"] for asked in package.asked] == [None, None, "Bright Harbor.", "Karen."]


def test_a_prompt_has_a_key_of_its_own_and_is_not_heard_back(package, engine, say):
    names = "Acme Flow, Bright Harbor, Luke Porter."
    told = engine.prompted(names)
    assert told.key != engine.key and told.key == engine.prompted(names).key
    package.says, notes = "Acme Flow, Bright Harbor, Luke Porter.", []
    audio = say("Hello, who is this?", "mike", before=1.0)[None]
    assert told.transcribe(audio, channel_names=("mixed",), note=notes.append) == ()
    assert engine.transcribe(audio, channel_names=("mixed",)) != ()


def test_silence_is_never_sent_so_no_prompt_can_leak_into_it(package, engine):
    for samples in (np.zeros((1, 5 * RATE)), np.random.default_rng(0).normal(0, 0.001, (1, 5 * RATE))):
        with pytest.raises(CallError, match="no speech"):
            engine.prompted("Bright Harbor.").transcribe(samples.astype(np.float32), channel_names=("mixed",))
    assert package.asked == []


@pytest.mark.parametrize("says", ["", "so we " * 30, "thank you " * 200])
def test_nothing_loops_and_floods_are_left_out_and_told_of(package, engine, say, says):
    package.says, notes = says, []
    audio = say("We already have a system for that, and it works well enough.", "mike")[None]
    assert engine.transcribe(audio, channel_names=("mixed",), note=notes.append) == ()
    assert notes and notes[0].startswith("mixed 0:0")


def test_a_download_is_announced_with_its_size_and_done_once(package):
    told: list[tuple[str, int]] = []
    first = resolve_model("faster-whisper", "base.en", announce=lambda *a: told.append(a))
    assert told == [("base.en", 145_000_000)] and first.name == "base.en" and first.path == package.folder
    again = resolve_model("faster-whisper", "base.en", announce=lambda *a: told.append(a))
    assert len(told) == 1 and again == first


def test_offline_is_missing_with_two_ways_out(package):
    package.online = False
    ways = r"'small.en' \(about 484 MB\).*--model PATH.*--engine whisper_torch"
    with pytest.raises(MissingError, match=ways) as seen:
        resolve_model("faster-whisper", "small.en")
    assert seen.value.exit_status == 3 and "\n" not in str(seen.value)


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(MissingError, match=r"pip install 'ci-checker\[faster-whisper\]'"):
        resolve_model("faster-whisper", "base.en")


def test_other_kinds_of_models_are_refused(package, tmp_path, checkpoint):
    for wrong in (str(checkpoint), "synthetic"):
        with pytest.raises(RequestError, match="openai-whisper's kind.*--engine whisper_torch"):
            resolve_model("faster-whisper", wrong)
    with pytest.raises(RequestError, match="no converted model"):
        (tmp_path / "empty").mkdir()
        resolve_model("faster-whisper", str(tmp_path / "empty"))
    with pytest.raises(RequestError, match="no such model"):
        resolve_model("faster-whisper", "enormous.en")


def test_the_key_follows_weights_and_options(package):
    file = resolve_model("faster-whisper", str(package.folder))
    key = load_engine("faster_whisper", file).key
    assert load_engine("faster_whisper", file, threads=1).key == key
    assert load_engine("faster_whisper", file, beam=1).key != key
    (package.folder / "model.bin").write_bytes(b"other")
    other = resolve_model("faster-whisper", str(package.folder))
    assert load_engine("faster_whisper", other).key != key
    with pytest.raises(RequestError, match="no option temperature"):
        load_engine("faster_whisper", file, temperature=1)


def test_a_model_that_does_not_load_is_one_line(package, engine, say, monkeypatch):
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("Unsupported model binary version.\nmore")

    monkeypatch.setattr(package, "WhisperModel", broken)
    with pytest.raises(RequestError, match=r"cannot load the model \(Unsupported model binary version.\)"):
        engine.transcribe(say("Hello there, who is this?", "mike")[None], channel_names=("mixed",))


def test_the_batched_mode_is_not_used():
    source = Path(adapter.__file__).read_text(encoding="utf-8")
    assert "BatchedInferencePipeline" not in source
