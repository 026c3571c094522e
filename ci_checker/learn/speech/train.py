"""Train the checkpoint: phones first, then text with guided attention, then whole windows.

All stages are bounded by the clock, so that the recipe fits any machine: the learning rate
falls to nothing at the end of the time that was given.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from typing import Final

import torch
from torch import Tensor

from ci_checker.learn.speech.dataset import Batch, Sample, batches, load_samples
from ci_checker.learn.speech.muon import Muon
from ci_checker.learn.speech.network import Losses, Network, dimensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train. Times are seconds since training began, restarts not counted."""

    total: float = 6000.0
    """Seconds of training in all."""
    phones_only: float = 600.0
    """Seconds of the first stage, in which the encoder alone learns phones."""
    enough_phones: float = 0.88
    """Accuracy on voiced frames that ends the first stage early."""
    decay_from: float = 0.55
    """Share of the time after which the learning rate falls linearly to its end."""
    full_from: float = 0.6
    """Share of the time from which on some batches are whole padded windows..."""
    full: float = 0.6
    """... and the share of such batches."""
    batch: float = 80.0
    """Seconds of speech a step."""
    longest: float = 10.0
    """Longest utterance in seconds."""
    muon: float = 0.02
    adam: float = 0.0015
    phone_weight: float = 0.3
    attention_weight: float = 0.5
    copy_weight: float = 0.2
    deaf_from: float = 2.0
    """Share of the time from which on the encoder learns no more."""
    smoothing: float = 0.0
    telephone: float = 0.4
    """Share of rows that a telephone line degrades."""
    told: float = 0.3
    """Share of windows with a prompt of names, once whole windows are learned from."""
    rested: Mapping[str, float] = field(default_factory=lambda: {"dan": 0.4, "nina": 0.35})
    """Shares of the easier voices' utterances that every such pass leaves out."""
    seed: int = 1


class Trainer:
    """The network, its optimizers and a slow average of its weights.

    Weights, gradients and momenta live in shared memory: ``ranks`` processes of one thread each
    work through batches of their own, and each updates the weights that it owns. On few and busy
    cores that wastes less than threads that wait for each other at every operation.
    """

    def __init__(self, plan: Plan, ranks: int = 1) -> None:
        self.plan = plan
        self.ranks = ranks
        torch.manual_seed(plan.seed)
        self.network = Network(dimensions())
        self.average = Network(dimensions())
        for weight in [*self.network.parameters(), *self.average.parameters()]:
            weight.share_memory_()
        self.average.load_state_dict(self.network.state_dict())
        wide, self.narrow = [], []
        for name, weight in self.network.named_parameters():
            inner = "blocks" in name or "conv" in name
            (wide if weight.dim() >= 2 and inner else self.narrow).append(weight)
        self.wide = _shares(wide, ranks)
        self.muons = [Muon(share, lr=plan.muon) for share in self.wide]
        self.adam = torch.optim.AdamW(self.narrow, lr=plan.adam, betas=(0.9, 0.98), weight_decay=0.01)
        weights = list(self.network.parameters())
        self.gradients = [[torch.zeros_like(weight).share_memory_() for weight in weights] for _ in range(ranks)]
        slow = dict(zip(weights, self.average.parameters()))
        self.slow = [[(slow[weight], weight) for weight in share] for share in self.wide]
        self.slow[0] += [(slow[weight], weight) for weight in self.narrow]
        self.step_number = 0
        self.elapsed = 0.0
        self.heard = 0.0
        """Seconds of speech trained on so far."""
        self.text_since: int | None = None
        """The step at which the decoder joined."""

    def factor(self) -> float:
        """The learning rate's share of its peak: warm-up, a plateau, a linear fall."""
        since = self.step_number - (self.text_since or 0)
        warm = min(1.0, (since + 1) / 60)
        done = self.elapsed / self.plan.total
        fall = (1 - done) / (1 - self.plan.decay_from)
        return warm * max(0.01, min(1.0, fall))

    def backward(self, batch: Batch, rank: int, random: Random, *, text: bool, deaf: bool = False) -> Losses:
        """Leave the gradients of ``batch`` in the memory of ``rank``, those of the encoder only if not ``deaf``."""
        for weight, gradient in zip(self.network.parameters(), self.gradients[rank]):
            weight.grad = gradient.zero_()
        room = self.network.dims.n_audio_ctx - batch.phones.shape[1]
        offset = random.randint(0, room) if random.random() < 0.5 else 0
        losses = self.network.losses(batch, text=text, offset=offset, smoothing=self.plan.smoothing, deaf=deaf)
        weight = self.plan.phone_weight if text else 1.0
        loss = weight * losses.phone + losses.text + self.plan.attention_weight * losses.attention
        loss = loss + self.plan.copy_weight * losses.copy
        loss.backward()
        if deaf:
            for name, weight in self.network.named_parameters():
                if ".encoder." in name or name.startswith("phone_head"):
                    weight.grad = None
        return losses

    def update(self, rank: int, factor: float, keep: float) -> None:
        """Update the weights that ``rank`` owns from the mean of all gradients, and their slow
        average, which keeps the share ``keep`` of its old self."""
        owned = {id(weight) for weight in self.wide[rank]}
        if rank == 0:
            owned |= {id(weight) for weight in self.narrow}
        for index, weight in enumerate(self.network.parameters()):
            if id(weight) in owned:
                for other in range(self.ranks):
                    if other != rank:
                        self.gradients[rank][index].add_(self.gradients[other][index])
                self.gradients[rank][index].div_(self.ranks)
        self.muons[rank].param_groups[0]["lr"] = self.plan.muon * factor
        self.muons[rank].step()
        if rank == 0:
            self.adam.param_groups[0]["lr"] = self.plan.adam * factor
            torch.nn.utils.clip_grad_norm_(self.narrow, 1.0)
            self.adam.step()
        with torch.no_grad():
            for slow, fast in self.slow[rank]:
                slow.lerp_(fast, 1 - keep)

    def keep(self) -> float:
        """How much of its old self the slow average keeps at this step."""
        since = self.step_number - (self.text_since or 0)
        return min(0.995, (1 + since) / (10 + since))

    def save(self, path: Path) -> None:
        """Write everything needed to go on, atomically."""
        momenta = {}
        for muon, share in zip(self.muons, self.wide):
            momenta |= {id(weight): muon.state[weight]["momentum"] for weight in share}
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "momenta": {
                name: momenta[id(weight)] for name, weight in self.network.named_parameters() if id(weight) in momenta
            },
            "adam": self.adam.state_dict(),
            "step": self.step_number,
            "elapsed": self.elapsed,
            "heard": self.heard,
            "text_since": self.text_since,
            "plan": asdict(self.plan),
        }
        partial = path.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Go on from where ``save`` stopped; the plan stays the present one."""
        state = torch.load(path, map_location="cpu", weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        weights = dict(self.network.named_parameters())
        for name, momentum in state.get("momenta", {}).items():
            for muon, share in zip(self.muons, self.wide):
                if any(weights[name] is weight for weight in share):
                    muon.state[weights[name]]["momentum"].copy_(momentum)
        self.adam.load_state_dict(state["adam"])
        self.step_number, self.elapsed = state["step"], state["elapsed"]
        self.heard, self.text_since = state["heard"], state["text_since"]


def _shares(weights: list[Tensor], ranks: int) -> list[list[Tensor]]:
    """Split ``weights`` so that Muon's work on each share is about the same."""
    shares: list[list[Tensor]] = [[] for _ in range(ranks)]
    work = [0.0] * ranks
    for weight in sorted(weights, key=lambda weight: -weight.numel()):
        lightest = work.index(min(work))
        shares[lightest].append(weight)
        work[lightest] += weight.numel() * min(weight.shape[0], weight[0].numel())
    return shares


@dataclass(slots=True)
class Meter:
    """Slow averages of what training says about itself."""

    phone: float = 3.7
    text: float = 6.0
    attention: float = 3.0
    copy: float = 3.0
    voiced: float = 0.0
    tokens: float = 0.0

    def add(self, losses: Losses, share: float = 0.02) -> None:
        """Move every average a ``share`` towards the newest value."""
        self.phone += share * (float(losses.phone.detach()) - self.phone)
        self.voiced += share * (losses.phone_accuracy - self.voiced)
        if losses.text_accuracy:
            self.text += share * (float(losses.text.detach()) - self.text)
            self.attention += share * (float(losses.attention.detach()) - self.attention)
            self.tokens += share * (losses.text_accuracy - self.tokens)
        if copy := float(losses.copy.detach()):
            self.copy += share * (copy - self.copy)

    def __str__(self) -> str:
        return (
            f"phone {self.phone:.3f} {self.voiced:.3f} text {self.text:.3f} {self.tokens:.3f} "
            f"attention {self.attention:.3f} copy {self.copy:.3f}"
        )


class Corpus:
    """The samples of a folder that may still be growing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: set[Path] = set()
        self.samples: list[Sample] = []

    def refresh(self) -> list[Sample]:
        """All samples, with those of shards that have come since the last call."""
        fresh = [path for path in sorted(self.folder.glob("*.npz")) if path not in self.known]
        self.known |= set(fresh)
        self.samples += load_samples(fresh)
        return self.samples


_LONGEST_STEP_S: Final = 20.0
"""A step that took longer, and five times as long as usual, was stopped by somebody who needed the processor: it
trained no longer."""
_GO, _TEXT, _FACTOR, _KEEP, _ELAPSED = range(5)


def train(
    shards: Path,
    work: Path,
    plan: Plan,
    *,
    settings: Path | None = None,
    ranks: int = 2,
) -> Trainer:
    """Train until the plan's time is over; resume from ``work``/train.pt if it is there.

    New shards in the folder are picked up between passes. ``settings`` names a JSON file with
    fields of ``Plan`` that is read again and again, to steer a run that is under way.
    """
    torch.set_num_threads(1)
    trainer = Trainer(_steered(plan, settings), ranks)
    saved = work / "train.pt"
    if saved.exists():
        trainer.load(saved)
    corpus = Corpus(shards)
    corpus.refresh()
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(ranks)
    control = torch.zeros(5, dtype=torch.float64).share_memory_()
    control[_GO] = 1
    control[_TEXT] = trainer.text_since is not None
    control[_ELAPSED] = trainer.elapsed
    others = [
        context.Process(target=_follow, args=(trainer, rank, corpus, settings, barrier, control), daemon=True)
        for rank in range(1, ranks)
    ]
    for other in others:
        other.start()
    _lead(trainer, corpus, saved, settings, barrier, control)
    for other in others:
        other.join()
    trainer.save(saved)
    return trainer


def _lead(
    trainer: Trainer,
    corpus: Corpus,
    saved: Path,
    settings: Path | None,
    barrier: Barrier,
    control: Tensor,
) -> None:
    """Rank 0: train, decide, report and save."""
    random = Random(time.time_ns())
    source = _endless_batches(trainer, corpus, control, random, 0)
    meter = Meter()
    last_save = time.monotonic()
    before, usual = time.monotonic(), 0.0
    while control[_GO]:
        batch = next(source)
        control[_FACTOR] = trainer.factor()
        control[_KEEP] = trainer.keep()
        barrier.wait()
        deaf = _deaf(trainer.plan, control)
        losses = trainer.backward(batch, 0, random, text=bool(control[_TEXT]), deaf=deaf)
        barrier.wait()
        trainer.update(0, float(control[_FACTOR]), float(control[_KEEP]))
        trainer.step_number += 1
        trainer.heard += trainer.ranks * batch.mel.shape[0] * batch.mel.shape[2] / 100
        now = time.monotonic()
        step_s = min(now - before, max(_LONGEST_STEP_S, 5 * usual))
        trainer.elapsed += step_s
        usual += 0.2 * (step_s - usual)
        before = now
        control[_ELAPSED] = trainer.elapsed
        meter.add(losses)
        if trainer.text_since is None and (
            trainer.elapsed > trainer.plan.phones_only or meter.voiced > trainer.plan.enough_phones
        ):
            trainer.text_since = trainer.step_number
            control[_TEXT] = 1
            _say("the decoder joins")
        if trainer.step_number % 20 == 0:
            trainer.plan = _steered(trainer.plan, settings)
            _say(
                f"step {trainer.step_number} {trainer.elapsed / 60:.1f} min "
                f"{trainer.heard / 3600:.2f} h lr {trainer.factor():.3f} {meter}"
            )
        control[_GO] = trainer.elapsed < trainer.plan.total
        barrier.wait()
        if time.monotonic() - last_save > 150:
            trainer.save(saved)
            last_save = time.monotonic()


def _follow(
    trainer: Trainer,
    rank: int,
    corpus: Corpus,
    settings: Path | None,
    barrier: Barrier,
    control: Tensor,
) -> None:
    """Any other rank: the same steps on its own batches."""
    torch.manual_seed(trainer.plan.seed + rank)
    random = Random(time.time_ns() + rank)
    source = _endless_batches(trainer, corpus, control, random, rank)
    steps = 0
    while control[_GO]:
        batch = next(source)
        barrier.wait()
        text = bool(control[_TEXT])
        trainer.backward(batch, rank, random, text=text, deaf=_deaf(trainer.plan, control))
        barrier.wait()
        trainer.update(rank, float(control[_FACTOR]), float(control[_KEEP]))
        steps += 1
        if steps % 20 == 0:
            trainer.plan = _steered(trainer.plan, settings)
        barrier.wait()


def _endless_batches(trainer: Trainer, corpus: Corpus, control: Tensor, random: Random, rank: int) -> Iterator[Batch]:
    """Pass after pass over all shards there are; a pass ends early when the stage changes."""
    while True:
        samples = corpus.refresh()
        if rank == 0:
            _say(f"{len(samples)} utterances, {sum(s.seconds for s in samples) / 3600:.2f} hours")
        plan = trainer.plan
        stage = _stage(plan, control)
        text, late = stage[0], stage[1]
        for batch in batches(
            samples,
            random,
            seconds=plan.batch / trainer.ranks,
            full=plan.full if late else 0.04 if text else 0.0,
            longest=plan.longest,
            telephone=plan.telephone,
            told=plan.told if late else 0.0,
            rested=plan.rested if late else None,
        ):
            yield batch
            if _stage(trainer.plan, control) != stage:
                break


def _stage(plan: Plan, control: Tensor) -> tuple[bool, bool, float, float, float]:
    late = float(control[_ELAPSED]) / plan.total >= plan.full_from
    return bool(control[_TEXT]), late, plan.longest, plan.batch, plan.full


def _deaf(plan: Plan, control: Tensor) -> bool:
    return bool(control[_TEXT]) and float(control[_ELAPSED]) >= plan.deaf_from * plan.total


def _steered(plan: Plan, settings: Path | None) -> Plan:
    if settings is None or not settings.exists():
        return plan
    try:
        return replace(plan, **json.loads(settings.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as problem:  # being written, or no plan: a run of hours goes on
        _say(f"{settings}: cannot be used ({problem}); the plan stays as it is")
        return plan


def _say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)
