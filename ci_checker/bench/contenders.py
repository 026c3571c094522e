"""The recognizers that are compared, each run in a process of its own (``child``).

All hear the same samples with the same random weights and write a fixed number of tokens for
each second of speech, since random weights would end at once or never. Thresholds that judge
text are off for all: random text would fail them, and be heard six times.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_checker.bench.audio import tokens_for
from ci_checker.transcribe.spans import Span

_WINDOW_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a contender hears, and with what; ``spans`` only say how many tokens a window has."""

    samples: NDArray[np.float32]
    spans: list[list[Span]]
    checkpoint: Path
    converted: Path | None
    tokens: int
    ready: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """``run`` calls ``ready`` when the first window could be heard; ``cores`` 0 means all.

    It may return the processor seconds of its stages.
    """

    key: str
    title: str
    run: Callable[[Given], Mapping[str, float] | None]
    cores: int = 0
    needs: str = ""

    @property
    def installed(self) -> bool:
        """Whether what it needs is here."""
        return not self.needs or find_spec(self.needs) is not None


def _whisper(given: Given) -> None:
    """The ``whisper`` command's defaults: beam 5, best of 5, earlier text as a prompt, no voice activity."""
    import whisper

    model = whisper.load_model(str(given.checkpoint))
    given.ready()
    for channel, said in zip(given.samples, given.spans, strict=True):
        count = -(-len(channel) // (16_000 * 30))
        fixed = [tokens_for(said, i * _WINDOW_S, (i + 1) * _WINDOW_S, given.tokens) for i in range(count)]
        with _Fixed(fixed):
            model.transcribe(
                channel,
                language="en",
                temperature=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
                beam_size=5,
                best_of=5,
                fp16=False,
                verbose=None,
                compression_ratio_threshold=None,
                logprob_threshold=None,
                no_speech_threshold=None,
            )


class _Fixed:
    """While it is entered, openai-whisper ends its n-th window after so many tokens, and not before."""

    def __init__(self, lengths: list[int]) -> None:
        self._lengths = iter(lengths)

    def __enter__(self) -> None:
        from whisper import decoding

        self._real = real = decoding.DecodingTask.__init__
        lengths = self._lengths

        def init(task: Any, model: Any, options: Any) -> None:
            real(task, model, options)
            # Before the rule on timestamps, which a window of random text would end by.
            task.logit_filters.insert(-1, _Until(task.tokenizer, task.sample_begin, next(lengths, 1)))

        decoding.DecodingTask.__init__ = init  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        from whisper import decoding

        decoding.DecodingTask.__init__ = self._real  # type: ignore[method-assign]


class _Until:
    """One timestamp, then words, then the end: so that every window moves on by 30 seconds."""

    def __init__(self, tokenizer: Any, begin: int, count: int) -> None:
        self._end, self._times = tokenizer.eot, tokenizer.timestamp_begin
        self._begin, self._count = begin, count

    def apply(self, logits: Any, tokens: Any) -> None:
        """Change the scores of the next tokens."""
        said = tokens.shape[1] - self._begin
        if said == 0:
            return
        if said < self._count:
            logits[:, self._times :] = -np.inf
            logits[:, self._end] = -np.inf
        else:
            logits[:, : self._end] = -np.inf
            logits[:, self._end + 1 :] = -np.inf


def _ours(given: Given) -> Mapping[str, float]:
    """This project's engine, word times included, and where its time goes."""
    from ci_checker.bench.stages import Watch
    from ci_checker.bench.timed import TimedEngine
    from ci_checker.transcribe.engine import channel_names
    from ci_checker.transcribe.models import ModelFile

    file = ModelFile(name="random", path=given.checkpoint, sha256="0" * 64)
    engine = TimedEngine(file, tokens=given.tokens)
    engine.load()
    watch = Watch()
    given.ready()
    with watch:
        engine.transcribe(given.samples, channel_names=channel_names(len(given.samples)))
    return watch.spent()


def _faster(beam: int) -> Callable[[Given], None]:
    def run(given: Given) -> None:
        """faster-whisper's batched pipeline with its own voice activity, int8, a channel at a time."""
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        model = WhisperModel(str(given.converted), device="cpu", compute_type="int8", local_files_only=True)
        pipeline = BatchedInferencePipeline(model=model)
        given.ready()
        for channel in given.samples:
            # A list, since the segments are heard as they are taken.
            list(pipeline.transcribe(channel, beam_size=beam, max_new_tokens=given.tokens, log_prob_threshold=None)[0])

    return run


CONTENDERS: tuple[Contender, ...] = (
    Contender(key="ours", title="ci-checker", run=_ours),
    Contender(key="ours-1", title="ci-checker on one core", run=_ours, cores=1),
    Contender(key="whisper", title="the whisper command's defaults, each channel", run=_whisper),
    Contender(key="faster", title="faster-whisper int8, batched, beam 5", run=_faster(5), needs="faster_whisper"),
    Contender(key="faster-1", title="faster-whisper int8, batched, greedy", run=_faster(1), needs="faster_whisper"),
)
