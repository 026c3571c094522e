"""What strangers said stays words: no markup, no terminal control, no formula."""

from __future__ import annotations

import re

import pytest
import samples

from ci_checker.report import clean, formats, render, render_transcript

CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a\x1b[31mred\x1b[0m b", "ared b"),
        ("a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c", "abc"),
        ("a\x9b2Jb\x07\x00c\x7f", "abc"),
        ("one\r\ntwo\tthree\u2028four", "one two three four"),
        ("abc\u202edcba\u2069", "abcdcba"),
        ("unfinished\x1b", "unfinished"),
        ("naïve 日本 👩\u200d🚀", "naïve 日本 👩\u200d🚀"),
        ("half \udc80", "half \ufffd"),
    ],
)
def test_plain(text: str, safe: str) -> None:
    assert clean.plain(text) == safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<b>&", "&lt;b&gt;&amp;"),
        ("**a** _b_ `c` [d](e) #f ~g~ |h| $i$", r"\*\*a\*\* \_b\_ \`c\` \[d\](e) \#f \~g\~ \|h\| \$i\$"),
        ("- item", r"\- item"),
        ("+ item", r"\+ item"),
        ("=== ", r"\==="),
        (
            "https://evil.example www.evil.example a@b.c",
            "https&#58;//evil.example www&#46;evil.example a&#64;b.c",
        ),
        ("a well-known fact. 5 of 6", "a well-known fact. 5 of 6"),
    ],
)
def test_markdown(text: str, safe: str) -> None:
    assert clean.markdown(text) == safe


def test_markdown_numbers_do_not_start_lists() -> None:
    assert not re.match(r"\d+[.)] ", clean.markdown("12. item"))
    assert clean.markdown("12 items") == "12 items"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", '"=', "\t=", "\x1b[1m=", "＝"])
def test_cell_is_no_formula(start: str) -> None:
    assert clean.cell(f"{start}1+1").startswith("'")


def test_cell_keeps_to_its_column() -> None:
    assert clean.cell("a | b\nc") == "a / b c"


@pytest.mark.parametrize("format", [one for one in formats("report") if one != "json"])
def test_hostile_report(format: str) -> None:
    said = render(samples.hostile(), format, clips=samples.clips())
    assert not CONTROLS.search(said)
    if format in ("html", "md"):
        assert "<script>alert" not in said
        assert "<img" not in said
    if format == "md":
        assert "[a](http" not in said
        assert "://" not in said


def test_hostile_crm_line() -> None:
    said = render(samples.hostile(), "crm")
    fields = said.rstrip("\n").split(" | ")
    assert said.count("\n") == 1
    assert len(fields) == 5
    assert not any(field.startswith(("=", "+", "-", "@")) for field in fields)


def test_hostile_transcript() -> None:
    import dataclasses

    call = samples.scored()[0].call
    turns = (dataclasses.replace(call.turns[0], speaker="<script>\n", text=samples.HOSTILE),)
    hostile = dataclasses.replace(call, turns=turns, path=samples.HOSTILE)
    for format in ("text", "md", "vtt"):
        said = render_transcript(hostile, format)
        assert not CONTROLS.search(said)
        assert format == "text" or "<script>" not in said
