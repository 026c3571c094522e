"""The HTML page: self-contained, guarded, usable without a mouse, honest about missing sound."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import samples

from ci_checker.report import render

VOID = {"meta", "link", "br", "img", "input", "hr"}
SHORT = render(samples.reports()["short"], "html", clips=samples.clips())
MANY = render(list(samples.reports().values()), "html", clips=samples.clips())
SCORE = render(samples.scored(), "html")
HOSTILE = render(samples.hostile(), "html", clips=samples.clips())
CROWDED = render(samples.crowded(), "html", clips=samples.clips())
PAGES = {"short": SHORT, "many": MANY, "score": SCORE, "hostile": HOSTILE, "crowded": CROWDED}


class Page(HTMLParser):
    """Tags with their attributes and text; fails on tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.mark.parametrize("name", PAGES)
def test_policy_names_exactly_the_style_and_script_in_the_page(name: str) -> None:
    html = PAGES[name]
    meta = next(one for one in Page(html).all("meta") if one.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in (meta["content"] or "").split(";"))
    for tag in ("style", "script"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'"
    assert rules["media-src"] == rules["img-src"] == "data:"
    assert "connect-src" not in rules


@pytest.mark.parametrize("name", PAGES)
def test_nothing_leaves_the_page(name: str) -> None:
    page = Page(PAGES[name])
    for tag, attrs in page.tags:
        for attribute in ("src", "href", "action", "poster", "data", "srcset"):
            target = attrs.get(attribute) or "#"
            assert target.startswith(("#", "data:")), (tag, target)
        assert not any(attribute.startswith("on") for attribute in attrs), (tag, attrs)
        assert "style" not in attrs, "the policy forbids style attributes"
    style = re.search(r"<style>(.*?)</style>", PAGES[name], re.S)
    assert style and "url(" not in style[1] and "@import" not in style[1]


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_links_arrive(name: str) -> None:
    page = Page(PAGES[name])
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    for _, attrs in page.tags:
        href = attrs.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in ids
        for attribute in ("aria-labelledby", "data-clip", "data-row", "data-panel"):
            assert all(one in ids for one in (attrs.get(attribute) or "").split()), attrs


@pytest.mark.parametrize("name", PAGES)
def test_headings_step_down_one_at_a_time(name: str) -> None:
    levels = [int(tag[1]) for tag, _ in Page(PAGES[name]).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_landmarks_and_names() -> None:
    page = Page(SHORT)
    assert len(page.all("main")) == 1
    assert page.all("html")[0]["lang"] == "en"
    for svg in page.all("svg"):
        assert svg.get("aria-hidden") or svg.get("aria-labelledby") or "overflow" in svg
    assert all(mark.get("aria-label") for mark in page.all("a") if "mark" in (mark.get("class") or ""))


def test_the_question_comes_first() -> None:
    body = SHORT.split("<main", 1)[1]
    found = samples.reports()["short"].finding
    assert found
    assert body.index("Before anything else") < body.index("eligible") < body.index("One to read together")
    for said in (found.voice_notice, samples.reports()["short"].purpose, *found.cannot_tell):
        assert said in body


def test_every_call_is_on_the_strip_with_shape_and_color() -> None:
    marks = [one for one in Page(SHORT).all("a") if "mark" in (one.get("class") or "")]
    assert len(marks) == 12
    for state in ("seen", "attempted", "not_seen", "unclear", "unheard", "not_applicable"):
        assert any(f"s-{state}" in (one["class"] or "").split() for one in marks)
        assert f'<symbol id="g-{state}"' in SHORT


def test_clips_are_inside_once_and_missing_ones_say_why() -> None:
    sounds = Page(SHORT).all("audio")
    given = samples.clips()
    expected = base64.b64encode(given["clips/00.mp3"]).decode()
    assert sum(sound["src"] == f"data:audio/mpeg;base64,{expected}" for sound in sounds) == 1
    assert len(sounds) == len({sound["src"] for sound in sounds}) == 8
    assert "no clip here: open the recording at this time" in SHORT
    without = render(samples.reports()["short"], "html")
    assert not Page(without).all("audio")
    assert "data-clip=" not in re.sub(r"<script>.*?</script>", "", without, flags=re.S)


def test_several_reports_have_an_index() -> None:
    page = Page(MANY)
    assert [each.get("class") for each in page.all("ol")].count("agenda") == 1
    assert len(page.all("article")) == len(samples.reports())
    assert "Ines Duarte has no active commitment" in MANY


def test_a_page_of_200_calls_stays_small() -> None:
    """What makes a page open in under a second: bounded bytes and elements, and no work for the clips.

    The time itself is not measured here: a timed test fails on a busy machine.
    """
    clip = b"ID3\x04" + bytes(20_000)
    html = render(samples.crowded(200), "html", clips={f"clips/{n:02d}.mp3": clip for n in range(200)})
    page = Page(html)
    marks = [one for one in page.all("a") if "mark" in (one.get("class") or "")]
    assert len(marks) == 200
    assert len(page.tags) < 9_000
    sounds = page.all("audio")
    assert len(sounds) > 100 and all(sound.get("preload") == "none" for sound in sounds)
    assert len(html) - sum(len(sound["src"] or "") for sound in sounds) < 600_000


def test_the_tab_key_stops_once_in_a_week() -> None:
    """The script moves one stop along the marks; without it every mark is a link and a stop of its own."""
    (toolbar,) = [one for one in Page(SHORT).all("div") if one.get("role") == "toolbar"]
    assert "Arrow keys" in (toolbar["aria-label"] or "")
    assert 'setAttribute("tabindex"' in SHORT and "ArrowRight" in SHORT


def test_nothing_moves_for_those_who_asked_for_no_motion() -> None:
    style = re.search(r"<style>(.*?)</style>", SHORT, re.S)
    assert style
    before, _, inside = style[1].partition("@media (prefers-reduced-motion: no-preference)")
    for moving in ("scroll-behavior", "transition", "animation"):
        assert moving not in before
    assert "transition" in inside


def test_a_dispute_stands_beside_its_evidence() -> None:
    report = samples.reports()["short"]
    assert report.finding
    calls = list(report.finding.calls)
    calls[5] = replace(calls[5], disputes=(samples.dispute(calls[5]),))
    html = render(replace(report, finding=replace(report.finding, calls=tuple(calls))), "html")
    assert html.count("I named the depot right there") == 2, "beside the clip to listen to, and among the calls"
    assert "It counts as unclear until somebody settles it." in html
    assert "unclear, disputed." in html
    text = render(replace(report, finding=replace(report.finding, calls=tuple(calls))), "text")
    assert "Dana Ortiz disputes this, Thu 19 Nov." in text


def test_both_sides_read_the_same_page_and_what_it_is_not_for() -> None:
    for format in ("html", "text", "md"):
        said = " ".join(render(samples.reports()["short"], format).split())
        assert "not meant for employment decisions" in said
        assert "The manager and the rep read this same page." in said


def test_no_question_of_the_tree_is_asked_twice() -> None:
    body = SHORT.split("<main", 1)[1]
    assert body.count("skill, will, knowledge or system") == 1
    assert "Which of the four" not in body


def test_hostile_words_stay_words() -> None:
    page = Page(HOSTILE)
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert "&lt;script&gt;alert(1)" in HOSTILE


def test_score_links_quotes_to_the_transcript() -> None:
    assert '<a href="#c1-t1">00:04</a>' in SCORE
    order = [SCORE.index(f">{title}") for title in ("Seen (", "Unclear: worth a listen (", "Not seen (", "No occasion")]
    assert order == sorted(order)
    assert "Not scored: calls/broken.mp3: the file is cut off." in SCORE


def _luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("number", [0, 1])
def test_contrast_of_both_palettes(number: int) -> None:
    block = re.findall(r":root \{(.*?)\}", SHORT, re.S)[number]
    colors = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
    for ink in ("ink", "soft", "seen", "tried", "miss", "unclear", "unheard", "focus"):
        for ground in ("paper", "card", "tint"):
            light, dark = sorted((_luminance(colors[ink]), _luminance(colors[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
