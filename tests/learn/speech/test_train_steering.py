"""The file that steers a run under way: it is written by hand while it is read, and must not end the run."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import repeat
from pathlib import Path
from random import Random

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import train as training  # noqa: E402
from ci_checker.learn.speech.dataset import collate, silent_window  # noqa: E402
from ci_checker.learn.speech.network import Losses, dimensions  # noqa: E402
from ci_checker.learn.speech.train import Plan, Trainer, _shares, _stage, _steered, train  # noqa: E402

PLAN = Plan(total=100.0, muon=0.03)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.mark.parametrize("written", [{}, {"muon": 0.01}, {"muon": 0.01, "total": 7.5, "seed": 3}])
def test_fields_that_are_named_change_and_all_others_stay(settings: Path, written: dict[str, float]) -> None:
    settings.write_text(json.dumps(written), encoding="utf-8")
    assert asdict(_steered(PLAN, settings)) == {**asdict(PLAN), **written}


def test_without_a_file_the_plan_stays(settings: Path) -> None:
    assert _steered(PLAN, None) is PLAN
    assert _steered(PLAN, settings) is PLAN


@pytest.mark.parametrize(
    "written",
    [b"", b'{"total": 50', b'{"total": 50}}', b"\xff\xfe{", b"[1]", b"3", b"null", b'{"tempo": 2}'],
    ids=["empty", "half", "too much", "no text", "a list", "a number", "null", "no field of the plan"],
)
def test_a_file_that_is_no_plan_is_told_and_changes_nothing(
    written: bytes, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_bytes(written)
    assert _steered(PLAN, settings) is PLAN
    told = capsys.readouterr()
    assert told.out == "" and len(told.err.splitlines()) == 1
    assert f"{settings}: cannot be used (" in told.err and told.err.endswith("; the plan stays as it is\n")


def test_a_folder_in_its_place_changes_nothing(settings: Path) -> None:
    settings.mkdir()
    assert _steered(PLAN, settings) is PLAN


def test_the_plan_follows_once_the_file_is_whole(settings: Path) -> None:
    settings.write_text('{"muon": 0.0', encoding="utf-8")
    plan = _steered(PLAN, settings)
    settings.write_text('{"muon": 0.05}', encoding="utf-8")
    assert _steered(plan, settings) == replace(PLAN, muon=0.05)


def test_a_run_goes_on_over_a_half_written_file(
    shards: Path, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a file at the first two readings, and the whole one at the third, which ends the run."""
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if text.startswith("step 20 "):
            settings.write_text('{"total": 0.001}', encoding="utf-8")

    batch = collate([silent_window(Random(1))], Random(1))
    learned = Losses(*[torch.zeros(())] * 4, 0.0, 0.0)
    monkeypatch.setattr(training, "dimensions", lambda: dimensions(width=64, encoder=1, decoder=1))
    monkeypatch.setattr(Trainer, "backward", lambda *arguments, **options: learned)
    monkeypatch.setattr(Trainer, "update", lambda *arguments: None)
    monkeypatch.setattr(training, "_endless_batches", lambda *arguments: repeat(batch))
    monkeypatch.setattr(training, "_say", say)
    settings.write_text('{"total": 0.0', encoding="utf-8")
    plan = Plan(total=3600.0, phones_only=3600.0, enough_phones=2.0, batch=8.0, longest=5.0, telephone=0.0)
    trainer = train(shards, tmp_path, plan, settings=settings, ranks=1)
    assert trainer.step_number == 40 and trainer.plan == replace(plan, total=0.001)
    assert sum("cannot be used" in line for line in said) == 2  # before the first step, and at the twentieth
    assert (tmp_path / "train.pt").exists()


# --- stages and shares ----------------------------------------------------------------------------


def control(*, text: bool, elapsed: float) -> torch.Tensor:
    made = torch.zeros(5, dtype=torch.float64)
    made[training._TEXT], made[training._ELAPSED] = text, elapsed
    return made


@pytest.mark.parametrize(
    ("text", "elapsed", "begins"),
    [
        (False, 0.0, (False, False)),
        (True, 59.9, (True, False)),
        (True, 60.0, (True, True)),
        (False, 99.0, (False, True)),
    ],
)
def test_a_stage_is_whether_words_are_learned_and_how_late_it_is(
    text: bool, elapsed: float, begins: tuple[bool, bool]
) -> None:
    assert _stage(replace(PLAN, full_from=0.6), control(text=text, elapsed=elapsed))[:2] == begins


@pytest.mark.parametrize("change", [{"longest": 3.0}, {"batch": 40.0}, {"full": 0.1}])
def test_what_a_pass_is_made_of_begins_a_new_stage(change: dict[str, float]) -> None:
    now = control(text=True, elapsed=1.0)
    assert _stage(PLAN, now) != _stage(replace(PLAN, **change), now)


def test_learning_rates_change_without_a_new_stage() -> None:
    now = control(text=True, elapsed=1.0)
    assert _stage(PLAN, now) == _stage(replace(PLAN, muon=0.1, adam=0.1, smoothing=0.1), now)


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_every_weight_has_one_owner_whatever_the_number_of_processes(ranks: int) -> None:
    weights = [torch.zeros(rows, columns) for rows, columns in ((64, 64), (64, 8), (8, 64), (32, 32), (3, 3))]
    shares = _shares(weights, ranks)
    assert len(shares) == ranks
    owned = [id(weight) for share in shares for weight in share]
    assert sorted(owned) == sorted(map(id, weights))
    assert any(weight is weights[0] for weight in shares[0])  # the largest is given away first


def test_more_processes_than_weights_leave_some_without() -> None:
    assert [len(share) for share in _shares([torch.zeros(2, 2)], 3)] == [1, 0, 0]
