from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ci_checker.app.ledger_file import load_into
from ci_checker.errors import RequestError
from ci_checker.model import CommitmentStatus, NextStep, Outcome, Standing, TargetKind
from ci_checker.store import open_store

GOOD = """\
manager = "Maya"
[[rep]]
id = "luke"
name = "Luke Porter"
[[commitment]]
id = "luke-w1"
rep = "luke"
statement = "Recap on every call."
behavior = "recap"
target = { kind = "every", value = 1 }
weekdays = ["mon", "fri"]
made_on = 2026-11-16
check_on = 2026-11-23
status = "active"
"""


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.sqlite3") as opened:
        yield opened


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "ledger.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_teams_ledger(store, team) -> None:
    assert load_into(team / "ledger.toml", store) == 20
    for rep in ("Luke Porter", "Dana Whitfield", "Priya Raman", "Tom Becker"):
        all_of = store.commitments(rep)
        assert len(all_of) == 5
        active = store.active_commitment(rep)
        assert active.made_on == date(2026, 11, 16) and active.window.end == date(2026, 11, 22)
        assert [c.status for c in all_of].count(CommitmentStatus.ACTIVE) == 1
        weeks = store.weeks(rep)
        assert len(weeks) == 4 and [w.week_of.weekday() for w in weeks] == [0] * 4
        assert active.reissue_of == all_of[-2].id and all_of[0].reissue_of is None
    first, second, third, fourth = store.weeks("Luke Porter")
    assert [w.standing for w in (first, second, third, fourth)] == [
        Standing.NONE_SEEN,
        Standing.SHORT,
        Standing.ENOUGH,
        Standing.SHORT,
    ]
    assert [w.outcome for w in (first, third)] == [Outcome.NOT_DONE, Outcome.DONE]
    assert (second.counts.seen, second.counts.attempted, second.counts.promised) == (1, 1, 2)
    assert store.weeks("Tom Becker")[0].standing is Standing.OPEN, "unclear is not short"


def test_only_the_reps_asked_for(store, team) -> None:
    assert load_into(team / "ledger.toml", store, reps=("Luke Porter",)) == 5
    assert {c.rep for c in store.commitments()} == {"Luke Porter"}
    closed = store.commitments("Luke Porter")[0]
    assert closed.next_step is NextStep.REISSUE and closed.closed_on == date(2026, 10, 26)


def test_what_is_left_out_has_a_default(store, tmp_path) -> None:
    assert load_into(write(tmp_path, GOOD), store) == 1
    kept = store.active_commitment("Luke Porter")
    assert kept.manager == "Maya" and kept.target.kind is TargetKind.EVERY and kept.target.per_call == 1
    assert kept.window.weekdays == (0, 4) and kept.window.start == kept.made_on and kept.eligible.call_types == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('rep = "luke"', 'rep = "zoe"', "luke-w1.*zoe"),
        ('"mon", "fri"', '"Montag"', "luke-w1.*Montag"),
        ('kind = "every"', 'kind = "often"', "luke-w1.*often"),
        ("{ kind", '["every"] # {', "luke-w1"),
        ('status = "active"', 'status = "closed"\ncounts = { seen = 1 }', "luke-w1"),
        ("made_on = 2026-11-16\n", "", "luke-w1.*made_on.*missing"),
        ('name = "Luke Porter"', "", "id and a name"),
        ('manager = "Maya"', "manager = Maya", "cannot be read"),
    ],
)
def test_an_entry_that_does_not_fit_is_named(store, tmp_path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(RequestError, match=said) as caught:
        load_into(path, store)
    assert str(path) in caught.value.line and "\n" not in caught.value.line


def test_no_such_file(store, tmp_path) -> None:
    with pytest.raises(RequestError, match="cannot be read"):
        load_into(tmp_path / "none.toml", store)
