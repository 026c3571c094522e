"""What a turn does, by an encoder that was fine-tuned on labelled turns: one score a trained label.

The scores are features of the detectors, next to words and signs; they decide nothing by themselves. What the
encoder makes of a turn before it judges, a vector, serves labels that it was not trained on.
The lower layers read every turn once and by itself; the upper ones read it together with what stands around it.
Run by onnxruntime, a turn at a time, because the quantized layers scale by the batch and a result
must not depend on what else is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ci_checker.assets import card, find_model
from ci_checker.behaviors import context, features
from ci_checker.behaviors.context import Part
from ci_checker.behaviors.features import Instance, Said
from ci_checker.behaviors.nlp import LONE

if TYPE_CHECKING:
    import numpy as np

MODEL = "turn-encoder"
LOWER, UPPER = "lower-int8.onnx", "upper-int8.onnx"
TEXT_TOKENS = 88
WIDTH = 384


def labels() -> tuple[str, ...]:
    """Return what the columns of ``scores`` stand for."""
    return tuple(card(find_model(MODEL))["labels"])


@lru_cache(maxsize=2)
def _session(name: str) -> Any:
    import onnxruntime

    folder: Path = find_model(MODEL)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def tokenizer() -> Any:
    """Return the sentence encoder's tokenizer, which this encoder shares."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(find_model("sentence-encoder") / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(TEXT_TOKENS + 2)
    return found


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[int, ...]:
    """Return the ids of ``[CLS] text [SEP]``; of a long text the first ``TEXT_TOKENS`` tokens."""
    return tuple(tokenizer().encode(LONE.sub(" ", text)).ids)


def count(text: str) -> int:
    """Return how many tokens ``text`` has, the two that frame it left out."""
    return len(tokens(text)) - 2


@lru_cache(maxsize=1_000)
def _read(text: str) -> np.ndarray:
    """Return the lower layers' states of ``[CLS] text [SEP]``, float32 (tokens, 384)."""
    import numpy as np

    found = _session(LOWER).run(["states"], {"ids": np.array([tokens(text)], dtype=np.int64)})[0][0]
    found.setflags(write=False)  # it is kept, and everybody gets the same
    return found


@lru_cache(maxsize=50_000)
def _scored(text: str, place: int, near: tuple[Part, ...]) -> bytes:
    import numpy as np

    return _run("scores", text, place, near).astype(np.float32).tobytes()


def _run(wanted: str, text: str, place: int, near: Sequence[Part]) -> np.ndarray:
    """Return what the upper layers make of a text and what stands around it: ``scores`` or ``state``."""
    import numpy as np

    own = _read(text)
    around = [_read(part.text)[1 + part.first : 1 + part.last] for part in near]
    kinds = [kind for part in near for kind in [part.kind] * (part.last - part.first)]
    feed = {
        "own": own[None],
        "near": np.concatenate([*around, np.zeros((0, WIDTH), np.float32)])[None],
        "place": np.array([[place, *[context.OWN] * (len(own) - 1)]], dtype=np.int64),
        "kinds": np.array([kinds], dtype=np.int64).reshape(1, -1),
    }
    return _session(UPPER).run([wanted], feed)[0][0]


def states(turns: Sequence[Said], items: Sequence[Instance], *, offset: int = 0) -> np.ndarray:
    """Return what each instance of ``turns`` does as a unit vector, float32 of shape (instances, 384).

    ``offset`` is the number of turns before the first one. Raises MissingError where the model is absent.
    """
    import numpy as np

    sides = [turn.side for turn in turns]
    texts = [context.windows(turn.text) for turn in turns]
    near = {item.turn: context.near(sides, texts, item.turn, count) for item in items}
    found = [_run("state", item.text.lower(), context.place(item.turn + offset), near[item.turn]) for item in items]
    return np.array(found, dtype=np.float32).reshape(len(found), WIDTH)


@lru_cache(maxsize=20_000)
def _alone(text: str) -> bytes:
    import numpy as np

    return _run("state", text, context.LATER, ()).astype(np.float16).tobytes()


def alone(texts: Sequence[str]) -> np.ndarray:
    """Return what each text does with nothing around it, as a unit vector: float32 of shape (texts, 384)."""
    import numpy as np

    found = [np.frombuffer(_alone(text), dtype=np.float16) for text in texts]
    return np.array(found, dtype=np.float32).reshape(len(found), WIDTH)


def instances(turns: Sequence[Said], *, asked: bool = True, whole_only: bool = False) -> list[Instance]:
    """Return the instances of ``turns`` with what each does, if the detector asks (``Vectorizer.acts``) for it."""
    return features.instances(turns, whole_only=whole_only, acts=scores(turns) if asked else None)


def scores(turns: Sequence[Said], *, offset: int = 0) -> dict[int, np.ndarray]:
    """Return, for the index of every judged turn, log-odds of shape (labels,).

    A long turn's are its windows' largest, those of a mail also its sentences'.

    ``offset`` is the number of turns before the first one, for an excerpt from the middle of a call.
    Raises MissingError where the model is absent.
    """
    import numpy as np

    found: dict[int, np.ndarray] = {}
    sides = [turn.side for turn in turns]
    texts = [context.windows(turn.text) for turn in turns]
    for index, turn in enumerate(turns):
        if turn.judged:
            near = tuple(context.near(sides, texts, index, count))
            # a mail says in one go what a call says in many turns
            alone = context.sentences(turn.text) if turn.written else []
            own = dict.fromkeys([*texts[index], *alone])
            parts = [np.frombuffer(_scored(text, context.place(index + offset), near), np.float32) for text in own]
            found[index] = np.max(parts, axis=0)
    return found
