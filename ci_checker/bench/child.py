"""One contender in a process of its own, so that its memory and its threads are its own.

``python -m ci_checker.bench.child KEY FOLDER TOKENS CORES STARTED`` writes a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from ci_checker.bench import alone


def main(key: str, folder: str, tokens: str, cores: str, started: str) -> int:
    """Hear the call in ``folder`` and tell how long it took."""
    alone.hold(int(cores))
    return alone.tell(lambda: _heard(key, Path(folder), int(tokens), float(started)))


def _heard(key: str, folder: Path, tokens: int, started: float) -> dict[str, Any]:
    import numpy as np

    from ci_checker.bench.contenders import CONTENDERS, Given
    from ci_checker.transcribe.spans import Span

    samples = np.load(folder / "call.npy", allow_pickle=False)
    spans = json.loads((folder / "speech.json").read_text(encoding="utf-8"))
    at: list[float] = []
    converted = folder / "converted"
    contender = next(each for each in CONTENDERS if each.key == key)
    given = Given(
        samples=samples,
        spans=[[Span(*span) for span in channel] for channel in spans],
        checkpoint=folder / "random.pt",
        converted=converted if converted.is_dir() else None,
        tokens=tokens,
        ready=lambda: at.append(time.time()),
    )
    stages = contender.run(given)
    heard_s = time.time() - at[0]
    return {"start_s": at[0] - started, "heard_s": heard_s, "peak_mb": alone.peak_mb(), "stages": stages or {}}


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
