"""A process of its own for whatever is measured, so that its memory and its threads are its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from ci_checker.errors import CheckerError, MissingError

_STATUS: Final = Path("/proc/self/status")


def run(module: str, *arguments: str, what: str = "it") -> dict[str, Any]:
    """Run ``python -m module`` and return the line of JSON that it ends with.

    Raises MissingError with the last line of its errors; ``what`` is the sentence's subject.
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise MissingError(f"{what} failed ({last})")
    return json.loads(done.stdout.strip().splitlines()[-1])  # type: ignore[no-any-return]


def tell(work: Callable[[], Mapping[str, Any]]) -> int:
    """Write what ``work`` returns as ``run`` reads it; return the exit status, 1 where it cannot be done."""
    try:
        told = work()
    except CheckerError as problem:
        sys.stderr.write(f"{problem.line}\n")
        return 1
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def hold(cores: int) -> None:
    """Keep this process on so many cores, all where it is 0; before anything that counts cores is imported."""
    if not cores:
        return
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(cores)))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def cores() -> int:
    """Return how many cores this process may use."""
    known = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known else os.cpu_count() or 1


def peak_mb() -> float | None:
    """Return the most memory this process has held, in millions of bytes; ``None`` where nothing tells."""
    # Linux counts the memory of the process that started this one into ru_maxrss, so that is the second choice.
    if (found := _status("VmHWM")) is not None:
        return found
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def now_mb() -> float | None:
    """Return the memory this process holds now, in millions of bytes; ``None`` where the system does not tell."""
    return _status("VmRSS")


def mb(amount: float | None) -> str:
    """Return memory as the tables write it."""
    return "-" if amount is None else f"{amount:.0f} MB"


def _status(name: str) -> float | None:
    try:
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    found = next((line for line in lines if line.startswith(f"{name}:")), None)
    return int(found.split()[1]) * 1024 / 1e6 if found else None
