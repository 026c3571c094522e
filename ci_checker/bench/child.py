"""One contender in a process of its own, so that its memory and its threads are its own.

``python -m ci_checker.bench.child KEY FOLDER TOKENS CORES STARTED`` writes a line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def main(key: str, folder: str, tokens: str, cores: str, started: str) -> int:
    """Hear the call in ``folder`` and tell how long it took."""
    if int(cores):
        # Before anything that counts cores is imported.
        os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), cores))
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cores)])
    import numpy as np

    from ci_checker.bench.contenders import CONTENDERS, Given
    from ci_checker.transcribe.spans import Span

    samples = np.load(Path(folder) / "call.npy", allow_pickle=False)
    spans = json.loads((Path(folder) / "speech.json").read_text(encoding="utf-8"))
    at: list[float] = []
    converted = Path(folder) / "converted"
    contender = next(each for each in CONTENDERS if each.key == key)
    given = Given(
        samples=samples,
        spans=[[Span(*span) for span in channel] for channel in spans],
        checkpoint=Path(folder) / "random.pt",
        converted=converted if converted.is_dir() else None,
        tokens=int(tokens),
        ready=lambda: at.append(time.time()),
    )
    contender.run(given)
    told = {"start_s": at[0] - float(started), "heard_s": time.time() - at[0], "peak_mb": peak_mb()}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def peak_mb() -> float | None:
    """Return the most memory this process has held, ``None`` where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
