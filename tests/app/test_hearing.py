from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ci_checker import transcribe
from ci_checker.app.hearing import SYNTHETIC_NOTICE, Hearing
from ci_checker.app.progress import Progress
from ci_checker.errors import MissingError, RequestError
from ci_checker.settings import Settings
from ci_checker.transcribe import models
from ci_checker.transcribe.models import ModelFile


@dataclass
class Told(Progress):
    messages: list[str]
    fetched: list[tuple[int, int]]

    def message(self, text: str) -> None:
        self.messages.append(text)

    def download(self, done: int, total: int) -> None:
        self.fetched.append((done, total))


@pytest.fixture
def told() -> Told:
    return Told([], [])


def give(monkeypatch: pytest.MonkeyPatch, *, synthetic: bool = False, size: int = 0) -> list[str]:
    asked: list[str] = []

    def resolve(model: str, *, announce: Any, received: Any, **more: Any) -> ModelFile:
        asked.append(model)
        if size:
            announce(model, size)
            received(size, size)
        return ModelFile(name=model, path=Path("x.pt"), sha256="0" * 64, synthetic_only=synthetic)

    monkeypatch.setattr(models, "resolve", resolve)
    return asked


def test_nothing_is_opened_before_it_is_needed_and_then_once(monkeypatch, told) -> None:
    asked = give(monkeypatch)
    hearing = Hearing(Settings(model="small.en"), told)
    assert asked == []
    assert hearing.engine is hearing.engine and hearing.engine.name == "whisper_torch"
    assert asked == ["small.en"] and told.messages == []


def test_a_download_is_announced_with_its_size(monkeypatch, told) -> None:
    give(monkeypatch, size=484_000_000)
    assert Hearing(Settings(), told).file.name == "small.en"
    assert told.messages == ["Fetching the model small.en, about 484 MB, once."]
    assert told.fetched == [(484_000_000, 484_000_000)]


def test_the_synthetic_model_says_what_it_is(monkeypatch, told) -> None:
    give(monkeypatch, synthetic=True)
    hearing = Hearing(Settings(model="synthetic"), told)
    assert hearing.engine and hearing.engine
    assert told.messages == [SYNTHETIC_NOTICE]


def test_an_unknown_engine_and_an_unknown_model_are_wrong_requests(monkeypatch, told) -> None:
    with pytest.raises(RequestError, match="no such model"):
        _ = Hearing(Settings(model="enormous.en"), told).file
    give(monkeypatch)
    with pytest.raises(RequestError, match=r"no engine 'ear'.*whisper_torch"):
        _ = Hearing(Settings(engine="ear"), told).engine


def test_what_is_missing_stays_missing(monkeypatch, told) -> None:
    def gone(*args: Any, **more: Any) -> None:
        raise MissingError("the model 'small.en' is not on this machine")

    monkeypatch.setattr(models, "resolve", gone)
    with pytest.raises(MissingError, match="not on this machine"):
        _ = Hearing(Settings(), told).engine


def test_the_key_of_a_transcript_follows_the_model(monkeypatch, told) -> None:
    give(monkeypatch)
    keys = {Hearing(Settings(model=name), told).engine.key for name in ("tiny.en", "small.en")}
    assert len(keys) == 2
    assert transcribe.engine_names() == ("whisper_torch",) or "whisper_torch" in transcribe.engine_names()
