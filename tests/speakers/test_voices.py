"""The shipped speaker model: there, small, undamaged, and what it says of voices."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from ci_checker import assets
from ci_checker.errors import MissingError
from ci_checker.speakers.recognize import LIKELY, Enrolled, among
from ci_checker.speakers.sound import frames_of
from ci_checker.speakers.voices import FILE, SIZE, Windows, describe, load_model, spoken_rows, voice_of, windows_of


def test_the_model_is_small_and_its_card_tells_all():
    folder = assets.find_model("voices")
    card = json.loads((folder / "card.json").read_text())
    assert (folder / FILE).stat().st_size < 1_000_000
    assert card["synthetic_only"] is True and card["licence"]
    assert card["recipe"].startswith("python -m ci_checker.learn")
    assert card["files"] == {FILE: assets.sha256_of(folder / FILE)}
    told = (folder / "MODEL_CARD.md").read_text()
    assert "diarization error" in told and "synthetic voices only" in told and "biometric" in told


def test_a_damaged_model_is_one_line(tmp_path):
    shutil.copytree(assets.find_model("voices"), tmp_path / "voices")
    (tmp_path / "voices" / FILE).write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(MissingError, match="cannot be read"):
        load_model(tmp_path / "voices")


def test_arrays_with_pickle_inside_are_refused(tmp_path):
    np.savez(tmp_path / FILE, center=np.array([{"a": 1}], dtype=object))
    with pytest.raises(MissingError, match="cannot be read"):
        load_model(tmp_path)


def test_the_likeness_is_symmetric_and_highest_for_the_same_point(model):
    random = np.random.default_rng(2)
    size = len(model.between)
    one, other = random.normal(size=size) * 3, random.normal(size=size) * 3
    assert model.likeness(one, other) == pytest.approx(model.likeness(other, one))
    assert model.likeness(one, one) > model.likeness(one, one + 1) > model.likeness(one, one + 6)


def test_silence_has_no_windows(model):
    frames = frames_of(np.zeros(32_000, np.float32))
    windows = windows_of(frames, [(0.0, 2.0)], model)
    assert windows.spans == () and windows.points.shape == (0, len(model.between))
    assert describe(frames, np.arange(3)) is None
    assert not len(spoken_rows(frames_of(np.zeros(0, np.float32))))


def test_windows_do_not_leave_their_stretch(model, call_of):
    made = call_of("rms", turns=4)
    windows = windows_of(frames_of(made.samples), [(0.6, 3.1), (3.3, 3.5)], model)
    assert windows.spans and all(0.6 <= start < end <= 3.1 + 1e-9 for start, end in windows.spans)
    assert windows.points.shape == (len(windows.spans), len(model.between)) and model.projection.shape[0] == SIZE


def test_windows_that_overlap_count_once():
    spans = ((0.0, 1.6), (0.8, 2.4), (5.0, 6.0))
    windows = Windows(spans=spans, points=np.zeros((3, 2)), seconds=np.ones(3))
    assert windows.length_s == pytest.approx(3.4)


def test_an_odd_window_hardly_moves_a_voice():
    points = np.zeros((9, 4))
    points[4] = 40.0
    assert np.abs(voice_of(points, np.ones(9))).max() < 0.2


def test_doubt_names_nobody(model):
    size = len(model.between)
    here, far = np.zeros(size), np.full(size, 9.0) * np.sqrt(model.between)
    luke = Enrolled(name="Luke Porter", point=tuple(here))
    assert model.likeness(here, here) > LIKELY
    assert among({0: far, 1: here}, (luke,), model).voice == 1
    assert among({0: here, 1: here + 0.01}, (luke,), model) is None, "two voices are alike"
    assert among({0: far}, (luke,), model) is None
    twin = Enrolled(name="Dana Whitfield", point=tuple(here + 0.01))
    assert among({0: far, 1: here}, (luke, twin), model) is None, "two reps are alike"
    assert among({0: far, 1: here}, (luke, twin), model, rep="luke porter").name == "Luke Porter"
    assert among({}, (luke,), model) is None and among({1: here}, (), model) is None
    assert among({1: here}, (Enrolled(name="Luke", point=(1.0,)),), model) is None, "a point of another space"


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(MissingError, match="cannot be read"):
        load_model(tmp_path / "none")
