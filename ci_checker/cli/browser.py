"""Open a page of this machine in the browser."""

from __future__ import annotations

from pathlib import Path

from ci_checker.cli.console import say


def open_page(page: Path, *, quiet: bool = False) -> None:
    """Open a file in the person's browser; where there is none, say where the file is."""
    import webbrowser

    address = page.resolve().as_uri()
    try:
        opened = webbrowser.open(address)
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        say(f"No browser could be opened. The page is {address}", quiet=quiet)
