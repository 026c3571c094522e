"""Open a page of this machine in the browser."""

from __future__ import annotations

import os
from pathlib import Path

from ci_checker.cli.console import say

NO_BROWSER = "CI_CHECKER_NO_BROWSER"


def open_page(page: Path, *, quiet: bool = False) -> None:
    """Open a file in the person's browser; where there is none, say where the file is.

    ``CI_CHECKER_NO_BROWSER`` set to anything keeps the browser closed (a server, a test).
    """
    import webbrowser

    address = page.resolve().as_uri()
    if os.environ.get(NO_BROWSER):
        say(f"The page is {address}", quiet=quiet)
        return
    try:
        opened = webbrowser.open(address)
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        say(f"No browser could be opened. The page is {address}", quiet=quiet)
