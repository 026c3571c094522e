"""The leader's view as one HTML file that asks the network for nothing and runs no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ci_checker.commitments.cadence import Cadence, Loop
from ci_checker.report import clean, words
from ci_checker.report.cadence import _lines
from ci_checker.report.renderer import Options, Renderer

FOLDER = Path(__file__).parent


def _render(values: Sequence[Cadence], options: Options) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    (value,) = values
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_final,
    )
    style = "\n".join(line.rstrip() for line in (FOLDER / "page.css").read_text("utf-8").splitlines() if line.strip())
    html = environment.get_template("page.html.j2").render(
        value=value, say=_lines, words=words, marks=marks, style=Markup(style), policy=Markup(policy(style))
    )
    return "\n".join(line.rstrip() for line in html.splitlines() if line.strip()) + "\n"


def policy(style: str) -> str:
    """Return the content policy: this style, an empty icon, and nothing else; no script at all."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def marks(loop: Loop) -> list[str]:
    """Return the state of every check of a week, one mark each."""
    return ["on-time"] * loop.on_time + ["late"] * loop.late + ["overdue"] * loop.overdue


def _final(value: Any) -> Any:
    return clean.visible(value) if type(value) is str else value


RENDERER = Renderer(name="html", render=_render)
