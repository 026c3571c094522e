"""Formats are found by walking a folder, and a wrong request gets one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest
import samples

from ci_checker.errors import CallError, RequestError
from ci_checker.model import Call, Source, Turn
from ci_checker.report import findings, formats, render, render_transcript


def test_formats() -> None:
    assert formats("report") == ("text", "crm", "html", "json", "md")
    assert formats("score") == ("text", "html", "json", "md")
    assert formats("transcript") == ("text", "json", "md", "vtt")


def test_a_new_format_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shout.py").write_text(
        "from ci_checker.report.renderer import Renderer\n"
        "RENDERER = Renderer(name='shout', render=lambda reports, options: reports[0].rep.upper())\n"
    )
    monkeypatch.setattr(findings, "__path__", [*findings.__path__, str(tmp_path)])
    assert "shout" in formats("report")
    assert render(samples.reports()["short"], "shout") == "DANA ORTIZ"


def test_unknown_names() -> None:
    with pytest.raises(RequestError, match=r"cannot be written as 'pdf'\. Use text, crm, html, json or md\."):
        render(samples.reports()["short"], "pdf")
    with pytest.raises(RequestError, match="no kind of output called 'poem'"):
        formats("poem")


def test_nothing_and_mixtures() -> None:
    with pytest.raises(RequestError, match="nothing to show"):
        render([], "text")
    with pytest.raises(RequestError, match="cannot be shown together"):
        render([samples.reports()["short"], samples.scored()[0]], "text")  # type: ignore[list-item]
    assert '"calls": []' in render([], "json", kind="score")


def test_one_value_or_several() -> None:
    one = samples.reports()["enough"]
    assert render(one, "text") == render([one], "text")
    assert render(samples.scored()[0], "md") == render(samples.scored()[:1], "md")  # type: ignore[arg-type]


def test_color_only_on_request() -> None:
    one = samples.reports()["short"]
    assert "\x1b" not in render(one, "text")
    colored = render(one, "text", color=True)
    assert "\x1b[1m" in colored
    assert colored.count("\x1b[0m") * 2 == colored.count("\x1b[")


def test_transcript_lines() -> None:
    call = samples.scored()[0].call
    assert render_transcript(call, "text").startswith("[00:00] right: Hello, Pat speaking.\n[00:02] left: Hi Pat")


def test_no_time_is_invented() -> None:
    mail = samples.scored()[1].call
    assert render_transcript(mail, "text").startswith("Dana Ortiz: You announced")
    assert '"start": null' in render_transcript(mail, "json")
    with pytest.raises(CallError, match="has no times, and WebVTT cannot do without"):
        render_transcript(mail, "vtt")


def test_vtt_holds_one_call_and_bounds_open_ends() -> None:
    turns = (
        Turn(speaker="A<b>", text="x --> <i>y</i>", start_s=1.0),
        Turn(speaker="B", text="z", start_s=3.5),
    )
    call = Call(path="c", sha256="0", source=Source.TRANSCRIPT, turns=turns, duration_s=3601.25)
    said = render_transcript(call, "vtt")
    assert "00:00:01.000 --> 00:00:03.500\n<v Ab>x --&gt; &lt;i&gt;y&lt;/i&gt;</v>" in said
    assert "00:00:03.500 --> 01:00:01.250" in said
    with pytest.raises(RequestError, match="holds one call, not 2"):
        render_transcript([call, call], "vtt")
