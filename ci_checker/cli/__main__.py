"""``python -m ci_checker.cli`` is ``ci-checker``."""

from __future__ import annotations

from ci_checker.cli.main import run

if __name__ == "__main__":
    run()
