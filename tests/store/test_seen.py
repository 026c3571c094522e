"""Calls as they come and go: mails, many at once, the latest score of the detectors that are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ci_checker.model import Details, Envelope, Source, Verdict
from ci_checker.store import recordings


def at(hour: int, hours: int | None = None) -> datetime:
    zone = None if hours is None else timezone(timedelta(hours=hours))
    return datetime(2026, 1, 13, hour, tzinfo=zone)


def test_mails_are_those_of_everybody_in_order_of_time(store, make) -> None:
    late = make.call("b", rep="Lee", at=at(15), source=Source.EMAIL)
    early = make.call("c", rep="Dana", at=at(8), source=Source.EMAIL, envelope=Envelope(sender="dana@us.example"))
    undated = make.call("d", rep=None, at=None, source=Source.EMAIL)
    store.save_calls([late, undated, make.call("a", at=at(9)), early])
    assert store.mails() == (early, late, undated)


def test_order_is_that_of_the_clock_on_the_wall_with_zones_or_without(store, make) -> None:
    store.save_calls(
        [
            make.call("a", at=at(11)),
            make.call("b", at=at(10, -5)),
            make.call("c", at=at(9, 9)),
            make.call("d", at=at(10)),
        ]
    )
    assert [call.sha256[0] for call in store.calls()] == ["c", "b", "d", "a"]


def test_more_calls_than_fit_into_one_question_are_all_kept(store, make) -> None:
    many = [make.call(f"{n:064d}") for n in range(recordings._AT_ONCE * 2 + 3)]
    assert store.save_calls(iter(many)) == tuple(many)
    assert len(store.calls()) == len(many)


def test_one_file_twice_in_one_go_is_one_call_as_last_named(store, make) -> None:
    first = make.call("a")
    second = replace(first, path="again.wav", details=Details(account="Globex"))
    store.save_calls([first, second])
    (kept,) = store.calls()
    assert kept.path == "again.wav" and kept.details == replace(first.details, account="Globex")


def test_nothing_to_keep_is_no_fault(store) -> None:
    assert store.save_calls([]) == ()


def test_the_latest_score_may_be_asked_of_one_set_of_detectors(store, make) -> None:
    heard = make.heard(make.call("a"))
    for key, verdict in (("v1", Verdict.SEEN), ("v2", Verdict.NOT_SEEN)):
        store.save_score(heard.sha256, "tiny", key, make.scored(heard, verdict))
    assert store.latest_scores()[0].results[0].verdict is Verdict.NOT_SEEN
    assert store.latest_scores(detector_key="v1")[0].results[0].verdict is Verdict.SEEN
    assert store.latest_scores(detector_key="v3") == ()


def test_a_score_given_again_becomes_the_latest(store, make) -> None:
    heard = make.heard(make.call("a"))
    for key, verdict in (("v1", Verdict.SEEN), ("v2", Verdict.NOT_SEEN), ("v1", Verdict.UNCLEAR)):
        store.save_score(heard.sha256, "tiny", key, make.scored(heard, verdict))
    assert [found.results[0].verdict for found in store.latest_scores()] == [Verdict.UNCLEAR]
    assert store.score(heard.sha256, "tiny", "v2").results[0].verdict is Verdict.NOT_SEEN


def test_a_transcript_or_a_score_may_come_before_its_call(store, make) -> None:
    heard = make.heard(make.call("a"))
    store.save_transcript("f" * 64, "tiny", heard)
    assert store.call("f" * 64).path == heard.path
    store.save_score("e" * 64, "tiny", "v1", make.scored(heard))
    assert store.score("e" * 64, "tiny", "v1").call.turns == heard.turns


def test_a_transcript_does_not_undo_details_that_were_corrected(store, make) -> None:
    call = make.call("a", rep="Robin")
    store.save_call(call)
    store.save_transcript(call.sha256, "tiny", make.heard(replace(call, details=Details(rep="left"))))
    assert store.call(call.sha256).details.rep == "Robin"
    assert store.transcript(call.sha256, "tiny").details.rep == "Robin"


def test_other_words_under_the_same_key_make_old_scores_void(store, make) -> None:
    heard = make.heard(make.call("a"))
    store.save_transcript(heard.sha256, "tiny", heard)
    store.save_score(heard.sha256, "tiny", "v1", make.scored(heard))
    store.save_transcript(heard.sha256, "tiny", make.heard(heard, "Other words."))
    assert store.score(heard.sha256, "tiny", "v1") is None


@pytest.mark.parametrize("by", ["path", "sha256"])
def test_a_transcript_ends_a_failure_however_it_was_named(by: str, store, make) -> None:
    call = make.call("a")
    store.save_failure(getattr(call, by), "transcribe", "is silent", call.details)
    store.save_failure("other.wav", "read", "is empty")
    store.save_transcript(call.sha256, "tiny", make.heard(call))
    assert [failure.key for failure in store.failures()] == ["other.wav"]


def test_a_failure_has_its_time_and_the_latest_reason(store) -> None:
    before = datetime.now(UTC)
    store.save_failure("a.wav", "read", "is empty")
    kept = store.save_failure("a.wav", "transcribe", "is silent", Details(rep="Dana"))
    assert store.failures() == (kept,)
    assert (kept.stage, kept.line, kept.details.rep) == ("transcribe", "is silent", "Dana")
    assert before <= kept.at <= datetime.now(UTC)
    store.clear_failure("a.wav")
    store.clear_failure("a.wav")
    assert store.failures() == ()


def test_batches_are_cut_without_losing_or_repeating_one(make) -> None:
    calls = [make.call(str(n)) for n in range(7)]
    parts = list(recordings.batched(iter(calls), 3))
    assert [len(part) for part in parts] == [3, 3, 1]
    assert [call for part in parts for call in part] == calls
