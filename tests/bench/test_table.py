"""The table: what stands in a line, what a ratio is, and what is said of those who are left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ci_checker.bench import audio, contenders, transcribe
from ci_checker.bench.contenders import CONTENDERS, Contender
from ci_checker.bench.transcribe import Measured, Plan, line, measure
from ci_checker.errors import MissingError
from ci_checker.transcribe.spans import Span

RATE = audio.RATE


def of(key: str) -> Contender:
    return next(each for each in CONTENDERS if each.key == key)


def took(heard_s: float, start_s: float = 2.0, peak_mb: float | None = 700.0) -> Measured:
    return Measured(start_s=start_s, heard_s=heard_s, peak_mb=peak_mb)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ({"whisper": took(88.0), "ours": took(4.0)}, "   2.0 s    88.0 s    700 MB   22.0 x faster"),
        ({"whisper": took(1.0, 0.04), "ours": took(4.0)}, "   0.0 s     1.0 s    700 MB    0.2 x faster"),
        ({"whisper": took(88.0, peak_mb=None)}, "   2.0 s    88.0 s         -" + " " * 16),
        ({"whisper": took(12345.6, 99.9, 12345.6), "ours": took(1.0)}, "  99.9 s 12345.6 s  12346 MB12345.6 x faster"),
    ],
)
def test_a_line_has_its_columns_and_how_much_faster_ours_is(found, wanted):
    contender = of("whisper")
    assert line(contender, found) == f"{contender.title:<46}{wanted}"


def test_ours_is_not_compared_with_itself():
    assert line(of("ours"), {"ours": took(4.0)}).rstrip().endswith("700 MB")


def test_one_core_is_compared_with_all_of_them():
    assert "1.9 x faster" in line(of("ours-1"), {"ours": took(4.0), "ours-1": took(7.6)})


def test_what_took_no_time_at_all_has_no_ratio():
    assert "faster" not in line(of("whisper"), {"ours": took(0.0), "whisper": took(5.0)})


@pytest.fixture
def table(monkeypatch) -> Callable[..., tuple[list[str], dict]]:
    """``table(plan, run)``: the lines told and what was measured, with ``run`` in place of the children."""

    def told(plan: Plan, run: Callable[[Contender], Measured], missing: tuple[str, ...] = ()) -> tuple[list[str], dict]:
        monkeypatch.setattr(transcribe, "_lay_out", lambda *_: None)
        monkeypatch.setattr(transcribe.sizes, "write", lambda *_: None)
        monkeypatch.setattr(transcribe.converted, "write", lambda *_: None)
        monkeypatch.setattr(contenders, "find_spec", lambda name: None if name in missing else object())
        monkeypatch.setattr(transcribe, "run", lambda contender, *_: run(contender))
        lines: list[str] = []
        return lines, measure(plan, lines.append)

    return told


def test_every_size_has_its_head_and_every_contender_its_line(table):
    lines, found = table(Plan(dims=("tiny.en", "small.en")), lambda contender: took(4.0))
    heads = [index for index, text in enumerate(lines) if text.startswith("\n")]
    assert [lines[index].split()[0] for index in heads] == ["tiny.en", "small.en"]
    assert heads == [0, 1 + len(CONTENDERS)] and len(lines) == 2 * (1 + len(CONTENDERS))
    assert all(text.startswith(each.title) for text, each in zip(lines[1:], CONTENDERS, strict=False))
    assert list(found) == ["tiny.en", "small.en"] and set(found["tiny.en"]) == {each.key for each in CONTENDERS}


def test_heads_and_lines_have_the_same_width(table):
    lines, _ = table(Plan(dims=("tiny.en",)), lambda contender: took(4.0))
    assert len({len(text.lstrip("\n")) for text in lines}) == 1


def test_who_is_left_out_by_name_is_not_run_and_not_told_of(table):
    ran: list[str] = []
    plan = Plan(dims=("tiny.en",), without=("whisper", "faster", "faster-1"))
    lines, found = table(plan, lambda contender: ran.append(contender.key) or took(4.0))
    assert ran == ["ours", "ours-1"] == list(found["tiny.en"]) and len(lines) == 3


def test_without_ours_there_is_no_ratio(table):
    lines, _ = table(Plan(dims=("tiny.en",), without=("ours",)), lambda contender: took(4.0))
    assert not any("x faster" in text for text in lines)


def test_who_fails_is_told_of_and_does_not_stop_the_others(table):
    def run(contender: Contender) -> Measured:
        if contender.key == "whisper":
            raise MissingError("it failed (MemoryError)")
        return took(4.0)

    lines, found = table(Plan(dims=("tiny.en",)), run)
    assert f"{of('whisper').title:<46}  left out: it failed (MemoryError)" in lines
    assert set(found["tiny.en"]) == {each.key for each in CONTENDERS} - {"whisper"}


def test_who_is_not_installed_is_told_of_with_the_package(table):
    lines, found = table(Plan(dims=("tiny.en",)), lambda contender: took(4.0), missing=("faster_whisper",))
    assert [text for text in lines if "left out" in text] == [
        f"{of(key).title:<46}  left out: faster_whisper is not installed" for key in ("faster", "faster-1")
    ]
    assert not {"faster", "faster-1"} & set(found["tiny.en"])


def test_weights_that_cannot_be_converted_leave_out_only_who_needs_them(table, monkeypatch):
    def refused(*_: object) -> None:
        raise MissingError("CTranslate2 9.9 does not take these weights (no such layer)")

    lines, found = table(Plan(dims=("tiny.en",)), lambda contender: took(4.0))
    monkeypatch.setattr(transcribe.converted, "write", refused)
    lines.clear()
    found = measure(Plan(dims=("tiny.en",)), lines.append)
    assert sum("left out: CTranslate2 9.9 does not take" in text for text in lines) == 2
    assert set(found["tiny.en"]) == {"ours", "ours-1", "whisper"}


def test_a_run_of_nobody_is_a_head_without_lines(table):
    plan = Plan(dims=("tiny.en",), without=tuple(each.key for each in CONTENDERS))
    lines, found = table(plan, lambda contender: pytest.fail("somebody ran"))
    assert len(lines) == 1 and found == {"tiny.en": {}}


def test_the_folder_of_a_run_is_gone_after_it_even_if_it_broke_off(monkeypatch):
    folders: list[Path] = []

    def lay_out(_plan: Plan, folder: Path, _say: object) -> None:
        folders.append(folder)
        (folder / "call.npy").write_bytes(b"samples")
        raise KeyboardInterrupt

    monkeypatch.setattr(transcribe, "_lay_out", lay_out)
    with pytest.raises(KeyboardInterrupt):
        measure(Plan(dims=("tiny.en",)), lambda _line: None)
    assert len(folders) == 1 and not folders[0].exists()


def test_the_call_is_laid_out_once_and_told_of_before_anybody_hears_it(monkeypatch):
    samples = np.zeros((2, 10 * RATE), np.float32)
    monkeypatch.setattr(audio, "call", lambda seconds: samples)
    monkeypatch.setattr(audio, "speech", lambda _samples: [[Span(0.0, 4.0), Span(5.0, 6.0)], [Span(2.0, 4.5)]])
    monkeypatch.setattr(transcribe.sizes, "write", lambda *_: None)
    monkeypatch.setattr(transcribe.converted, "write", lambda *_: None)
    seen: list[tuple] = []

    def run(contender: Contender, folder: Path, tokens: int) -> Measured:
        spans = json.loads((folder / "speech.json").read_text())
        seen.append((contender.key, np.load(folder / "call.npy").shape, spans, tokens))
        return took(1.0)

    monkeypatch.setattr(transcribe, "run", run)
    lines: list[str] = []
    plan = Plan(
        dims=("tiny.en", "base.en"), seconds=10.0, tokens=70, without=("ours-1", "whisper", "faster", "faster-1")
    )
    measure(plan, lines.append)
    assert lines[0].startswith("A stereo call of 10 s, 50% and 25% of its channels speech, on ")
    assert "70 tokens for 30 s of speech" in lines[1]
    assert seen == [("ours", (2, 10 * RATE), [[[0.0, 4.0], [5.0, 6.0]], [[2.0, 4.5]]], 70)] * 2


def test_a_ratio_does_not_depend_on_the_order_of_the_sizes(table):
    def run(contender: Contender) -> Measured:
        return took({"ours": 2.0, "ours-1": 3.0}.get(contender.key, 20.0))

    one, _ = table(Plan(dims=("tiny.en", "base.en")), run)
    two, _ = table(Plan(dims=("base.en", "tiny.en")), run)
    assert sorted(one) == sorted(two)


def test_where_our_time_went_stands_under_the_table_of_its_size_and_of_ours_alone(table):
    def run(contender: Contender) -> Measured:
        stages = {"mel": 1.0, "rest": 3.0} if contender.key.startswith("ours") else {}
        seconds = 2.0 if contender.key == "ours" else 4.0
        return Measured(start_s=1.0, heard_s=seconds, peak_mb=None, stages=stages)

    lines, found = table(Plan(dims=("tiny.en", "base.en"), without=("faster", "faster-1")), run)
    assert len(lines) == 2 * (1 + 3 + 4)
    for first in (0, 8):
        assert lines[first + 3].startswith(of("whisper").title)
        assert lines[first + 4].split() == ["of", "which,", "in", "ci-checker", "CPU", "share"]
        assert [text.split() for text in lines[first + 5 : first + 8]] == [
            ["mel", "1.0", "s", "25.0%"],
            ["rest", "3.0", "s", "75.0%"],
            ["all", "4.0", "s", "100.0%"],
        ]
    assert found["base.en"]["ours"].stages == {"mel": 1.0, "rest": 3.0}


def test_the_stages_have_the_columns_of_the_table(table):
    def run(contender: Contender) -> Measured:
        return Measured(start_s=1.0, heard_s=2.0, peak_mb=700.0, stages={"cross-attention keys": 123.4})

    lines, _ = table(Plan(dims=("tiny.en",), without=("ours-1", "whisper", "faster", "faster-1")), run)
    head, _ours, stages_head, stage, _ = lines
    assert stages_head.index("CPU") + len("CPU") == len(head.lstrip("\n").split("start")[0]) + len("start")
    assert stage[:54].endswith("123.4 s") and stage.endswith("100.0%") and len(stage) == len(stages_head)


def test_ours_that_fails_has_no_stages(table):
    def run(contender: Contender) -> Measured:
        if contender.key == "ours":
            raise MissingError("it failed (the stage 'mel' was never entered)")
        return took(4.0)

    lines, _ = table(Plan(dims=("tiny.en",)), run)
    assert f"{of('ours').title:<46}  left out: it failed (the stage 'mel' was never entered)" in lines
    assert not any("of which" in text for text in lines)
