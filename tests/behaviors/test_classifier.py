"""Vectorizer, calibration, and a detector on disk: the same again, or one clear line."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ci_checker.behaviors.classifier import Calibration, Detector, Vectorizer
from ci_checker.behaviors.features import Instance, Said, instances
from ci_checker.errors import MissingError

TEXTS = ["what does that cost you", "what does it take you", "we make labels", "we make boxes", "okay then", "okay so"]


@pytest.fixture(scope="module")
def items() -> list[Instance]:
    said = [Said(side="ab"[i % 2], text=text, judged=True) for i, text in enumerate(TEXTS)]
    return instances(said, whole_only=True)


MEANT = tuple(np.random.default_rng(n).normal(size=(len(TEXTS), 384)).astype(np.float32) for n in (1, 2))


@pytest.fixture(scope="module")
def detector(items: list[Instance]) -> Detector:
    vectorizer = Vectorizer.fit(items)
    width = vectorizer.transform(items, MEANT).shape[1]
    draw = np.random.default_rng(5)
    return Detector(
        labels=("one", "two"),
        vectorizer=vectorizer,
        coefficients=draw.normal(size=(2, width)).astype(np.float32),
        intercepts=np.array([0.25, -1.0]),
        calibrations={n: Calibration(a=1.5, b=-0.2, seen=0.6, not_seen=0.1, evidence=0.4) for n in ("one", "two")},
    )


def test_every_column_has_a_name(detector: Detector, items: list[Instance]) -> None:
    names = detector.vectorizer.names()
    assert (
        len(names)
        == detector.vectorizer.transform(items, MEANT).shape[1]
        == detector.vectorizer.width
        == len(set(names))
    )


def test_what_the_fine_tuned_encoder_reads_is_not_encoded_again(items: list[Instance]) -> None:
    read = [replace(item, acts=(1.0, -2.0)) for item in items]
    vectorizer = Vectorizer.fit(read, acts=("one", "two"))
    names = vectorizer.names()
    assert names[-2:] == ["act:one", "act:two"]
    assert not any(name.startswith("meaning") for name in names)
    row = vectorizer.transform(read[1:2]).toarray()[0]
    assert len(row) == len(names) and row[-2] > 0 > row[-1]
    elsewhere = vectorizer.transform([replace(read[1], previous="")]).toarray()[0]
    kind = np.array([name.split(":")[0] for name in names])
    assert set(kind[row != elsewhere]) <= {"previous"}
    assert any(name.startswith("meaning:") for name in Vectorizer.fit(items).names())


def test_a_row_does_not_depend_on_its_neighbors(detector: Detector, items: list[Instance]) -> None:
    together = detector.scores(items, MEANT)
    parts = [tuple(part[i : i + 1] for part in MEANT) for i in range(len(items))]
    alone = np.vstack([detector.scores([item], part) for item, part in zip(items, parts, strict=True)])
    assert np.array_equal(together, alone)
    assert detector.scores([]).shape == (0, 2)


def test_contributions_name_words_and_signs(detector: Detector, items: list[Instance]) -> None:
    found = detector.contributions(items[0], "one", most=3)
    assert len(found) <= 3
    assert all(name.startswith(("word:", "tag:")) and value > 0 for name, value in found)
    assert [v for _, v in found] == sorted((v for _, v in found), reverse=True)


def test_the_scores_are_the_matrix_times_the_coefficients(detector: Detector, items: list[Instance]) -> None:
    wanted = detector.vectorizer.transform(items, MEANT) @ detector.coefficients.T + detector.intercepts
    assert np.allclose(detector.scores(items, MEANT), wanted, atol=1e-4)


def test_what_the_turns_mean_has_to_be_told(detector: Detector, items: list[Instance]) -> None:
    with pytest.raises(ValueError, match="what the turns mean"):
        detector.scores(items)


def test_what_is_saved_scores_the_same(detector: Detector, items: list[Instance], tmp_path: Path) -> None:
    detector.save(tmp_path)
    again = Detector.load(tmp_path)
    assert (again.labels, again.calibrations) == (detector.labels, detector.calibrations)
    assert again.vectorizer.names() == detector.vectorizer.names()
    assert np.allclose(again.scores(items, MEANT), detector.scores(items, MEANT), atol=0.02)
    again.save(tmp_path / "twice")
    assert np.array_equal(Detector.load(tmp_path / "twice").scores(items, MEANT), again.scores(items, MEANT))


def test_nothing_on_disk_is_an_object(detector: Detector, tmp_path: Path) -> None:
    detector.save(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["detector.json", "detector.npz"]
    with np.load(tmp_path / "detector.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind == "f" for name in arrays.files)


def _objects(folder: Path) -> None:
    np.savez(folder / "detector.npz", coefficients=np.array([{}], dtype=object))


def _edited(**change: object):
    def damage(folder: Path) -> None:
        told = json.loads((folder / "detector.json").read_text())
        (folder / "detector.json").write_text(json.dumps({**told, **change}))

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        lambda f: (f / "detector.npz").write_bytes(b""),
        lambda f: (f / "detector.npz").write_bytes(b"PK\x03\x04 but no archive"),
        lambda f: (f / "detector.npz").write_bytes((f / "detector.npz").read_bytes()[:-200]),
        lambda f: (f / "detector.npz").unlink(),
        lambda f: (f / "detector.json").unlink(),
        lambda f: (f / "detector.json").write_text("{"),
        lambda f: (f / "detector.json").write_text("[]"),
        lambda f: np.save(f / "plain.npy", np.zeros(3)) or (f / "plain.npy").rename(f / "detector.npz"),
        _objects,
        _edited(labels=["one"]),
        _edited(format=1),
        _edited(format=None),
        _edited(calibrations={}),
        _edited(calibrations={"one": {"a": 1.0}, "two": {"a": 1.0}}),
        _edited(vocabularies={}),
    ],
)
def test_a_damaged_detector_is_one_clear_line(detector: Detector, tmp_path: Path, damage) -> None:
    detector.save(tmp_path)
    damage(tmp_path)
    with pytest.raises(MissingError) as caught:
        Detector.load(tmp_path)
    assert caught.value.line.startswith(f"{tmp_path}: the detector cannot be read")
    assert caught.value.line.endswith("Train it again.")


def test_flipped_bytes_never_crash_the_reader(detector: Detector, tmp_path: Path) -> None:
    detector.save(tmp_path)
    good = (tmp_path / "detector.npz").read_bytes()
    for place in range(0, len(good), max(1, len(good) // 25)):
        bad = bytearray(good)
        bad[place] ^= 0xFF
        (tmp_path / "detector.npz").write_bytes(bytes(bad))
        with contextlib.suppress(MissingError):
            Detector.load(tmp_path)


def test_a_team_with_nothing_to_compare_still_gets_a_vectorizer() -> None:
    said = [Said(side="a", text=text, judged=True) for text in ("", "", "")]
    found = instances(said)
    vectorizer = Vectorizer.fit(found)
    meant = (MEANT[0][:3], MEANT[1][:3])
    assert vectorizer.transform(found, meant).shape == (3, len(vectorizer.names()))


def test_calibration_is_platts_sigmoid() -> None:
    calibration = Calibration(a=2.0, b=-1.0, seen=0.5, not_seen=0.1)
    assert calibration.probability(np.array([0.5]))[0] == pytest.approx(0.5)
    assert calibration.probability(np.array([1.0]))[0] == pytest.approx(1 / (1 + np.exp(-1)))
    assert np.isfinite(calibration.probability(np.array([-1e9, 1e9]))).all()
