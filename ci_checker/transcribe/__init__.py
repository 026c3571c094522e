"""Audio to turns with words and times: voice activity, windows, recognition, turns."""

from __future__ import annotations

from ci_checker.transcribe.engine import Engine, engine_names, load_engine

__all__ = ["Engine", "engine_names", "load_engine"]
