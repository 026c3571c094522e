"""Several reports as one folder: an index in the order of the checks, and a page a rep."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
import samples

from ci_checker.model import Report
from ci_checker.report import bundle
from ci_checker.report.bundle import INDEX, file_names

DAY = date(2026, 11, 20)


def due(report: Report, day: date) -> Report:
    assert report.finding
    finding = replace(report.finding, commitment=replace(report.finding.commitment, check_on=day))
    return replace(report, finding=finding)


def team() -> list[Report]:
    reports = samples.reports()
    return [
        due(reports["open"], date(2026, 11, 27)),
        reports["nothing"],
        reports["short"],
        due(reports["enough"], date(2026, 11, 18)),
    ]


def test_the_index_has_them_in_order_of_the_checks_one_line_each() -> None:
    pages = bundle(team(), day=DAY, manager="Sam Reed")
    index = pages[INDEX]
    assert list(pages) == [INDEX, "lena-fischer.html", "dana-ortiz.html", "priya-nair.html", "ines-duarte.html"]
    assert re.findall(r'<a href="([a-z-]+\.html)">', index) == list(pages)[1:]
    assert index.index("Two 1:1s today") < index.index("Wed 18 Nov, 2 days overdue") < index.index(">today, Fri 20 Nov")
    assert index.index("To check today") < index.index("Later") < index.index("Nothing to check")
    assert "5 of 10</b> seen, less often than promised" in index
    assert "Sam Reed" in index and "no order among people is meant" in index


def test_every_page_leads_back_and_holds_its_own_clips_only() -> None:
    pages = bundle(team(), day=DAY, clips=samples.clips())
    for name, html in pages.items():
        assert ('href="index.html"' in html) == (name != INDEX)
        for target in re.findall(r'(?:src|href)="([^"]*)"', html):
            assert target.startswith(("#", "data:")) or target in pages, (name, target)
    assert "<audio" in pages["dana-ortiz.html"] and "<audio" not in pages[INDEX]


def test_the_same_reports_give_the_same_pages() -> None:
    assert bundle(team(), day=DAY) == bundle(list(reversed(team())), day=DAY)


def test_the_line_says_what_is_still_to_listen_to_but_never_twice() -> None:
    index = bundle(team(), day=DAY)[INDEX]
    assert "seen, less often than promised; 2 to listen to</span>" in index
    assert index.count("still open until somebody listens</span>") == 1, "what is open already says so"


def test_hostile_names_stay_words_in_the_index_and_in_its_links() -> None:
    pages = bundle([samples.hostile()], day=DAY, manager=samples.HOSTILE, notice=samples.HOSTILE)
    assert list(pages) == [INDEX, "script.html"]
    index = pages[INDEX]
    assert len(re.findall(r"<script\b", index)) == 1, "the page's own"
    assert not re.search(r"<img\b|\x1b", index)
    assert index.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3, "promise, manager and notice"
    assert '<a href="script.html">&lt;script&gt;</a>' in index


def test_what_was_redacted_is_said_on_every_page() -> None:
    pages = bundle(team(), day=DAY, notice="Names are masked & may be missed.")
    assert all("Names are masked &amp; may be missed." in html for html in pages.values())


def test_a_day_without_checks_says_so() -> None:
    assert "No 1:1s today" in bundle(team()[:2], day=DAY)[INDEX]


@pytest.mark.parametrize(
    ("people", "names"),
    [
        (["<script>", "../../evil", "Index"], ["script.html", "evil.html", "rep-index.html"]),
        (["Ana", "ana", "ANA!"], ["ana.html", "ana-2.html", "ana-3.html"]),
        (["李雷", "王芳"], ["rep.html", "rep-2.html"]),
    ],
)
def test_file_names_are_plain_and_unlike(people: list[str], names: list[str]) -> None:
    assert file_names(people) == names
