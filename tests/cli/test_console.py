"""Where results go, in which format, and what a message may do to a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci_checker.cli.console import Sink, either, say, sink
from ci_checker.errors import RequestError

KNOWN = ("text", "html", "json", "md")


def test_text_unless_told_otherwise() -> None:
    assert sink(KNOWN).format == "text"
    assert sink(KNOWN, json=True).format == "json"
    assert sink(KNOWN, format="md").format == "md"
    assert sink(KNOWN, format="json", json=True).format == "json"


@pytest.mark.parametrize(
    ("name", "format"), [("a.json", "json"), ("a.HTML", "html"), ("a.md", "md"), ("a.txt", "text"), ("a", "text")]
)
def test_the_ending_tells_the_format(tmp_path: Path, name: str, format: str) -> None:
    assert sink(KNOWN, output=tmp_path / name).format == format


def test_what_is_asked_for_goes_before_the_ending(tmp_path: Path) -> None:
    assert sink(KNOWN, format="md", output=tmp_path / "a.json").format == "md"
    assert sink(KNOWN, json=True, output=tmp_path / "a.md").format == "json"


@pytest.mark.parametrize("name", ["report.pdf", "a.md"])
def test_an_ending_that_nothing_is_written_as_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RequestError, match=r"nothing here is written as .*\.json"):
        sink(("text", "json"), output=tmp_path / name)
    assert sink(("text", "json"), format="text", output=tmp_path / name).format == "text"


def test_a_dash_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    out = sink(KNOWN, output=Path("-"))
    assert out.path is None
    out.write("one")
    assert capsys.readouterr() == ("one\n", "")


def test_contradictions_and_strangers() -> None:
    with pytest.raises(RequestError, match="contradict"):
        sink(KNOWN, format="md", json=True)
    with pytest.raises(RequestError, match=r"'pdf' is no format.*text, html, json or md"):
        sink(KNOWN, format="pdf")


def test_an_output_that_cannot_be_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="a folder"):
        sink(KNOWN, output=tmp_path)
    with pytest.raises(RequestError, match="no such folder"):
        sink(KNOWN, output=tmp_path / "none" / "a.json")


def test_a_file_is_written_in_utf8_and_said_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Sink(format="text", path=tmp_path / "a.txt").write("“für Elise”")
    assert (tmp_path / "a.txt").read_bytes() == "“für Elise”\n".encode()
    out, err = capsys.readouterr()
    assert out == ""
    assert "Written to" in err
    Sink(format="text", path=tmp_path / "a.txt", quiet=True).write("x\n")
    assert (tmp_path / "a.txt").read_text() == "x\n"
    assert capsys.readouterr() == ("", "")


def test_a_failed_write_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be written"):
        Sink(format="text", path=tmp_path).write("x")


def test_messages_obey_no_file_name(capsys: pytest.CaptureFixture[str]) -> None:
    say("bad\x1b[31mname\x07.wav\nsecond  column\u202e")
    assert capsys.readouterr().err == "badname.wav\nsecond  column\n"


def test_columns_and_indents_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    say("  Rep       Luke Porter\n\n    more")
    assert capsys.readouterr().err == "  Rep       Luke Porter\n\n    more\n"


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    say("hello", quiet=True)
    assert capsys.readouterr().err == ""


def test_either() -> None:
    assert either(("a",)) == "a"
    assert either(("a", "b", "c")) == "a, b or c"
