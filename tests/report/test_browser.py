"""The page in headless Chromium: without a violation of axe-core, one sheet of paper, usable by keyboard."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import cadence_sample
import fixture_team
import pytest
import samples

from ci_checker.report import bundle, render

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
LETTER, A4 = "size: 8.5in 11in;", "size: A4;"
WIDTHS = (390, 1280)


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    return found


@cache
def axe() -> str:
    """Return axe-core's script: where CI_CHECKER_AXE says, or as npm puts it into node_modules."""
    places = [os.environ.get("CI_CHECKER_AXE", ""), str(ROOT / "node_modules" / "axe-core" / "axe.min.js")]
    for place in places:
        if place and Path(place).is_file():
            return Path(place).read_text(encoding="utf-8")
    pytest.skip("axe-core is not here: npm pack axe-core, unpack it, and name its axe.min.js in CI_CHECKER_AXE")


def run(page: Path, *flags: str) -> str:
    done = subprocess.run(
        [
            chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={page.parent / 'profile'}", *flags, page.as_uri(),
        ],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    return done.stdout


def tried(page: Path, html: str, script: str, *flags: str, before: str = "") -> object:
    """Run a script in a copy of a page, with the content policy taken out of that copy only; return what it tells."""
    copy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    assert copy != html
    report = (
        "const tell = (v) => { const p = document.createElement('template'); p.id = 'told'; "
        "p.setAttribute('data-told', JSON.stringify(v)); document.body.append(p); };"
    )
    main = f"(async () => {{ {script} }})().catch((e) => tell(String(e)));"
    tail = f"<script>{before}</script><script>{report}{main}</script>"
    page.write_text(copy.replace("</body>", f"{tail}</body>"), encoding="utf-8")
    told = re.search(r'data-told="([^"]*)"', run(page, "--dump-dom", "--virtual-time-budget=20000", *flags))
    assert told, "the page told nothing"
    import html as entities

    return json.loads(entities.unescape(told[1]))


def pages() -> dict[str, str]:
    team = fixture_team.reports(5)
    return {
        "every way a week can go": render(list(samples.reports().values()), "html", clips=samples.clips()),
        "the team": render(team, "html"),
        "the index": bundle(team, day=team[0].as_of, manager="Maya Collins", notice="Names are masked.")["index.html"],
        "scores": render(samples.scored(), "html"),
        "the leader's view": render([cadence_sample.overview()], "html", kind="cadence"),
    }


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["every way a week can go", "the team", "the index", "scores", "the leader's view"])
def test_axe_finds_nothing(name: str, dark: bool, tmp_path: Path) -> None:
    script = (
        "const found = await axe.run(document, {resultTypes: ['violations']});"
        "tell({dark: matchMedia('(prefers-color-scheme: dark)').matches, passes: found.passes.length,"
        " wrong: found.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).join(', '))});"
    )
    theme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    told = tried(tmp_path / "page.html", pages()[name], script, theme, "--window-size=1280,900", before=axe())
    assert isinstance(told, dict), told
    assert told["dark"] is dark
    assert told["wrong"] == []
    assert told["passes"] > 10


@pytest.mark.parametrize("paper", [LETTER, A4])
@pytest.mark.parametrize("name", ["crowded", "crowded with 200 calls", "team"])
def test_a_rep_is_one_sheet_of_paper(name: str, paper: str, tmp_path: Path) -> None:
    reports = {
        "crowded": [samples.crowded()],
        "crowded with 200 calls": [samples.crowded(200)],
        "team": [*fixture_team.reports(5), *samples.reports().values()],
    }[name]
    html = render(reports, "html", clips=samples.clips())
    copy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    page = tmp_path / "page.html"
    page.write_text(copy.replace("@page { margin", f"@page {{ {paper} margin"), encoding="utf-8")
    run(page, f"--print-to-pdf={tmp_path / 'page.pdf'}", "--no-pdf-header-footer")
    sheets = len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / "page.pdf").read_bytes()))
    index = 1 if len(reports) > 1 else 0
    assert sheets == len(reports) + index


@pytest.mark.parametrize("paper", [LETTER, A4])
@pytest.mark.parametrize("weeks", [8, 13])
def test_a_managers_cadence_is_one_sheet_of_paper(weeks: int, paper: str, tmp_path: Path) -> None:
    html = render([cadence_sample.overview(weeks)], "html", kind="cadence")
    copy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    page = tmp_path / "page.html"
    page.write_text(copy.replace("@page { margin", f"@page {{ {paper} margin"), encoding="utf-8")
    run(page, f"--print-to-pdf={tmp_path / 'page.pdf'}", "--no-pdf-header-footer")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / "page.pdf").read_bytes())) == 1


@pytest.mark.parametrize("weeks", [8, 13])
def test_the_leaders_view_fits_a_phone(weeks: int, tmp_path: Path) -> None:
    """Only the table of the weeks may be wider than the screen, and it scrolls by itself."""
    html = render([cadence_sample.overview(weeks)], "html", kind="cadence")
    assert framed(html, 390, tmp_path) == [390, 390]


FOCUSED = """
  // A window that has not got the system's focus yet moves its focus without telling of it; people's has it.
  for (const kind of [HTMLElement, SVGElement]) {
    const move = kind.prototype.focus;
    kind.prototype.focus = function (...how) {
      move.apply(this, how);
      if (!document.hasFocus()) this.dispatchEvent(new FocusEvent('focus'));
    };
  }
"""


def test_by_keyboard_and_pointer(tmp_path: Path) -> None:
    html = render(samples.reports()["short"], "html", clips=samples.clips())
    script = """
      const marks = [...document.querySelectorAll('.week .mark')];
      const panel = document.querySelector('.readout');
      const stops = () => marks.filter((m) => m.getAttribute('tabindex') === '0').length;
      const press = (key) => document.activeElement.dispatchEvent(
        new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
      const told = {stops: stops(), first: panel.textContent};
      marks[0].focus(); press('ArrowRight'); told.second = panel.textContent;
      told.at = marks.indexOf(document.activeElement);
      press('End'); told.end = marks.indexOf(document.activeElement); told.last = panel.textContent;
      press('ArrowRight'); told.stays = marks.indexOf(document.activeElement); told.after = stops();
      marks[6].dispatchEvent(new MouseEvent('mouseenter')); told.hovered = panel.textContent;
      let played = null;
      HTMLMediaElement.prototype.play = function () { played = this.id; return Promise.resolve(); };
      marks[0].dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
      told.played = played; told.clip = marks[0].dataset.clip;
      played = null; marks[0].focus(); press(' '); told.space = played;
      tell(told);
    """
    told = tried(tmp_path / "page.html", html, script, before=FOCUSED)
    assert isinstance(told, dict), told
    assert told["stops"] == told["after"] == 1
    assert "second depot" in told["first"]
    assert (told["at"], told["end"], told["stays"]) == (1, 11, 11)
    assert "merger with Sandbrook" in told["second"] and "Voicemail" in told["last"]
    assert "really growing" in told["hovered"]
    assert told["played"] == told["clip"] == told["space"]


def framed(html: str, width: int, folder: Path) -> object:
    """Return the width of a frame and of what stands in it: a headless window is 500 pixels wide at least."""
    copy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    script = f"""
      const frame = document.createElement('iframe');
      frame.style.cssText = 'border:0;width:{width}px;height:900px';
      frame.srcdoc = document.getElementById('inside').textContent;
      document.body.append(frame);
      await new Promise((done) => frame.onload = done);
      const page = frame.contentDocument.documentElement;
      tell([page.clientWidth, page.scrollWidth]);
    """
    inside = json.dumps(copy).replace("</", "<\\/")
    shell = (
        '<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="none"></head><body>'
        f'<script id="inside" type="text/plain"></script><script>document.getElementById("inside").textContent={inside}'
        "</script></body></html>"
    )
    return tried(folder / "page.html", shell, script, f"--window-size={max(width, 500)},900")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen(width: int, tmp_path: Path) -> None:
    html = render([samples.crowded(), samples.hostile(), *fixture_team.reports(5)], "html", clips=samples.clips())
    assert framed(html, width, tmp_path) == [width, width]


def test_the_policy_lets_the_pages_own_script_run_and_no_other(tmp_path: Path) -> None:
    html = render(samples.reports()["short"], "html", clips=samples.clips())
    page = tmp_path / "page.html"
    smuggled = "<script>document.body.id = 'owned'</script><img src=x onerror=\"document.body.id = 'owned'\">"
    page.write_text(html.replace("</footer>", f"</footer>{smuggled}"), encoding="utf-8")
    dom = run(page, "--dump-dom", "--virtual-time-budget=3000")
    assert 'id="owned"' not in dom
    assert dom.count('tabindex="0"') >= 1, "the page's own script has set the stop of the Tab key"
