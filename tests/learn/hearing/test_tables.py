"""Numbers and tables of a run, on rows that can be reckoned by hand."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="hearing is measured with openai-whisper's normalizer")
pytest.importorskip("whisper")

from ci_checker.learn.hearing import tables
from ci_checker.learn.hearing.measure import Row
from ci_checker.learn.hearing.names import Recall
from ci_checker.learn.hearing.tables import Measured, difference, facts, rate, text
from ci_checker.learn.hearing.who import Who
from ci_checker.learn.quiet.__main__ import Invented
from ci_checker.learn.quiet.clips import CLIPS

NONE_HEARD = tuple(Invented(clip=clip, words=(), minutes=0.5) for clip in CLIPS)


def row(call, errors, *, condition="clean", precision="float32", words=100, **more):
    told = {"starts_s": (0.1,) * 4, "false_words": 0, "silence_s": 60.0} | more
    return Row(call=call, condition=condition, precision=precision, errors=errors, words=words, **told)


def run(*rows, prompted=None, names_prompted=None, quiet=NONE_HEARD):
    return Measured(
        title="Title.",
        rows=rows,
        quiet=quiet,
        quiet_with_prompt=prompted,
        names=Recall(said=10, right=4, leaked=1),
        names_with_prompt=names_prompted,
    )


def test_the_rate_is_of_all_words_and_its_interval_by_call():
    value, low, high = rate([row(0, 10), row(1, 20), row(2, 30, words=300)])
    assert value == pytest.approx(12.0)
    assert low <= value <= high and (low, high) != (value, value)
    assert rate([row(0, 5), row(1, 5), row(2, 5)]) == pytest.approx((5.0, 5.0, 5.0))


def test_a_difference_pairs_the_same_calls_and_conditions():
    plain = [row(0, 10), row(1, 20), row(0, 50, condition="mono"), row(1, 40, condition="mono")]
    others = [row(1, 21, precision="int8"), row(0, 11, precision="int8")]
    assert difference(plain, others) == pytest.approx((1.0, 1.0, 1.0))
    assert difference(plain, plain) == (0.0, 0.0, 0.0)


def test_calls_that_move_both_ways_widen_the_interval_though_the_mean_stays():
    plain = [row(n, 10) for n in range(8)]
    moved = [row(n, 10 + (3 if n % 2 else -3), precision="int8") for n in range(8)]
    value, low, high = difference(plain, moved)
    assert value == 0.0 and low < -0.5 and high > 0.5


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ([0] * 8, "int8 against float32, same calls and conditions: +0.00 points of word error rate "
                  "(95 % +0.00 to +0.00): under 0.3 points."),
        ([3, -3] * 4, "not shown to be under 0.3 points."),
        ([1] * 8, "+1.00 points of word error rate (95 % +1.00 to +1.00): 0.3 points or more."),
        ([-1] * 8, "0.3 points or more."),
    ],
)  # fmt: skip
def test_what_a_precision_costs_is_said_no_surer_than_it_is(extra, said):
    rows = [row(n, 10) for n in range(8)] + [row(n, 10 + more, precision="int8") for n, more in enumerate(extra)]
    (line,) = [each for each in text(facts(run(*rows))).splitlines() if each.startswith("- int8")]
    assert said in line


def test_the_conditions_stand_in_their_order_with_all_of_them_last():
    found = facts(run(row(0, 30, condition="mono"), row(0, 10), row(0, 11, precision="int8")))
    assert list(found["conditions"]) == ["clean", "mono", "all"]
    assert found["conditions"]["all"]["words"] == 200
    assert found["conditions"]["all"]["rates"]["float32"][0] == pytest.approx(20.0)
    assert "int8" not in found["conditions"]["mono"]["rates"]
    lines = text(found).splitlines()
    assert lines[0] == "Title."
    assert "| clean | 10.0 % (10.0-10.0) | 11.0 % | 0.10 / 0.10 s | 0.0 |" in lines
    assert "| mono | 30.0 % (30.0-30.0) |  | 0.10 / 0.10 s | 0.0 |" in lines
    assert "| **all** | 20.0 % (20.0-20.0) |  | 0.10 / 0.10 s | 0.0 |" in lines
    table = [line for line in lines[2:7]]
    assert len({line.count("|") for line in table}) == 1


def test_word_times_are_the_median_and_the_ninetieth_percentile_of_all_words():
    times = tuple(n / 100 for n in range(101))
    found = facts(run(row(0, 0, starts_s=times[:50]), row(1, 0, starts_s=times[50:])))
    assert found["conditions"]["clean"]["word_start_s"] == pytest.approx([0.5, 0.9])
    assert facts(run(row(0, 100, starts_s=())))["conditions"]["clean"]["word_start_s"] is None
    assert "|  | 0.0 |" in text(facts(run(row(0, 100, starts_s=()))))


def test_false_words_are_counted_a_minute_of_silence():
    found = facts(run(row(0, 0, false_words=3, silence_s=30.0), row(1, 0, false_words=0, silence_s=60.0)))
    assert found["conditions"]["clean"]["false_words_a_minute"] == pytest.approx(2.0)
    assert found["conditions"]["clean"]["silence_minutes"] == pytest.approx(1.5)


def test_the_diarization_error_is_over_all_speech_of_all_calls():
    one = Who(speech_s=30, wrong_s=3, missed_s=0, invented_s=0, mixed=False)
    two = Who(speech_s=10, wrong_s=0, missed_s=10, invented_s=1, mixed=True)
    found = facts(run(row(0, 0, condition="mono", who=one), row(1, 0, condition="mono", who=two)))
    assert found["diarization"] == pytest.approx(
        {"error": 0.35, "wrong": 0.075, "missed": 0.25, "invented": 0.025, "calls": 2, "mixed": 1}
    )
    assert "35.0% of speech time (wrong voice 7.5%, missed 25.0%, invented 2.5%" in text(found)
    assert "1 of 2 calls could not be told apart" in text(found)
    assert "diarization" not in facts(run(row(0, 0)))


def test_every_clip_without_a_word_is_counted_in_one_kind():
    assert sorted(clip for clips in tables.QUIET.values() for clip in clips) == sorted(CLIPS)
    noisy = tuple(
        Invented(clip=each.clip, words=("you",) * 3 if each.clip == "keypad" else (), minutes=0.5)
        for each in NONE_HEARD
    )
    rates = facts(run(row(0, 0), quiet=noisy))["quiet"]["plain"]
    assert rates == pytest.approx({"silence": 0, "noise": 0, "ringing, keys, beeps": 3 / 2.5, "hold music": 0})


def test_a_model_without_a_prompt_is_said_to_be_one():
    lines = text(facts(run(row(0, 0)))).splitlines()
    assert "| without a prompt | 0.0 | 0.0 | 0.0 | 0.0 | 4 of 10 | 1 |" in lines
    assert "| with names as a prompt | not given | not given | not given | not given | not given | not given |" in lines
    assert "never given a prompt" in lines[-1]


def test_a_model_with_a_prompt_shows_what_it_does():
    found = facts(run(row(0, 0), prompted=NONE_HEARD, names_prompted=Recall(said=10, right=9, leaked=0)))
    lines = text(found).splitlines()
    assert lines[-1] == "| with names as a prompt | 0.0 | 0.0 | 0.0 | 0.0 | 9 of 10 | 0 |"
