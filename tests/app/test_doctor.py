"""What is there, what would be fetched, what is missing."""

from __future__ import annotations

import hashlib
import importlib.metadata
import tomllib
from pathlib import Path

import pytest

from ci_checker import assets, settings
from ci_checker.app import doctor
from ci_checker.app.doctor import Health, Part, State
from ci_checker.settings import Settings
from ci_checker.transcribe import models

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def part(health: Health, section: str, name: str) -> Part:
    parts = dict(health.sections)[section]
    return next(each for each in parts if each.name == name)


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(assets, "user_folder", lambda: tmp_path / "models")


def test_the_packages_are_those_of_the_project() -> None:
    wanted = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {text.split(";")[0].split(">")[0].split("=")[0].split("<")[0].split("[")[0].strip() for text in wanted}
    assert set(doctor.PACKAGES) | {"rich"} == names | {"rich"}


def test_a_missing_package_names_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "av":
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    health = doctor.examine(Settings())
    missing = part(health, "packages", "av")
    assert missing.state is State.MISSING
    assert missing.todo == "python -m pip install av"
    assert missing in health.missing
    assert part(health, "packages", "numpy").detail == "1.0"


def test_a_shipped_model_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "shipped" / "behaviors"
    folder.mkdir(parents=True)
    (folder / "a.npz").write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    (folder / "card.json").write_text(f'{{"files": {{"a.npz": "{digest}"}}}}')
    monkeypatch.setattr(assets, "model_roots", lambda: (tmp_path / "shipped",))
    assets.find_model.cache_clear()
    try:
        health = doctor.examine(Settings())
        found = part(health, "shipped models", "behaviors")
        assert found.state is State.OK
        assert "1 file," in found.detail
        assert "sha256 verified" in found.detail
        assert part(health, "shipped models", "nlp-en").state is State.MISSING
        (folder / "a.npz").write_bytes(b"other")
        assets.find_model.cache_clear()
        damaged = part(doctor.examine(Settings()), "shipped models", "behaviors")
        assert damaged.state is State.MISSING
        assert "damaged" in damaged.detail
        assert "pip install" in damaged.todo
    finally:
        assets.find_model.cache_clear()


def test_an_official_model_that_is_not_here_is_to_be_fetched() -> None:
    found = part(doctor.examine(Settings(model="small.en")), "recognition of real calls", "small.en")
    assert found.state is State.TO_FETCH
    assert "484 MB" in found.detail
    assert "--model PATH" in found.todo


def test_a_checkpoint_that_is_here_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha256(b"weights").hexdigest()
    monkeypatch.setattr(doctor, "_published", lambda: {"tiny.en": f"https://example.org/{digest}/tiny.en.pt"})
    (tmp_path / "cache" / "whisper").mkdir(parents=True)
    file = tmp_path / "cache" / "whisper" / "tiny.en.pt"
    file.write_bytes(b"weights")
    found = part(doctor.examine(Settings(model="tiny.en")), "recognition of real calls", "tiny.en")
    assert (found.state, "verified" in found.detail) == (State.OK, True)
    file.write_bytes(b"half")
    found = part(doctor.examine(Settings(model="small.en")), "recognition of real calls", "tiny.en")
    assert found.state is State.MISSING
    assert "damaged" in found.detail


def test_the_published_addresses_are_read_without_importing_whisper() -> None:
    found = doctor._published()
    assert set(models.official_names()) <= set(found)
    assert all(len(url.split("/")[-2]) == 64 for url in found.values())


def test_a_model_that_is_nothing_is_missing(tmp_path: Path) -> None:
    section = "recognition of real calls"
    assert part(doctor.examine(Settings(model="smal.en")), section, "smal.en").state is State.MISSING
    (tmp_path / "mine.pt").write_bytes(b"")
    mine = str(tmp_path / "mine.pt")
    assert part(doctor.examine(Settings(model=mine)), section, mine).state is State.OK
    assert part(doctor.examine(Settings(model="synthetic")), section, "synthetic").state is State.NOTE


def test_an_unknown_engine_is_missing() -> None:
    found = part(doctor.examine(Settings(engine="parrot")), "recognition of real calls", "engine")
    assert found.state is State.MISSING
    assert "whisper_torch" in found.todo


def test_settings_say_where_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "ci-checker.toml").write_text('[team]\nmanager = "Maya"\n')
    loaded = settings.load(tmp_path, environment={"CI_CHECKER_MODEL": "tiny.en"})
    health = doctor.examine(loaded)
    assert part(health, "settings", "manager").origin == str(tmp_path / "ci-checker.toml")
    assert part(health, "settings", "model").origin == "CI_CHECKER_MODEL"
    assert part(health, "settings", "engine").origin == "default"
    assert part(health, "settings", "pattern").detail == "not set"


def test_a_password_is_not_shown() -> None:
    url = "postgresql+psycopg://me:secret@host/calls"
    health = doctor.examine(Settings(store=url, origins={"store": "CI_CHECKER_STORE"}))
    for _, parts in health.sections:
        for each in parts:
            assert "secret" not in each.detail + each.todo + each.name


def test_the_store_is_not_made_by_looking(tmp_path: Path) -> None:
    (tmp_path / "ci-checker.toml").write_text("")
    loaded = settings.load(tmp_path, environment={})
    assert part(doctor.examine(loaded), "store", "ci-checker.sqlite3").state is State.NOTE
    assert not (tmp_path / "ci-checker.sqlite3").exists()
    (tmp_path / "ci-checker.sqlite3").write_bytes(b"not a database, but long enough to be looked at" * 10)
    assert part(doctor.examine(loaded), "store", "store").state is State.MISSING


def test_outside_a_workspace_the_way_to_one_is_named() -> None:
    health = doctor.examine(Settings())
    assert part(health, "settings", "workspace").todo == "ci-checker init"
    assert part(health, "store", "store").state is State.NOTE


def test_sizes() -> None:
    assert doctor.megabytes(484_000_000) == "484 MB"
    assert doctor.megabytes(820_000) == "0.8 MB"
