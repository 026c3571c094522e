"""What a turn does, by an encoder that was fine-tuned on labelled turns: one score a trained label.

The scores are features of the detectors, next to words and signs; they decide nothing by themselves.
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
from ci_checker.behaviors.features import Instance, Said
from ci_checker.behaviors.nlp import LONE

if TYPE_CHECKING:
    import numpy as np

MODEL = "turn-encoder"
WEIGHTS = "turn-encoder-int8.onnx"
TEXT_TOKENS = 88
BEFORE_TOKENS = 56


def labels() -> tuple[str, ...]:
    """Return what the columns of ``scores`` stand for."""
    return tuple(card(find_model(MODEL))["labels"])


@lru_cache(maxsize=1)
def _session() -> tuple[Any, Any]:
    import onnxruntime

    folder: Path = find_model(MODEL)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(folder / WEIGHTS), options, providers=["CPUExecutionProvider"])
    return session, tokenizer()


@lru_cache(maxsize=1)
def tokenizer() -> Any:
    """Return the sentence encoder's tokenizer, which this encoder shares."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(find_model("sentence-encoder") / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def pack(before: str, text: str, tokens: Any) -> tuple[list[int], list[int]]:
    """Return (ids, types): ``[CLS] before [SEP] text [SEP]``, with type 1 on the text's part."""
    first = tokens.encode(LONE.sub(" ", before), add_special_tokens=False).ids[-BEFORE_TOKENS:]
    second = tokens.encode(LONE.sub(" ", text), add_special_tokens=False).ids[:TEXT_TOKENS]
    start, end = tokens.token_to_id("[CLS]"), tokens.token_to_id("[SEP]")
    ids = [start, *first, end, *second, end]
    return ids, [0] * (len(first) + 2) + [1] * (len(second) + 1)


@lru_cache(maxsize=50_000)
def _scored(before: str, text: str) -> bytes:
    import numpy as np

    session, tokens = _session()
    ids, types = pack(before, text, tokens)
    feed = {"ids": np.array([ids], dtype=np.int64), "types": np.array([types], dtype=np.int64)}
    return session.run(["scores"], feed)[0][0].astype(np.float32).tobytes()


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
    for index, turn in enumerate(turns):
        if turn.judged:
            said = context.before(turns, index, offset=offset)
            # a mail says in one go what a call says in many turns
            alone = context.sentences(turn.text) if turn.written else []
            texts = dict.fromkeys([*context.windows(turn.text), *alone])
            parts = [np.frombuffer(_scored(said, text), dtype=np.float32) for text in texts]
            found[index] = np.max(parts, axis=0)
    return found
