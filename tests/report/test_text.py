"""Text and Markdown: the same blocks in the same order, readable on a terminal."""

from __future__ import annotations

import dataclasses

import pytest
import samples

from ci_checker.model import Finding, Outcome, Report
from ci_checker.report import outline, render, sentences
from ci_checker.report.outline import Block, Kind


def finding(name: str) -> Finding:
    found = samples.reports()[name].finding
    assert found
    return found


def changed(report: Report, **fields: object) -> Report:
    assert report.finding
    return dataclasses.replace(report, finding=dataclasses.replace(report.finding, **fields))  # type: ignore[arg-type]


def flat(text: str) -> str:
    return " ".join(text.split())


def test_lines_fit_a_terminal() -> None:
    for report in samples.reports().values():
        assert max(len(line) for line in render(report, "text").splitlines()) <= outline.WIDTH


def test_a_long_word_is_cut_rather_than_running_over() -> None:
    said = outline.as_text([Block(Kind.ITEM, "x" * 300)])
    assert max(len(line) for line in said.splitlines()) <= outline.WIDTH


def test_the_order_is_the_order_of_the_conversation() -> None:
    said = render(samples.reports()["short"], "text")
    titles = (
        "Before anything else",
        "What was promised",
        "What the evidence shows",
        "One to read together",
        "Where it could have been",
        "Before the 1:1, listen to this clip",
        "If it happened",
        "If it did not",
        "Finding the blocker",
        "Week by week",
        "What the evidence cannot tell",
        "How reliable the detection is",
        "Every call",
        "About the voices",
        "What this report is for",
    )
    places = [said.index(f"\n{title}") for title in titles]
    assert places == sorted(places)


@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_every_fact_of_a_finding_is_shown(format: str) -> None:
    said = flat(render(samples.reports()["short"], format)).replace("\\", "").replace("&#39;", "'")
    said = said.replace("<b>", "").replace("</b>", "")
    found = finding("short")
    facts = [
        found.question,
        sentences.sentence(found),
        sentences.standing(found),
        sentences.pending(found),
        found.commitment.statement,
        found.commitment.rep_words,
        *found.cannot_tell,
        *(line for branch in found.branches[: sentences.BRANCHES] for line in branch.lines),
        *(step.question for step in found.tree),
        found.voice_notice,
    ]
    for fact in facts:
        fact = " ".join(fact.split())
        assert fact.replace("&", "&amp;") in said.replace("> ", "") or fact in said, fact


@pytest.mark.parametrize("format", ["text", "md", "html"])
def test_what_a_person_must_answer_is_left_to_them(format: str) -> None:
    said = render(samples.reports()["short"], format)
    # The page shows the four buckets to choose from in place of the last answer.
    assert flat(said).lower().count("to answer") == (3 if format == "html" else 4)
    assert flat(said).count("Which is it: skill, will, knowledge or system?") == 1


def test_two_clips_to_listen_to() -> None:
    assert "Before the 1:1, listen to these 2 clips" in render(samples.reports()["open"], "text")


def test_no_section_stands_empty() -> None:
    bare = changed(
        samples.reports()["no_calls"],
        branches=(),
        tree=(),
        trend=(),
        cannot_tell=(),
        voice_notice="",
        reliability=None,
    )
    said = render(bare, "text")
    for title in (
        "If it",
        "Finding the blocker",
        "Week by week",
        "cannot tell",
        "Every call",
        "About the voices",
    ):
        assert f"\n{title}" not in said
    assert "has not been measured" in flat(said)
    for format in ("md", "html", "json", "crm"):
        assert render(bare, format)


def test_what_the_manager_recorded_is_shown() -> None:
    said = flat(render(samples.reports()["closed"], "text"))
    for one in (
        "Recorded outcome: partly done.",
        "The manager's reading: system.",
        "Next: the same commitment again.",
    ):
        assert one in said
    assert '<span class="chosen">system<span class="sr">' in render(samples.reports()["closed"], "html")
    assert 'class="chosen"' not in render(samples.reports()["short"], "html")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_crm_line_names_a_recorded_outcome(outcome: Outcome) -> None:
    report = samples.reports()["short"]
    closed = changed(report, commitment=dataclasses.replace(samples.COMMITMENT, outcome=outcome))
    assert render(closed, "crm").endswith(
        {"done": "| outcome: done\n", "partly": "| outcome: partly done\n"}.get(outcome.value, "| outcome: not done\n")
    )
    assert "outcome" not in render(report, "crm")


def test_a_response_is_said_once() -> None:
    best = finding("short").best
    assert best and best.response
    apart = dataclasses.replace(best, after=best.after[1:])
    for moment in (best, apart):
        said = render(changed(samples.reports()["short"], best=moment, miss=None, listen=(), calls=()), "text")
        assert said.count(best.response.text) == 1


def test_score_text_groups_all_sixteen() -> None:
    said = render(samples.scored()[:1], "text")
    for result in samples.scored()[0].results:
        assert result.behavior in said
    places = [said.index(title) for title in ("Seen (5)", "Unclear: worth a listen (2)", "Not seen (7)", "No occasion")]
    assert places == sorted(places)
    assert "> 00:04 left: “I'm calling because" in said
    assert "(97%: expansion event, in the opening)" in said
    assert "(near miss, 22%: a week, but no day)" in said
    assert "left: rep, spoke 30 s: introduces herself with the team's company" in said


def test_score_text_of_a_failed_call_is_one_line() -> None:
    said = render(samples.scored()[2:], "text").splitlines()
    assert said[-1] == "Not scored: calls/broken.mp3: the file is cut off. Ask for the recording again."
    assert len([line for line in said if line]) == 3


def test_markdown_keeps_quotes_and_lists_apart() -> None:
    said = outline.as_markdown(
        [Block(Kind.SAID, "a"), Block(Kind.QUOTE, "b", "x:"), Block(Kind.ITEM, "c"), Block(Kind.ITEM, "d")]
    )
    assert said == "> a\n>\n> **x:** **b**\n\n- c\n- d\n"


def test_markdown_links_the_clips_that_stand_beside_it_and_no_others():
    report = samples.reports()["short"]
    assert report.finding
    named = [m.clip for m in (report.finding.best, report.finding.miss) if m and m.clip]
    assert named, "the sample must have a clip to link"
    linked = render(report, "md", clips={named[0]: b"sound"}, clip_folder="my report_clips")
    assert f"[play](my%20report_clips/{named[0]})" in linked
    assert linked.count("[play](") == linked.count(f"/{named[0]})")
    assert "[play](" not in render(report, "md")
