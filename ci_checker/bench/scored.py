"""The process that ``bench detect`` measures: it scores a tiny call, then the long one, on one core.

``python -m ci_checker.bench.scored TINY LONG`` writes a line of JSON.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Any

from ci_checker.bench import alone, talk
from ci_checker.errors import CallError


def main(tiny: str, long: str) -> int:
    """Score both calls and tell how long each took."""
    alone.hold(1)
    return alone.tell(lambda: _scored(tiny, long))


def _scored(tiny: str, long: str) -> dict[str, Any]:
    began = time.perf_counter()
    from ci_checker.app import scoring
    from ci_checker.settings import Settings

    imported()
    known = time.perf_counter()

    def score(path: str) -> Any:
        (found,) = scoring.score([path], scoring.ScoreOptions(rep=talk.REP), Settings())
        if found.error:
            raise CallError(found.error)
        return found

    score(tiny)
    loaded = time.perf_counter()
    found = score(long)
    return {
        "import_s": known - began,
        "load_s": loaded - known,
        "score_s": time.perf_counter() - loaded,
        "peak_mb": alone.peak_mb(),
        "turns": len(found.call.turns),
        "verdicts": dict(Counter(result.verdict.value for result in found.results)),
    }


def imported() -> None:
    """Import what scoring a text imports of others."""
    import numpy  # noqa: F401
    import onnxruntime  # noqa: F401
    import platformdirs  # noqa: F401
    import tokenizers  # noqa: F401
    import yaml  # noqa: F401

    from ci_checker.behaviors import nlp

    nlp.spacy()


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
