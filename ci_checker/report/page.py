"""One self-contained HTML page: the templates, the content policy, the clips."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from ci_checker.report import clean, phrases, sentences, words

FOLDER = Path(__file__).parent / "templates"


def page(template: str, **values: Any) -> str:
    """Render a template into one page that asks the network for nothing.

    Style and script are inline and named by their hash in the content policy,
    so nothing that a transcript smuggles in could run even if it were not escaped.
    """
    from markupsafe import Markup

    style, script = _asset("page.css"), _asset("page.js")
    html = (
        _environment()
        .get_template(template)
        .render(style=Markup(style), script=Markup(script), policy=Markup(policy(style, script)), **values)
    )
    return "\n".join(line.rstrip() for line in html.splitlines() if line.strip()) + "\n"


@lru_cache(maxsize=1)
def _environment() -> Any:
    """Return the templates, compiled once for all the pages of a run."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_final,
    )
    environment.globals |= {"words": words, "phrases": phrases, "sentences": sentences}
    return environment


def policy(style: str, script: str) -> str:
    """Return the content policy: nothing but this style, this script, and data: sound and images."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "media-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def sound(clip: bytes) -> str:
    """Return the ``data:`` address of a clip."""
    return f"data:{_media_type(clip)};base64,{base64.b64encode(clip).decode('ascii')}"


def _media_type(clip: bytes) -> str:
    known = {b"RIFF": "audio/wav", b"OggS": "audio/ogg", b"fLaC": "audio/flac"}
    return known.get(clip[:4], "audio/mpeg")


def _asset(name: str) -> str:
    # Without empty lines or ends of lines that the page's own tidying would change after hashing.
    text = (FOLDER / name).read_text(encoding="utf-8")
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _final(value: Any) -> Any:
    return clean.visible(value) if type(value) is str else value
