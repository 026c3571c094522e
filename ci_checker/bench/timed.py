"""This project's engine with a fixed number of tokens, for weights that say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ci_checker.bench.audio import tokens_for
from ci_checker.transcribe import rest
from ci_checker.transcribe.decode import Decoded
from ci_checker.transcribe.engines.whisper_torch import WhisperTorch
from ci_checker.transcribe.models import ModelFile
from ci_checker.transcribe.windows import Window, spans_in

if TYPE_CHECKING:
    from ci_checker.transcribe.cross import Cross


class TimedEngine(WhisperTorch):
    """Does all that the engine does, word times included, but judges no text.

    A second hearing of what has no words is left out: random text covers next to nothing,
    so it would be all of the call again.
    """

    def __init__(self, model: ModelFile, *, tokens: int) -> None:
        super().__init__(model)
        self._tokens = tokens
        self._heard = False

    def load(self) -> None:
        """Load the weights and the tokenizer, as the first window would."""
        _ = self._loaded.network, self._loaded.tokenizer

    def _decode(self, cross: Cross, windows: Sequence[Window]) -> list[Decoded]:
        from ci_checker.transcribe.loop import write
        from ci_checker.transcribe.rules import Rules

        network, tokenizer = self._loaded.network, self._loaded.tokenizer
        lengths = [tokens_for(spans_in([window]), window.start_s, window.end_s, self._tokens) for window in windows]
        rules = Rules(tokenizer, network.dims)
        rows = write(network, cross, range(len(windows)), rules, lengths=lengths)
        return [
            Decoded(
                tokens=tuple(token for token in row.tokens if token < tokenizer.eot),
                written=tuple(row.tokens),
                certain=tuple(row.chances),
                covered=None,
                silent=False,
                temperature=0.0,
            )
            for row in rows
        ]

    def _hear_all(self, jobs: Sequence[object], *rest_of: object) -> list[rest.Outcome]:  # type: ignore[override]
        if self._heard:
            return [rest.Outcome(words=()) for _ in jobs]
        self._heard = True
        return super()._hear_all(jobs, *rest_of)  # type: ignore[arg-type]
