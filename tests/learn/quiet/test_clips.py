"""Clips without a word: each is the sound that it says it is, by its pitches, its rhythm and its level."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.learn.quiet import __main__ as command
from ci_checker.learn.quiet import clips
from ci_checker.learn.quiet.clips import CLIPS, RATE
from ci_checker.model import Turn

SECONDS = 12.0


def pitches(clip: np.ndarray, count: int) -> list[int]:
    """The strongest hertz of a stretch, rounded to ten; each at least 30 from those before."""
    spectrum = np.abs(np.fft.rfft(clip * np.hanning(len(clip))))
    hertz = np.fft.rfftfreq(len(clip), 1 / RATE)
    found: list[float] = []
    while len(found) < count:
        best = float(hertz[int(np.argmax(spectrum))])
        found.append(best)
        spectrum[np.abs(hertz - best) < 30] = 0
    return sorted(round(each, -1) for each in map(int, np.round(found)))  # type: ignore[misc]


def level(clip: np.ndarray) -> float:
    """Decibels of full scale."""
    return float(10 * np.log10(np.mean(np.square(clip, dtype=float)) + 1e-20))


def sounding(clip: np.ndarray, *, above: float = 0.01) -> np.ndarray:
    """Whether there is a tone in each fiftieth of a second, shape (n,)."""
    blocks = clip[: len(clip) // 320 * 320].reshape(-1, 320)
    return np.abs(blocks).max(axis=1) > above


def part(clip: np.ndarray, start: float, end: float) -> np.ndarray:
    return clip[round(start * RATE) : round(end * RATE)]


@pytest.mark.parametrize(
    ("name", "start", "end", "expected"),
    [
        ("ringing, American", 0.2, 1.8, [440, 480]),
        ("ringing, American", 6.2, 7.8, [440, 480]),
        ("ringing, British", 0.05, 0.35, [400, 450]),
        ("busy tone", 0.1, 0.4, [480, 620]),
        ("voicemail beeps", 0.05, 0.4, [1000]),
        ("voicemail beeps", 5.05, 5.4, [1000]),
    ],
)
def test_a_tone_has_the_pitches_of_its_kind(name: str, start: float, end: float, expected: list[int]) -> None:
    assert pitches(part(CLIPS[name](SECONDS), start, end), len(expected)) == expected


@pytest.mark.parametrize(
    ("name", "period", "share"),
    [("ringing, American", 6.0, 2 / 6), ("ringing, British", 3.0, 0.8 / 3), ("busy tone", 1.0, 0.5)],
)
def test_a_tone_comes_and_goes_in_its_rhythm(name: str, period: float, share: float) -> None:
    on = sounding(CLIPS[name](SECONDS))
    assert on.mean() == pytest.approx(share, abs=0.05)
    step = round(period * 50)
    assert (on[:-step] == on[step:]).mean() > 0.97


def test_the_british_ring_is_double() -> None:
    on = sounding(clips.ringing_british(6.0)).astype(int)
    assert int((np.diff(on, prepend=0) == 1).sum()) == 4


@pytest.mark.parametrize(("name", "expected"), [("silence", -75), ("noise of a bad line", -35)])
def test_noise_is_as_loud_as_it_says_and_has_no_pitch(name: str, expected: float) -> None:
    clip = CLIPS[name](SECONDS)
    assert level(clip) == pytest.approx(expected, abs=0.2)
    power = np.abs(np.fft.rfft(clip)) ** 2
    halves = np.array_split(power, 4)
    assert max(map(np.sum, halves)) < 1.1 * min(map(np.sum, halves))  # white: every band alike


def test_digital_silence_is_nothing_but_two_clicks() -> None:
    clip = clips.digital_silence(2.0)
    assert np.flatnonzero(clip).tolist() == [100, len(clip) - 100]
    assert clip[100] == clip[-100] == 0.5


def test_an_office_hums_and_clicks_about_three_times_a_second() -> None:
    clip = clips.office(SECONDS)
    assert 50 in pitches(clip, 1)
    edges = np.abs(np.diff(clip, append=0.0)).reshape(-1, 800).max(axis=1)
    clicks = int((edges > 0.1).sum())
    assert 1.5 * SECONDS < clicks < 3.5 * SECONDS


@pytest.mark.parametrize(("press", "low", "high"), [(0, 700, 1210), (1, 850, 1340), (9, 770, 1210)])
def test_keys_sound_in_two_pitches_of_their_row_and_column(press: int, low: int, high: int) -> None:
    """The number begins with 18005550142: its first key is 1, its second 8, its tenth 4."""
    start = press / 3 + 0.02
    assert pitches(part(clips.keypad(SECONDS), start, start + 0.14), 2) == [low, high]


def test_every_key_has_a_pair_of_its_own() -> None:
    assert len(set(clips._KEYS.values())) == len(clips._KEYS) == 12
    assert {low for low, _ in clips._KEYS.values()} == {697, 770, 852, 941}
    assert set("18005550142#9*36") <= set(clips._KEYS)


def test_music_changes_its_chord_every_two_seconds_and_has_a_beat() -> None:
    clip = clips.hold_music(SECONDS)
    first, second = (set(pitches(part(clip, start, start + 1.9), 6)) for start in (0.0, 2.0))
    assert first != second
    beats = np.abs(clip[: len(clip) // 8000 * 8000]).reshape(-1, 8000)
    assert (beats[:, :400].max(axis=1) > beats[:, -400:].max(axis=1)).mean() > 0.9


def test_music_on_the_line_has_lost_its_highs_and_lows() -> None:
    clean, heard = clips.hold_music(4.0), clips.music_on_the_line(4.0)
    hertz = np.fft.rfftfreq(len(clean), 1 / RATE)
    before, after = (np.abs(np.fft.rfft(clip)) ** 2 for clip in (clean, heard))
    assert after[hertz > 4000].sum() < 0.1 * before[hertz > 4000].sum()
    assert after[hertz < 200].sum() < 0.1 * before[hertz < 200].sum()


@pytest.mark.parametrize("name", CLIPS)
@pytest.mark.parametrize("seconds", [1.0, 2.5])
def test_a_clip_is_as_long_as_asked_and_of_one_kind_of_number(name: str, seconds: float) -> None:
    clip = CLIPS[name](seconds)
    assert abs(len(clip) - seconds * RATE) <= 1 and clip.dtype == np.float32 and clip.ndim == 1


def test_no_two_clips_are_alike() -> None:
    made = [make(2.0)[:31_000] for make in CLIPS.values()]
    for number, one in enumerate(made):
        assert not any(np.allclose(one, other) for other in made[:number])


# --- the command ----------------------------------------------------------------------------------


class Parrot:
    """Hears so many words in every clip, more if it is given a prompt."""

    name, key = "parrot", "parrot/1"

    def __init__(self, words: int) -> None:
        self.words = words

    def transcribe(self, samples, *, channel_names, progress=None, note=None):
        assert channel_names == ("mixed",) and samples.shape[0] == 1
        return tuple(Turn(speaker="mixed", text="no one") for _ in range(self.words // 2))


def test_a_rate_is_of_words_and_not_of_turns() -> None:
    found = command.heard(Parrot(6), seconds=2.0)
    assert [each.clip for each in found] == list(CLIPS)
    for each in found:
        assert each.words == ("no", "one") * 3
        assert each.minutes == pytest.approx(2 / 60, rel=1e-3)
        assert each.rate == pytest.approx(180.0, rel=1e-3)


def test_a_table_has_a_column_an_engine_and_shows_five_words_at_most() -> None:
    quiet, loud = (
        [command.Invented(clip=clip, words=("a", "b", "c", "d", "e", "f")[:count], minutes=0.5) for clip in CLIPS]
        for count in (0, 6)
    )
    lines = command.table({"one": quiet, "two": loud}).splitlines()
    assert lines[:2] == ["| false words a minute | one | two |", "| --- | --- | --- |"]
    assert lines[2] == '| silence | 0.0 | 12.0 ("a b c d e") |'
    assert len(lines) == 2 + len(CLIPS) and {line.count("|") for line in lines} == {4}


def test_an_engine_that_takes_a_prompt_gets_a_column_for_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def prompted(engine: Parrot, text: str) -> Parrot:
        asked.append(text)
        return Parrot(2)

    monkeypatch.setattr(command, "resolve_model", lambda engine, name: name)
    monkeypatch.setattr(command, "load_engine", lambda name, model: Parrot(0))
    monkeypatch.setattr(command, "prompted", prompted)
    assert command.main(["--model", "mine", "--seconds", "1", "--vocabulary", "Bright Harbor", "Okafor"]) == 0
    told = capsys.readouterr()
    assert told.err == "" and "Bright Harbor" in str(asked[0]) and "Okafor" in str(asked[0])
    assert told.out.startswith("| false words a minute | mine | mine, with a prompt |\n")
    assert '| keypad | 0.0 | 120.0 ("no one") |' in told.out


@pytest.mark.parametrize("given", ["0", "-3", "0.5", "nan", "long"])
def test_clips_must_have_a_length(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main([f"--seconds={given}"])
    assert ended.value.code == 2 and "--seconds" in capsys.readouterr().err
