"""Texts become shards: sound, words and phones side by side, and the same again when read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import pytest

from ci_checker.learn.speech import synthesize
from ci_checker.learn.speech.synthesize import PHONES, phone_frames, read_shard, utter, write_shard
from ci_checker.learn.speech.voices import SAMPLE_RATE, VOICES, Speech, Word

VOICE = VOICES[0]


def speech(seconds: float, *phones: Word) -> Speech:
    return Speech(audio=np.zeros(round(seconds * SAMPLE_RATE), np.float32), words=(), phones=phones)


def named(frames: np.ndarray) -> list[str]:
    """The names of the phones, neighbors of one name once."""
    names = [PHONES[number] for number in frames]
    return [name for place, name in enumerate(names) if not place or names[place - 1] != name]


# --- phones -------------------------------------------------------------------------------------


def test_there_is_a_frame_every_twenty_milliseconds() -> None:
    assert phone_frames(speech(1.0)).shape == (50,)
    assert phone_frames(speech(1.019)).shape == (50,), "a frame that is cut off is none"


def test_a_frame_has_the_phone_at_its_middle() -> None:
    frames = phone_frames(speech(0.2, ("s", 0.0, 0.049), ("iy", 0.049, 0.2)))
    assert [PHONES[number] for number in frames] == ["s"] * 2 + ["iy"] * 8
    frames = phone_frames(speech(0.2, ("s", 0.0, 0.051), ("iy", 0.051, 0.2)))
    assert [PHONES[number] for number in frames] == ["s"] * 3 + ["iy"] * 7


def test_between_phones_and_in_pauses_there_is_silence() -> None:
    frames = phone_frames(speech(1.0, ("s", 0.2, 0.4), ("pau", 0.4, 0.6), ("t", 0.6, 0.8)))
    assert named(frames) == ["pau", "s", "pau", "t", "pau"]
    assert frames[0] == 0, "silence is number 0"


def test_both_engines_name_a_phone_alike() -> None:
    ours = phone_frames(speech(0.6, ("iy", 0.0, 0.2), ("ch", 0.2, 0.4), ("ow", 0.4, 0.6)))
    theirs = phone_frames(speech(0.6, ("i:", 0.0, 0.2), ("tS", 0.2, 0.4), ("oU", 0.4, 0.6)))
    assert np.array_equal(ours, theirs) and named(ours) == ["iy", "ch", "ow"]


def test_a_sound_that_is_two_phones_is_shared_evenly() -> None:
    frames = phone_frames(speech(0.4, ("A@", 0.0, 0.4)))
    assert [PHONES[number] for number in frames] == ["aa"] * 10 + ["r"] * 10


def test_a_phone_of_no_alphabet_is_left_as_silence() -> None:
    assert named(phone_frames(speech(0.4, ("click!", 0.0, 0.2), ("s", 0.2, 0.4)))) == ["pau", "s"]


def test_phones_beyond_the_end_of_the_sound_are_cut() -> None:
    frames = phone_frames(speech(0.2, ("s", 0.1, 0.5)))
    assert len(frames) == 10 and named(frames) == ["pau", "s"]


def test_every_name_of_espeak_leads_into_the_alphabet() -> None:
    assert {part for names in synthesize._FROM_ESPEAK.values() for part in names.split()} <= set(PHONES)
    assert len(set(PHONES)) == len(PHONES) < 256, "a phone has to fit into a byte"


# --- utterances ---------------------------------------------------------------------------------


def test_an_utterance_has_sound_words_and_phones_of_one_length(toned: object) -> None:
    found = utter("Hello there Dana", VOICE, 1.0)
    assert found is not None
    assert (found.text, found.voice) == ("Hello there Dana", VOICE.name)
    assert found.audio.dtype == np.int16 and len(found.frames) == len(found.audio) // 320
    assert [word for word, _, _ in found.words] == ["Hello", "there", "Dana"]
    assert np.abs(found.audio).max() == pytest.approx(0.3 * 32767, rel=0.01)
    for _, start, end in found.words:
        assert (found.frames[round(start * 50) + 1 : round(end * 50) - 1] > 0).all()


def test_a_faster_rate_is_asked_of_the_voice(toned: object) -> None:
    slow, fast = utter("Hello there", VOICE, 0.9), utter("Hello there", VOICE, 1.12)
    assert slow is not None and fast is not None
    assert len(slow.audio) / len(fast.audio) == pytest.approx(1.12 / 0.9, rel=0.01)


def test_what_does_not_fit_into_a_window_is_not_kept(toned: object) -> None:
    assert utter(" ".join(["word"] * 23), VOICE, 1.0) is not None
    assert utter(" ".join(["word"] * 25), VOICE, 1.0) is None


def test_a_text_of_which_a_word_got_lost_is_not_kept(
    toned: Callable[..., Speech], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthesize, "speak", lambda text, voice, rate: toned(text.rpartition(" ")[0], voice, rate=rate))
    assert utter("Hello there Dana", VOICE, 1.0) is None


def test_sound_beyond_full_scale_is_clipped_and_does_not_wrap_around(monkeypatch: pytest.MonkeyPatch) -> None:
    loud = Speech(audio=np.array([1.5, -1.5, 0.5] * 400, np.float32), words=(("a", 0.0, 0.1),), phones=())
    monkeypatch.setattr(synthesize, "speak", lambda text, voice, rate: loud)
    found = utter("a", VOICE, 1.0)
    assert found is not None and found.audio[:3].tolist() == [32767, -32767, 16384]


# --- shards -------------------------------------------------------------------------------------


def test_a_shard_gives_back_what_was_spoken_in_order(toned: object, tmp_path: Path) -> None:
    jobs = [("Hello Dana.", VOICES[0]), ("Zoë's O'Brien?", VOICES[1]), ("One two three.", VOICES[2])]
    seconds = write_shard(tmp_path / "a.npz", jobs, Random(1))
    found = list(read_shard(tmp_path / "a.npz"))
    assert [(one.text, one.voice) for one in found] == [(text, voice.name) for text, voice in jobs]
    assert seconds == pytest.approx(sum(len(one.audio) for one in found) / SAMPLE_RATE)
    random = Random(1)
    for one, (text, voice) in zip(found, jobs, strict=True):
        spoken = utter(text, voice, round(random.uniform(0.9, 1.12), 2))
        assert spoken is not None
        assert np.array_equal(one.audio, spoken.audio) and np.array_equal(one.frames, spoken.frames)
        assert one.words == spoken.words


def test_a_shard_holds_rates_around_the_natural_one(toned: object, tmp_path: Path) -> None:
    write_shard(tmp_path / "a.npz", [("a b c d e", VOICE)] * 40, Random(3))
    rates = [5 * 0.4 * SAMPLE_RATE / len(one.audio) for one in read_shard(tmp_path / "a.npz")]
    assert 0.89 < min(rates) < 0.94 and 1.08 < max(rates) < 1.13


def test_a_text_that_is_not_kept_leaves_no_hole(toned: object, tmp_path: Path) -> None:
    jobs = [("Hello.", VOICE), (" ".join(["word"] * 40), VOICE), ("Bye now.", VOICE)]
    write_shard(tmp_path / "a.npz", jobs, Random(1))
    first, last = read_shard(tmp_path / "a.npz")
    assert (first.text, last.text) == ("Hello.", "Bye now.")
    assert len(last.frames) == len(last.audio) // 320 and last.words[0][0] == "Bye"


def test_a_shard_is_whole_or_not_there_and_holds_no_code(toned: object, tmp_path: Path) -> None:
    write_shard(tmp_path / "a.npz", [("Hello.", VOICE)], Random(1))
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        assert {stored[name].dtype.kind for name in stored.files} <= {"i", "u"}


def test_a_shard_that_breaks_off_is_never_taken_for_a_whole_one(toned: object, tmp_path: Path) -> None:
    def jobs():  # type: ignore[no-untyped-def]
        yield "Hello.", VOICE
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_shard(tmp_path / "a.npz", jobs(), Random(1))
    assert list(tmp_path.glob("*.npz")) == []


# --- a shard of which nothing is kept ---------------------------------------------------------------


def test_a_shard_of_which_nothing_is_kept_is_written_empty_and_read_back(toned: object, tmp_path: Path) -> None:
    path = tmp_path / "none.npz"
    assert write_shard(path, [(" ".join(["word"] * 60), VOICES[0])], Random(1)) == 0.0
    assert list(read_shard(path)) == []
    assert {file.name for file in tmp_path.iterdir()} == {"none.npz"}


def test_a_shard_of_no_jobs_at_all_counts_no_hours_and_gives_no_samples(tmp_path: Path) -> None:
    from ci_checker.learn.speech import corpus

    dataset = pytest.importorskip("ci_checker.learn.speech.dataset", reason="training needs torch")
    assert write_shard(tmp_path / "none.npz", [], Random(1)) == 0.0
    assert corpus.hours(tmp_path) == 0.0
    assert dataset.load_samples([tmp_path / "none.npz"]) == []


def test_a_shard_with_something_keeps_its_kinds_of_numbers(toned: object, tmp_path: Path) -> None:
    write_shard(tmp_path / "a.npz", [("Yes.", VOICES[0]), ("Go ahead.", VOICES[1])], Random(1))
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        kinds = {name: (stored[name].dtype, stored[name].ndim) for name in stored.files}
    assert kinds == {
        "audio": (np.int16, 1),
        "frames": (np.uint8, 1),
        "lengths": (np.int64, 2),
        "lines": (np.uint8, 1),
    }
