from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, text

from ci_checker.model import Details, Verdict
from ci_checker.store import open_store


@contextmanager
def queries(store):
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def test_a_call_is_known_by_its_content(store, make) -> None:
    store.save_call(make.call("a"))
    store.save_call(replace(make.call("a"), path="moved/a.wav"))
    (only,) = store.calls()
    assert only.path == "moved/a.wav"
    assert store.call("a" * 64) == only
    assert store.call("b" * 64) is None


def test_details_can_be_corrected_without_losing_transcripts(store, make) -> None:
    call = make.call("a")
    heard = make.heard(call)
    store.save_call(call)
    store.save_transcript(call.sha256, "tiny", heard)
    store.save_score(call.sha256, "tiny", "v1", make.scored(heard))
    store.save_call(replace(call, path="new.wav", details=Details(call_type="cold", account="Globex")))
    for found in (
        store.call(call.sha256),
        store.transcript(call.sha256, "tiny"),
        store.score(call.sha256, "tiny", "v1").call,
        store.latest_scores()[0].call,
    ):
        assert found.path == "new.wav"
        assert (found.details.rep, found.details.call_type, found.details.account) == (
            "Dana",
            "cold",
            "Globex",
        )
        assert found.details.started_at == datetime(2026, 1, 13, 9)
    assert store.transcript(call.sha256, "tiny").turns == heard.turns


def test_a_call_saved_again_without_words_keeps_its_words(store, make) -> None:
    heard = make.heard(make.call("a"))
    store.save_call(heard)
    store.save_call(make.call("a"))
    assert store.call("a" * 64).turns == heard.turns


def test_a_new_rep_moves_the_call(store, make) -> None:
    store.save_call(make.call("a", rep="Dana"))
    store.save_call(make.call("a", rep="Robin"))
    assert store.calls("Dana") == ()
    assert len(store.calls("Robin")) == 1


def test_calls_by_rep_and_dates(store, make) -> None:
    chicago = timezone(timedelta(hours=-6))
    store.save_calls(
        [
            make.call("a", at=datetime(2026, 1, 12, 9)),
            make.call("b", at=datetime(2026, 1, 15, 23, 30, tzinfo=chicago)),  # the 16th in UTC
            make.call("c", at=datetime(2026, 1, 16, 9)),
            make.call("d", rep="Robin"),
            make.call("e", at=None),
            make.call("f", rep=None),
        ]
    )

    def names(*args, **parts) -> str:
        return "".join(found.sha256[0] for found in store.calls(*args, **parts))

    assert names() == "adfbce" or names() == "afdbce"
    assert names("dana") == names("  DANA ") == "abce"
    assert names("Dana", date(2026, 1, 13), date(2026, 1, 15)) == "be"  # undated calls always stay
    assert names("Dana", date(2026, 1, 16)) == "ce"
    assert names("Dana", end=date(2026, 1, 12)) == "ae"


def test_a_new_model_does_not_throw_the_old_transcript_away(store, make) -> None:
    call = make.call("a")
    store.save_transcript(call.sha256, "tiny", make.heard(call, "one"))
    store.save_transcript(call.sha256, "small", make.heard(call, "two"))
    assert store.transcript(call.sha256, "tiny").turns[0].text == "one"
    assert store.transcript(call.sha256, "small").turns[0].text == "two"
    store.save_transcript(call.sha256, "tiny", make.heard(call, "three"))
    assert store.transcript(call.sha256, "tiny").turns[0].text == "three"
    assert store.transcript(call.sha256, "turbo") is None


def test_scores_by_key_and_the_latest(store, make) -> None:
    heard = make.heard(make.call("a"))
    store.save_transcript(heard.sha256, "tiny", heard)
    first, second = make.scored(heard, Verdict.NOT_SEEN), make.scored(heard, Verdict.SEEN)
    store.save_score(heard.sha256, "tiny", "v1", first)
    store.save_score(heard.sha256, "tiny", "v2", second)
    assert store.score(heard.sha256, "tiny", "v1") == first
    assert store.latest_scores() == (second,)
    assert store.latest_scores(detector_key="v1") == (first,)
    store.save_score(heard.sha256, "tiny", "v1", first)
    assert store.latest_scores() == (first,)
    assert store.score(heard.sha256, "tiny", "v9") is None


def test_a_score_does_not_repeat_the_words_of_its_transcript(store, make) -> None:
    heard = make.heard(make.call("a"), "a phrase that is found once")
    store.save_transcript(heard.sha256, "tiny", heard)
    store.save_score(heard.sha256, "tiny", "v1", make.scored(heard))
    with store.engine.begin() as connection:
        (body,) = connection.execute(text("SELECT body FROM scores")).scalars()
    assert "found once" not in body
    assert store.score(heard.sha256, "tiny", "v1").call == heard


def test_a_score_of_other_words_keeps_its_own(store, make) -> None:
    heard = make.heard(make.call("a"))
    other = make.heard(make.call("a"), "relabelled")
    store.save_transcript(heard.sha256, "tiny", heard)
    store.save_score(heard.sha256, "tiny", "v1", make.scored(other))
    assert store.score(heard.sha256, "tiny", "v1").call.turns == other.turns
    store.save_score(heard.sha256, "none", "v1", make.scored(other))
    assert store.score(heard.sha256, "none", "v1").call.turns == other.turns


def test_a_transcript_written_again_does_not_change_an_old_score_into_nonsense(store, make) -> None:
    heard = make.heard(make.call("a"), "first words")
    store.save_transcript(heard.sha256, "tiny", heard)
    store.save_score(heard.sha256, "tiny", "v1", make.scored(heard))
    store.save_transcript(heard.sha256, "tiny", make.heard(make.call("a"), "other words"))
    assert store.score(heard.sha256, "tiny", "v1") is None
    assert store.latest_scores() == ()


def test_the_same_transcript_written_again_keeps_its_scores(store, make) -> None:
    heard = make.heard(make.call("a"))
    store.save_transcript(heard.sha256, "tiny", heard)
    store.save_score(heard.sha256, "tiny", "v1", make.scored(heard))
    store.save_transcript(heard.sha256, "tiny", replace(heard, notes=("heard again",)))
    assert store.score(heard.sha256, "tiny", "v1") == make.scored(heard)


def test_latest_scores_by_rep_and_dates(store, make) -> None:
    for name, day in (("a", 12), ("b", 14)):
        heard = make.heard(make.call(name, at=datetime(2026, 1, day, 9)))
        store.save_score(heard.sha256, "t", "v", make.scored(heard))
    assert [each.call.sha256[0] for each in store.latest_scores("Dana", date(2026, 1, 13))] == ["b"]
    assert store.latest_scores("Robin") == ()


def test_failures_stand_until_success(store, make) -> None:
    call = make.call("a")
    store.save_failure(call.sha256, "transcribe", "a.wav: silent", call.details)
    store.save_failure("other/b.wav", "intake", "b.wav: not audio", Details(rep="Robin"))
    store.save_failure("other/b.wav", "intake", "b.wav: cut off", Details(rep="Robin"))
    assert [(each.stage, each.line) for each in store.failures()] == [
        ("transcribe", "a.wav: silent"),
        ("intake", "b.wav: cut off"),
    ]
    assert [each.line for each in store.failures("robin", date(2030, 1, 1))] == ["b.wav: cut off"]  # undated
    assert store.failures("Dana", date(2026, 1, 14)) == ()
    store.save_transcript(call.sha256, "tiny", make.heard(call))
    assert [each.key for each in store.failures()] == ["other/b.wav"]
    mended = make.heard(make.call("b", path="other/b.wav"))
    store.save_score(mended.sha256, "t", "v", make.scored(mended))
    assert store.failures() == ()
    store.clear_failure("never there")


@pytest.mark.parametrize("name", ["plain", "with 'quotes'", "\udcff.wav", "nul\0.wav", "x" * 2000, "ünïcode 🎧"])
def test_odd_paths_and_names(store, make, name) -> None:
    store.save_failure(name, "intake", "broken", Details(rep=name))
    assert len(store.failures(name)) == 1
    store.save_call(make.call("a", path=name, rep=name))
    assert store.calls(name)[0].path == name
    store.clear_failure(name)
    assert store.failures() == ()


def test_times_keep_their_zone(store, make) -> None:
    at = datetime(2026, 1, 13, 9, 5, tzinfo=UTC)
    store.save_call(make.call("a", at=at))
    assert store.calls()[0].details.started_at == at
    assert store.calls()[0].details.started_at.utcoffset() == timedelta(0)


def test_five_thousand_calls_take_as_many_queries_as_one(store, make) -> None:
    start = datetime(2025, 1, 1, 9)
    store.save_calls(
        make.call(f"{index:064d}", rep=f"rep {index % 50}", at=start + timedelta(hours=index)) for index in range(5000)
    )
    for index in range(0, 1000, 50):
        heard = make.heard(store.call(f"{index:064d}")) if index < 100 else make.call(f"{index:064d}", rep="rep 0")
        store.save_score(heard.sha256, "t", "v", make.scored(heard))
    with queries(store) as seen:
        assert len(store.calls("rep 7")) == 100
        assert len([each for each in seen if each.startswith("SELECT")]) == 1
        seen.clear()
        assert len(store.latest_scores("rep 0")) == 20
        assert len([each for each in seen if each.startswith("SELECT")]) == 1
        seen.clear()
        store.failures("rep 7")
        assert len([each for each in seen if each.startswith("SELECT")]) == 1


def test_finding_a_reps_week_uses_an_index(store) -> None:
    plan = "EXPLAIN QUERY PLAN SELECT body FROM calls WHERE rep_key = 'dana' AND (local_date >= '2026-01-01' OR local_date IS NULL)"  # noqa: E501
    with store.engine.begin() as connection:
        assert any("ix_calls_rep_date" in str(row) for row in connection.execute(text(plan)))


def test_it_is_all_there_after_reopening(path, make) -> None:
    heard = make.heard(make.call("a"))
    with open_store(path) as store:
        store.save_transcript(heard.sha256, "t", heard)
        store.save_score(heard.sha256, "t", "v", make.scored(heard))
    with open_store(str(path)) as store:
        assert store.latest_scores() == (make.scored(heard),)
