"""The process that ``bench long`` measures: it hears a file through intake and the default engine.

``python -m ci_checker.bench.heard PATH MODEL FOLDER`` writes a line of JSON; windows that are
done are kept under FOLDER, as a run in a workspace keeps them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from ci_checker.bench import alone


def main(path: str, model: str, folder: str) -> int:
    """Hear the file and tell what it took."""
    return alone.tell(lambda: _heard(path, model, Path(folder)))


def _heard(path: str, model: str, folder: Path) -> dict[str, Any]:
    from ci_checker import pipeline
    from ci_checker.app.hearing import Hearing
    from ci_checker.app.progress import Progress
    from ci_checker.bench.long import LONGEST_H
    from ci_checker.settings import Settings

    # A resampled file may be some samples longer than what it was made from.
    most = LONGEST_H + 0.1
    hearing = Hearing(Settings(root=folder, model=model, max_hours=most), Progress())
    _load(hearing.engine)
    loaded_mb = alone.now_mb()
    began = time.perf_counter()
    (call,) = pipeline.read(path, max_hours=most)
    heard = pipeline.hear(call, hearing.engine_for(call), max_hours=most)
    return {
        "model": hearing.file.name,
        "heard_s": time.perf_counter() - began,
        "loaded_mb": loaded_mb,
        "peak_mb": alone.peak_mb(),
        "audio_s": call.audio.duration_s if call.audio else 0.0,
        "words": sum(len(turn.text.split()) for turn in heard.turns),
    }


def _load(engine: Any) -> None:
    """Load the weights and the tokenizer, as the first recording would; fails where they are kept elsewhere."""
    _ = engine._loaded.network, engine._loaded.tokenizer


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
