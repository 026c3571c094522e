"""Which turns are labelled, what is drawn, and what the command asks for before it begins."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from ci_checker.assets import sha256_of
from ci_checker.behaviors.features import Instance
from ci_checker.errors import RequestError
from ci_checker.learn import curves
from ci_checker.learn.__main__ import main
from ci_checker.learn.curves import CLOSING, FIGURE, OPENING, Point
from ci_checker.learn.turns import Table


def table(truth: list[int], turn: list[int] | None = None) -> Table:
    n = len(truth)
    item = Instance(turn=0, start=0, end=1, text="a", previous="", tags=())
    return Table(
        labels=("x",),
        items=(item,) * n,
        dense=(np.zeros((n, 1)), np.zeros((n, 1))),
        group=np.zeros(n, int),
        turn=np.array(turn if turn is not None else range(n)),
        truth=np.array(truth, dtype=np.int8)[:, None],
        near=np.zeros((n, 1), bool),
        whole=np.ones(n, bool),
    )


ALL = np.ones(12, bool)
TRUTH = [1, 0, 0, 1, 0, -1, 0, 0, 0, 0, 1, 0]


@pytest.mark.parametrize(("size", "with_it", "without"), [(1, 1, 4), (2, 2, 8), (3, 3, 8)])
def test_four_turns_without_stand_beside_each_with_it_as_far_as_there_are(
    size: int, with_it: int, without: int
) -> None:
    keep = curves._some(table(TRUTH), ALL, size, np.arange(12))
    assert keep is not None
    chosen = np.array(TRUTH)[keep]
    assert ((chosen == 1).sum(), (chosen == 0).sum(), (chosen == -1).sum()) == (with_it, without, 0)


@pytest.mark.parametrize("size", [4, 100])
def test_a_size_that_there_is_not_gives_nothing(size: int) -> None:
    assert curves._some(table(TRUTH), ALL, size, np.arange(12)) is None


def test_too_few_turns_without_it_give_nothing_either() -> None:
    assert curves._some(table([1, 1, 1, 0]), np.ones(4, bool), 2, np.arange(4)) is None


def test_a_larger_size_holds_the_smaller_one_in_any_order() -> None:
    for seed in range(10):
        order = np.random.default_rng(seed).permutation(12)
        one, two, three = (curves._some(table(TRUTH), ALL, size, order) for size in (1, 2, 3))
        assert one is not None and two is not None and three is not None
        assert not (one & ~two).any() and not (two & ~three).any()


def test_turns_that_are_held_out_are_never_labelled() -> None:
    free = np.arange(12) < 8
    for seed in range(10):
        keep = curves._some(table(TRUTH), free, 2, np.random.default_rng(seed).permutation(12))
        assert keep is not None and not (keep & ~free).any()


def test_a_turn_comes_with_all_its_parts() -> None:
    parts = table([1, 1, 1, 0, 0, 0], turn=[0, 0, 0, 1, 1, 2])
    keep = curves._some(parts, np.ones(6, bool), 1, np.arange(3))
    assert keep is not None and keep.tolist() == [True] * 6
    assert curves._some(parts, np.ones(6, bool), 2, np.arange(3)) is None  # one turn, however many parts


# --- points and pictures --------------------------------------------------------------------------


def test_a_point_is_the_mean_with_smallest_and_largest() -> None:
    found = curves._point("x", 5, [(0.2, 0.5), (0.6, 0.1), (0.4, 0.3)])
    assert (found.draws, found.ap_range, found.f1_range) == (3, (0.2, 0.6), (0.1, 0.5))
    assert (found.ap, found.f1) == (pytest.approx(0.4), pytest.approx(0.3))


def point(label: str, size: int, ap: float) -> Point:
    low, high = max(0.0, ap - 0.1), min(1.0, ap + 0.1)
    return Point(label=label, examples=size, draws=1, ap=ap, ap_range=(low, high), f1=0.0, f1_range=(0.0, 0.0))


def shapes(image: ElementTree.Element, tag: str) -> list[list[tuple[float, float]]]:
    return [
        [tuple(map(float, pair.split(","))) for pair in each.get("points", "").split()]  # type: ignore[misc]
        for each in image.iter()
        if each.tag.endswith(tag)
    ]


def test_everything_is_drawn_inside_the_picture_and_the_line_inside_its_band() -> None:
    drawn = [point(label, size, ap) for label in "abcd" for size, ap in ((5, 0.0), (25, 0.5), (100, 1.0))]
    image = ElementTree.fromstring(curves.figure(drawn))
    _, _, width, height = map(float, image.get("viewBox", "").split())
    bands, drawn_lines = shapes(image, "polygon"), shapes(image, "polyline")
    assert len(bands) == len(drawn_lines) == 4
    for x, y in [pair for shape in (*bands, *drawn_lines) for pair in shape]:
        assert 0 <= x <= width and 0 <= y <= height
    for band, line in zip(bands, drawn_lines, strict=True):
        upper, lower = band[:3], band[:2:-1]
        for (x, y), (_, above), (_, below) in zip(line, upper, lower, strict=True):
            assert above <= y <= below and x in {place for place, _ in band}


def test_the_axis_is_logarithmic() -> None:
    image = ElementTree.fromstring(curves.figure([point("a", size, 0.5) for size in (10, 100, 1000)]))
    (((one, _), (two, _), (three, _)),) = shapes(image, "polyline")
    assert two - one == pytest.approx(three - two, abs=0.2)


def test_labels_that_share_a_color_do_not_share_a_dash_before_the_fourth() -> None:
    text = curves.figure([point(label, size, 0.5) for label in "abc" for size in (5, 10)])
    lines = [line for line in text.split("\n") if line.startswith("<polyline")]
    assert len({line.partition("stroke=")[2] for line in lines}) == 3


def test_a_figure_asks_for_nothing_from_outside() -> None:
    text = curves.figure([point("a & b <script>", 5, 0.5), point("a & b <script>", 10, 0.5)])
    assert "<script>" not in text and "href" not in text and "url(" not in text
    assert text.count("http") == 1 and "http://www.w3.org/2000/svg" in text


def test_points_of_another_label_leave_its_cell_empty() -> None:
    text = curves.table_of([point("a", 5, 0.5), point("b", 10, 0.5)])
    assert "| a | AP | 0.50 (0.40-0.60) | - |" in text and "| b | AP | - | 0.50 (0.40-0.60) |" in text


# --- cards ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("# T\n", f"# T\n\n{OPENING}\nnew\n{CLOSING}\n"),
        ("# T\n\n\n", f"# T\n\n{OPENING}\nnew\n{CLOSING}\n"),
        (f"# T\n\n{OPENING}\nold\n{CLOSING}\n\n## End\n", f"# T\n\n{OPENING}\nnew\n{CLOSING}\n\n## End\n"),
    ],
)
def test_the_curves_stand_between_their_markers_or_at_the_end(kept: str, written: str, tmp_path: Path) -> None:
    card = tmp_path / "MODEL_CARD.md"
    card.write_text(kept, encoding="utf-8")
    for _ in range(2):  # the second time changes nothing
        curves.put_into(card, "new")
        assert card.read_text(encoding="utf-8") == written


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"file": 1}', None])
def test_a_card_that_tells_of_no_files_is_refused(content: str | None, tmp_path: Path) -> None:
    (tmp_path / FIGURE).write_text("<svg/>")
    if content is not None:
        (tmp_path / "card.json").write_text(content)
    with pytest.raises(RequestError) as refused:
        curves.register(tmp_path)
    assert refused.value.line.startswith(f"{tmp_path / 'card.json'}: the model's card cannot be read (")


def test_the_figure_is_listed_after_the_other_files_once(tmp_path: Path) -> None:
    (tmp_path / FIGURE).write_text("<svg/>")
    (tmp_path / "card.json").write_text('{"files": {"a.bin": "1"}, "z": 1}')
    (tmp_path / "MODEL_CARD.md").write_text("## Files\n| file | sha256 |\n| --- | --- |\n| `a.bin` | `1` |\n\nend\n")
    for text in ("<svg/>", "<svg>2</svg>"):
        (tmp_path / FIGURE).write_text(text)
        curves.register(tmp_path)
        digest = sha256_of(tmp_path / FIGURE)
        assert json.loads((tmp_path / "card.json").read_text()) == {"files": {"a.bin": "1", FIGURE: digest}, "z": 1}
        rows = (tmp_path / "MODEL_CARD.md").read_text().split("\n")
        assert rows[3:5] == ["| `a.bin` | `1` |", f"| `{FIGURE}` | `{digest}` |"] and rows[-2:] == ["end", ""]


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    def measure(*given: object, **options: object) -> None:
        raise AssertionError("the work began before the request was looked at")

    monkeypatch.setattr(curves, "measure", measure)
    (tmp_path / "a.txt").write_text("## a | x\nR[c]: hello\n", encoding="utf-8")
    return str(tmp_path / "a.txt")


@pytest.mark.parametrize("given", [["--sizes", "0", "5"], ["--sizes", "-1"], ["--draws", "0"]])
def test_sizes_and_draws_must_be_something(given: list[str], never: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["curves", "--data", never, *given]) == 2
    assert capsys.readouterr().err == "sizes and draws are whole numbers of 1 and more\n"


def test_a_folder_that_is_not_there_is_told_before_the_work_begins(
    never: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["curves", "--data", never, "--write", str(tmp_path / "nowhere")]) == 2
    card = tmp_path / "nowhere" / "MODEL_CARD.md"
    assert capsys.readouterr().err == f"{card}: there is no such card\n"
    assert not (tmp_path / "nowhere").exists()


def test_sizes_are_taken_in_order_and_all_options_reach_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def measure(conversations, labels, sizes, *, draws, seed):
        asked.extend([len(conversations), labels, sizes, draws, seed])
        return [point("c", size, 0.5) for size in sizes]

    monkeypatch.setattr(curves, "measure", measure)
    (tmp_path / "a.txt").write_text("## a | x\nR[c]: hello\n", encoding="utf-8")
    given = ["--label", "c", "--sizes", "10", "5", "--draws", "2", "--seed", "9"]
    assert main(["curves", "--data", str(tmp_path / "a.txt"), *given]) == 0
    assert asked == [1, ["c"], [5, 10], 2, 9]
    out = capsys.readouterr().out
    assert "means of 2 draws" in out and "| label | | 5 | 10 |" in out and "on 30% of the conversations" in out
