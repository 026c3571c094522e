"""Training: it learns, stops by the clock, goes on from its saved state, and can be steered under way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import train as training  # noqa: E402
from ci_checker.learn.speech.dataset import Batch, collate, load_samples, place  # noqa: E402
from ci_checker.learn.speech.network import Losses, dimensions  # noqa: E402
from ci_checker.learn.speech.train import Corpus, Meter, Plan, Trainer, train  # noqa: E402

PLAN = Plan(total=1_000.0, phones_only=0.0, batch=8.0, longest=5.0, telephone=0.0, full_from=2.0)


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network of one narrow layer a side."""
    monkeypatch.setattr(training, "dimensions", lambda: dimensions(width=64, encoder=1, decoder=1, heads=4))


@pytest.fixture
def batch(shards: Path) -> Batch:
    """Four utterances at fixed places."""
    samples = load_samples([shards / "a.npz"])[:4]
    return collate([place([one], [0.2], 2.0, Random(1)) for one in samples], Random(1), telephone=0.0)


def step(trainer: Trainer, batch: Batch, seed: int = 1, *, text: bool = True) -> Losses:
    losses = trainer.backward(batch, 0, Random(seed), text=text)
    trainer.update(0, 1.0, trainer.keep())
    trainer.step_number += 1
    return losses


def weights(trainer: Trainer) -> dict[str, Any]:
    return {name: weight.detach().clone() for name, weight in trainer.network.named_parameters()}


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return all(torch.allclose(first[name], second[name], atol=1e-6) for name in first)


# --- learning -----------------------------------------------------------------------------------


def test_it_learns_what_it_hears_over_and_over(batch: Batch) -> None:
    trainer = Trainer(PLAN)
    first = step(trainer, batch)
    for _ in range(24):
        last = step(trainer, batch)
    assert float(last.text.detach()) < 0.7 * float(first.text.detach())
    assert float(last.phone.detach()) < 0.7 * float(first.phone.detach())
    assert float(last.attention.detach()) < float(first.attention.detach())


def test_the_first_stage_leaves_the_words_alone(batch: Batch) -> None:
    trainer = Trainer(replace(PLAN, muon=0.02))
    before = weights(trainer)
    losses = step(trainer, batch, text=False)
    assert float(losses.text) == 0.0
    moved = {name: float((weight - before[name]).abs().max()) for name, weight in weights(trainer).items()}
    assert moved["whisper.encoder.blocks.0.attn.query.weight"] > 1e-3
    assert moved["whisper.decoder.blocks.0.attn.query.weight"] < 1e-4, "nothing but decay"


def test_the_same_seed_begins_with_the_same_weights_and_the_average_with_them() -> None:
    first, second, other = Trainer(PLAN), Trainer(PLAN), Trainer(replace(PLAN, seed=2))
    assert same(weights(first), weights(second)) and not same(weights(first), weights(other))
    assert same(weights(first), dict(first.average.named_parameters()))


def test_the_average_follows_slowly(batch: Batch) -> None:
    trainer = Trainer(PLAN)
    trainer.step_number = 10_000
    start = weights(trainer)
    step(trainer, batch)
    for name, slow in trainer.average.named_parameters():
        expected = start[name].lerp(weights(trainer)[name], 0.005)
        assert torch.allclose(slow, expected, atol=1e-6), name


def test_the_average_keeps_little_at_first_and_much_later() -> None:
    trainer = Trainer(PLAN)
    assert trainer.keep() == pytest.approx(0.1)
    trainer.step_number = 90
    assert trainer.keep() == pytest.approx(0.91)
    trainer.step_number = 100_000
    assert trainer.keep() == 0.995
    trainer.text_since = 100_000
    assert trainer.keep() == pytest.approx(0.1), "it begins again when the decoder joins"


def test_the_learning_rate_warms_up_stays_and_falls_to_nearly_nothing() -> None:
    trainer = Trainer(replace(PLAN, total=100.0, decay_from=0.5))
    assert trainer.factor() == pytest.approx(1 / 60)
    trainer.step_number = 59
    assert trainer.factor() == 1.0
    found = []
    for trainer.elapsed in (50.0, 75.0, 99.9, 200.0):
        found.append(trainer.factor())
    assert found == pytest.approx([1.0, 0.5, 0.01, 0.01])


def test_the_learning_rate_warms_up_again_when_the_decoder_joins() -> None:
    trainer = Trainer(PLAN)
    trainer.step_number, trainer.text_since = 1_000, 1_000
    assert trainer.factor() == pytest.approx(1 / 60)


def test_a_weight_moves_by_its_learning_rate(batch: Batch) -> None:
    moved = []
    for factor in (0.01, 1.0):
        trainer = Trainer(PLAN)
        before = weights(trainer)
        trainer.backward(batch, 0, Random(1), text=True)
        trainer.update(0, factor, 0.0)
        after = weights(trainer)
        names = ("whisper.encoder.blocks.0.mlp.0.weight", "whisper.encoder.ln_post.bias")
        moved.append([float((after[name] - before[name]).norm()) for name in names])
    assert moved[1][0] > 50 * moved[0][0] and moved[1][1] > 50 * moved[0][1]


# --- several processes --------------------------------------------------------------------------


def test_two_processes_take_the_step_of_their_mean_gradient(batch: Batch) -> None:
    """Each process sees gradients of its own at the shared weights; here they take turns."""
    other = replace(batch, mel=batch.mel.flip(0), phones=batch.phones.flip(0))
    alone, pair = Trainer(PLAN), Trainer(PLAN, ranks=2)
    alone.backward(batch, 0, Random(1), text=True)
    first = [gradient.clone() for gradient in alone.gradients[0]]
    alone.backward(other, 0, Random(2), text=True)
    for mean, gradient in zip(alone.gradients[0], first, strict=True):
        mean.add_(gradient).div_(2)
    alone.update(0, 1.0, 0.5)
    pair.backward(batch, 0, Random(1), text=True)
    pair.backward(other, 1, Random(2), text=True)
    for rank in range(2):
        for weight, gradient in zip(pair.network.parameters(), pair.gradients[rank], strict=True):
            weight.grad = gradient
        pair.update(rank, 1.0, 0.5)
    assert same(weights(alone), weights(pair))
    assert same(dict(alone.average.named_parameters()), dict(pair.average.named_parameters()))


def test_each_weight_is_owned_by_one_process_and_the_work_is_shared_evenly() -> None:
    trainer = Trainer(PLAN, ranks=2)
    owned = [id(weight) for share in trainer.wide for weight in share] + [id(weight) for weight in trainer.narrow]
    assert len(owned) == len(set(owned)) == len(list(trainer.network.parameters()))
    work = [sum(w.numel() * min(w.shape[0], w[0].numel()) for w in share) for share in trainer.wide]
    assert min(work) > 0.5 * max(work)
    assert all(weight.is_shared() for weight in trainer.network.parameters())


# --- saving and going on ------------------------------------------------------------------------


def test_a_run_goes_on_from_its_file_as_if_it_had_never_stopped(batch: Batch, tmp_path: Path) -> None:
    trainer = Trainer(PLAN)
    for seed in range(3):
        step(trainer, batch, seed)
    trainer.elapsed, trainer.heard, trainer.text_since = 12.5, 99.0, 1
    trainer.save(tmp_path / "train.pt")
    again = Trainer(replace(PLAN, seed=7))
    again.load(tmp_path / "train.pt")
    assert (again.step_number, again.elapsed, again.heard, again.text_since) == (3, 12.5, 99.0, 1)
    assert same(weights(trainer), weights(again))
    assert same(dict(trainer.average.named_parameters()), dict(again.average.named_parameters()))
    step(trainer, batch, 9)
    step(again, batch, 9)
    assert same(weights(trainer), weights(again)), "momenta went on as well"


def test_a_run_may_go_on_with_another_number_of_processes(batch: Batch, tmp_path: Path) -> None:
    trainer = Trainer(PLAN)
    step(trainer, batch)
    trainer.save(tmp_path / "train.pt")
    pair = Trainer(PLAN, ranks=2)
    pair.load(tmp_path / "train.pt")
    kept = {id(w): m.state[w]["momentum"] for m, share in zip(pair.muons, pair.wide, strict=True) for w in share}
    for (name, weight), old in zip(pair.network.named_parameters(), trainer.network.parameters(), strict=True):
        if id(weight) in kept:
            assert torch.equal(kept[id(weight)], trainer.muons[0].state[old]["momentum"]), name


def test_the_state_is_whole_or_not_there_and_holds_no_code(tmp_path: Path) -> None:
    Trainer(PLAN).save(tmp_path / "train.pt")
    assert [path.name for path in tmp_path.iterdir()] == ["train.pt"]
    state = torch.load(tmp_path / "train.pt", weights_only=True)
    assert Plan(**state["plan"]) == PLAN


# --- a whole run --------------------------------------------------------------------------------


def test_a_run_stops_by_the_clock_and_resumes_from_where_it_was(shards: Path, tmp_path: Path) -> None:
    first = train(shards, tmp_path, replace(PLAN, total=0.3), ranks=1)
    assert first.elapsed >= 0.3 and first.step_number >= 1 and first.text_since == 1
    assert (tmp_path / "train.pt").exists()
    second = train(shards, tmp_path, replace(PLAN, total=first.elapsed + 0.3), ranks=1)
    assert second.step_number > first.step_number and second.heard > first.heard > 0
    assert second.elapsed >= first.elapsed + 0.3
    assert second.text_since == 1, "the first stage is not gone through again"


def test_the_decoder_waits_until_phones_are_known_or_the_time_is_over(shards: Path, tmp_path: Path) -> None:
    plan = replace(PLAN, total=0.2, phones_only=1_000.0)
    for name in "ab":
        (tmp_path / name).mkdir()
    assert train(shards, tmp_path / "a", replace(plan, enough_phones=1.1), ranks=1).text_since is None
    assert train(shards, tmp_path / "b", replace(plan, enough_phones=-1.0), ranks=1).text_since == 1


def test_a_run_under_way_is_steered_by_a_file(shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is read again every twenty steps: written at the first of them, it counts at the second."""
    settings = tmp_path / "settings.json"

    def say(text: str) -> None:
        if text.startswith("step 20 "):
            settings.write_text(json.dumps({"total": 0.001, "muon": 0.005}), encoding="utf-8")

    monkeypatch.setattr(training, "_say", say)
    trainer = train(shards, tmp_path, PLAN, settings=settings, ranks=1)
    assert trainer.step_number == 40
    assert trainer.plan == replace(PLAN, total=0.001, muon=0.005)


def test_a_file_that_is_there_from_the_start_counts_from_the_start(shards: Path, tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text('{"total": 0.001}', encoding="utf-8")
    assert train(shards, tmp_path, PLAN, settings=settings, ranks=1).step_number == 1


# --- what it reads ------------------------------------------------------------------------------


def test_shards_that_come_later_are_heard_too_and_none_twice(shards: Path) -> None:
    corpus = Corpus(shards)
    assert len(corpus.refresh()) == 12 == len(corpus.refresh())
    (shards / "b.npz").write_bytes((shards / "a.npz").read_bytes())
    (shards / "c.part").write_bytes(b"being written")
    assert len(corpus.refresh()) == 24


@pytest.mark.parametrize(
    ("text", "elapsed", "full"), [(False, 0.0, 0.0), (True, 0.0, 0.04), (False, 99.0, 0.7), (True, 99.0, 0.7)]
)
def test_whole_windows_come_with_the_last_stage(
    text: bool, elapsed: float, full: float, shards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, float]] = []

    def batches(samples: list[Any], random: Random, **options: float) -> Iterator[str]:
        asked.append(options)
        yield "batch"

    monkeypatch.setattr(training, "batches", batches)
    trainer = Trainer(replace(PLAN, total=100.0, full_from=0.6, full=0.7), ranks=2)
    control = torch.tensor([1.0, float(text), 1.0, 0.0, elapsed], dtype=torch.float64)
    next(training._endless_batches(trainer, Corpus(shards), control, Random(1), 0))
    late = {"told": 0.3, "rested": {"dan": 0.4, "nina": 0.35}} if elapsed else {"told": 0.0, "rested": None}
    assert asked == [{"seconds": 4.0, "full": full, "longest": 5.0, "telephone": 0.0, **late}]


def test_a_pass_ends_early_when_the_stage_changes(shards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[float] = []

    def batches(samples: list[Any], random: Random, *, full: float, **options: float) -> Iterator[float]:
        passes.append(full)
        while True:
            yield full

    monkeypatch.setattr(training, "batches", batches)
    control = torch.tensor([1.0, 0.0, 1.0, 0.0, 0.0], dtype=torch.float64)
    source = training._endless_batches(Trainer(PLAN), Corpus(shards), control, Random(1), 0)
    assert [next(source), next(source)] == [0.0, 0.0]
    control[training._TEXT] = 1
    assert next(source) == 0.04 and passes == [0.0, 0.04]


# --- what it says -------------------------------------------------------------------------------


def losses(phone: float, text: float, accuracy: float) -> Losses:
    return Losses(torch.tensor(phone), torch.tensor(text), torch.tensor(1.0), torch.tensor(0.0), 0.5, accuracy)


def test_the_meter_moves_a_share_towards_the_newest_value() -> None:
    meter = Meter(phone=4.0, text=6.0, attention=3.0)
    meter.add(losses(2.0, 4.0, 0.5), share=0.5)
    assert (meter.phone, meter.text, meter.attention) == (3.0, 5.0, 2.0)
    assert (meter.voiced, meter.tokens) == (0.25, 0.25)


def test_the_meter_of_words_rests_while_no_words_are_learned() -> None:
    meter = Meter(text=6.0)
    meter.add(losses(2.0, 0.0, 0.0), share=0.5)
    assert meter.text == 6.0 and meter.phone < 3.7
    assert "text 6.000" in str(meter)


def test_a_run_that_was_stopped_for_a_while_has_not_trained_meanwhile(
    shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([*range(12), *range(10_000, 20_000)])
    monkeypatch.setattr(training.time, "monotonic", lambda: float(next(ticks)))
    trainer = train(shards, tmp_path, replace(PLAN, total=60.0), ranks=1)
    assert 60 <= trainer.elapsed < 63 and 15 < trainer.step_number <= 30


def test_a_slow_machine_trains_by_the_clock_too(shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 10**9, 50))
    monkeypatch.setattr(training.time, "monotonic", lambda: float(next(ticks)))
    trainer = train(shards, tmp_path, replace(PLAN, total=5000.0), ranks=1)
    assert trainer.step_number < 60, "most of its steps of 100 seconds count whole"


def test_an_encoder_that_learns_no_more_stays_while_the_decoder_learns(batch: Batch) -> None:
    trainer = Trainer(PLAN)
    before = {name: weight.detach().clone() for name, weight in trainer.network.named_parameters()}
    for deaf in (False, True):
        trainer.backward(batch, 0, Random(1), text=True, deaf=deaf)
        trainer.update(0, 1.0, 0.5)
        moved = {name for name, weight in trainer.network.named_parameters() if not torch.equal(weight, before[name])}
        heard = {name for name in before if ".encoder." in name or name.startswith("phone_head")}
        assert any(".decoder." in name for name in moved) and bool(moved & heard) is not deaf
        before = {name: weight.detach().clone() for name, weight in trainer.network.named_parameters()}


@pytest.mark.parametrize(("text", "elapsed", "deaf"), [(True, 89.0, False), (True, 90.0, True), (False, 95.0, False)])
def test_the_encoder_stops_with_its_share_of_the_time_but_not_before_it_knows_phones(
    text: bool, elapsed: float, deaf: bool
) -> None:
    control = torch.tensor([1.0, float(text), 1.0, 0.0, elapsed], dtype=torch.float64)
    assert training._deaf(replace(PLAN, total=100.0, deaf_from=0.9), control) is deaf


def test_progress_goes_to_standard_error(shards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(shards, tmp_path, replace(PLAN, total=0.001), ranks=1)
    told = capsys.readouterr()
    assert told.out == "" and "12 utterances" in told.err and "the decoder joins" in told.err


def test_the_seconds_heard_are_those_of_the_batches(
    shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Batch] = []
    real = training._endless_batches

    def kept(*arguments: Any) -> Iterator[Batch]:
        for one in real(*arguments):
            seen.append(one)
            yield one

    monkeypatch.setattr(training, "_endless_batches", kept)
    trainer = train(shards, tmp_path, replace(PLAN, total=0.001), ranks=1)
    assert trainer.heard == pytest.approx(np.sum([one.mel.shape[0] * one.mel.shape[2] / 100 for one in seen]))
