"""Windows to learn from: what lies where in them, how loud, and how a line degrades it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from random import Random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import dataset, vocabulary  # noqa: E402
from ci_checker.learn.speech.synthesize import Utterance  # noqa: E402

RATE = 16_000


def sample(seconds: float = 1.0, text: str = "yes", phone: int = 7) -> dataset.Sample:
    """One word over a steady tone."""
    time = np.arange(round(seconds * RATE)) / RATE
    audio = (10_000 * np.sin(2 * np.pi * 300 * time)).astype(np.int16)
    frames = np.full(len(audio) // dataset.FRAME, phone, np.uint8)
    words = ((text, 0.1, seconds - 0.1),)
    return dataset.sample(Utterance(text=text, voice="x", audio=audio, words=words, frames=frames))


# --- samples ------------------------------------------------------------------------------------


def test_a_word_begins_and_ends_with_its_sound() -> None:
    frames = np.zeros(100, np.uint8)
    frames[20:40] = 7
    audio = np.zeros(100 * dataset.FRAME, np.int16)
    found = dataset.sample(Utterance(text="yes", voice="x", audio=audio, words=(("yes", 0.2, 1.5),), frames=frames))
    assert (found.words[0].start, found.words[0].end) == (0.4, 0.8)
    assert found.seconds == 2.0


def test_a_word_without_any_sound_keeps_the_times_that_it_was_given() -> None:
    audio = np.zeros(100 * dataset.FRAME, np.int16)
    quiet = Utterance(text="yes", voice="x", audio=audio, words=(("yes", 0.2, 1.5),), frames=np.zeros(100, np.uint8))
    assert (dataset.sample(quiet).words[0].start, dataset.sample(quiet).words[0].end) == (0.2, 1.5)


# --- placing ------------------------------------------------------------------------------------


def test_sound_phones_and_words_move_together() -> None:
    placed = dataset.place([sample()], [3.0], 10.0, Random(1))
    assert placed.audio.shape == (10 * RATE,) and placed.frames.shape == (500,)
    loud = np.flatnonzero(np.abs(placed.audio) > 0)
    assert loud[0] == pytest.approx(3.0 * RATE, abs=2) and loud[-1] == pytest.approx(4.0 * RATE, abs=RATE / 300)
    assert np.flatnonzero(placed.frames).tolist() == list(range(150, 200))
    times = [number - vocabulary.load().times for number in placed.numbers]
    assert (times[0], times[-1]) == (155, 195)


def test_what_runs_beyond_the_window_is_cut() -> None:
    placed = dataset.place([sample(2.0)], [9.0], 10.0, Random(1))
    assert len(placed.audio) == 10 * RATE and len(placed.frames) == 500
    assert np.abs(placed.audio[-100:]).max() > 0 and placed.frames[-1] == 7


def test_levels_vary_from_window_to_window_but_little_within_one() -> None:
    levels, apart = [], []
    for seed in range(60):
        placed = dataset.place([sample(), sample()], [0.0, 5.0], 10.0, Random(seed))
        first, second = np.abs(placed.audio[:RATE]).max(), np.abs(placed.audio[5 * RATE :]).max()
        levels.append(20 * np.log10(first / (10_000 / 32768)))
        apart.append(abs(20 * np.log10(first / second)))
    assert max(levels) - min(levels) > 10 and max(levels) <= 3.01 and min(levels) >= -21.01
    assert max(apart) <= 3.01


def test_a_short_window_is_one_utterance_with_a_little_silence() -> None:
    one = sample(2.0)
    for seed in range(50):
        items, (lead,), seconds = dataset.short_window(one, Random(seed))
        assert items == [one] and 0.0 <= lead <= 1.0
        assert lead + 2.0 <= seconds <= lead + 2.3
    assert {dataset.short_window(one, Random(seed))[1][0] for seed in range(50)} >= {0.0}


def test_a_long_utterance_still_fits_into_a_short_window() -> None:
    for seed in range(20):
        _, (lead,), seconds = dataset.short_window(sample(9.9), Random(seed))
        assert lead + 9.9 <= 10.0 + 1e-9 and seconds <= dataset.WINDOW


def test_a_full_window_holds_one_to_four_that_do_not_overlap() -> None:
    counts = set()
    for seed in range(80):
        items, starts, seconds = dataset.full_window(iter([sample(2.0)] * 4), Random(seed))
        counts.add(len(items))
        assert seconds == 10.0 and len(items) == len(starts)
        ends = [start + 2.0 for start in starts]
        assert all(end <= after + 1e-9 for end, after in zip(ends, starts[1:])) and (not ends or ends[-1] <= 10.0)
    assert counts == {1, 2, 3, 4}


# --- batches ------------------------------------------------------------------------------------


def test_utterances_of_like_length_go_into_one_batch() -> None:
    samples = [sample(0.5 + n / 10) for n in range(40)]
    batches = list(dataset.batches(samples, Random(1), seconds=12.0, full=0.0))
    for batch in batches:
        assert batch.mel.shape[2] == 2 * batch.phones.shape[1]
        assert batch.mel.shape[0] * batch.mel.shape[2] / 100 < 12.0 + 12.0
    assert sum(len(batch.mel) for batch in batches) == 40


def test_longer_utterances_can_be_left_out() -> None:
    samples = [sample(1.0), sample(4.0), sample(8.0)]
    found = list(dataset.batches(samples, Random(1), seconds=8.0, full=0.0, longest=5.0))
    assert sum(len(batch.mel) for batch in found) == 2


def test_whole_windows_fill_a_batch_to_its_seconds() -> None:
    found = list(islice(dataset.batches([sample(2.0)] * 30, Random(1), seconds=40.0, full=1.0), 3))
    assert {tuple(batch.mel.shape) for batch in found} == {(4, 80, 1000)}


def test_rows_are_padded_where_there_is_nothing_to_learn() -> None:
    short = dataset.place([sample(1.0)], [0.0], 1.0, Random(1))
    long = dataset.place([sample(1.0), sample(1.0, "no way")], [0.0, 1.5], 3.0, Random(1))
    batch = dataset.collate([short, long], Random(1), telephone=0.0)
    learned = len(short.numbers) + 1
    assert (batch.targets[0, learned:] == -100).all() and (batch.targets[0, :learned] >= 0).all()
    assert (batch.phones[0, 50:] == 0).all()
    first, last = batch.spans[0, learned:].unbind(-1)
    assert (first > last).all(), "heard nowhere"
    assert batch.phones.shape[1] % 20 == 0


# --- prompts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hi Dana, this is Luke Porter's line.", ("Dana", "Luke Porter")),
        ("Karen. Then I'm off to Silver Creek, Monday.", ("Silver Creek", "Monday")),
        ("I think I can.", ()),
        ("", ()),
    ],
)
def test_names_are_capitalized_words_within_sentences(text: str, names: tuple[str, ...]) -> None:
    assert dataset.names_in(text) == names


def test_a_prompt_comes_first_and_nothing_is_learned_from_it() -> None:
    words = vocabulary.load()
    plain = dataset.place([sample(1.0)], [0.0], 1.0, Random(1))
    told = dataset.prompted(plain, ("Dana",), ("Osage Quill",), Random(1))
    batch = dataset.collate([plain, told], Random(1), telephone=0.0)
    given = len(told.prompt)
    assert told.prompt[0] == words.compact(words.before) and batch.inputs[1, given] == words.compact(words.start)
    spelled = words.encoding.decode([words.used[piece] for piece in told.prompt[1:]])
    assert spelled in {" Dana, Osage Quill.", " Osage Quill, Dana."}
    assert (batch.targets[1, :given] == -100).all()
    learned = len(plain.numbers) + 1
    assert batch.targets[1, given : given + learned].tolist() == batch.targets[0, :learned].tolist()
    assert batch.spans[1, given : given + learned].tolist() == batch.spans[0, :learned].tolist()
    assert (batch.spans[1, :given, 0] > batch.spans[1, :given, 1]).all(), "a prompt is heard nowhere"
    assert (batch.copies == -1).all(), "no name of it was said"
    said = dataset.place([sample(1.0, "Quill")], [0.0], 1.0, Random(1))
    row = dataset.collate([dataset.prompted(said, (), ("Osage Quill",), Random(1))], Random(1))
    found = torch.nonzero(row.copies[0] >= 0)[:, 0]
    assert len(found) and row.targets[0, found].tolist() == row.inputs[0, row.copies[0, found]].tolist()


def test_a_silent_window_asks_for_no_speech_behind_a_prompt_too() -> None:
    words = vocabulary.load()
    told = dataset.prompted(dataset.silent_window(Random(1)), (), ("Dana", "Osage Quill"), Random(1))
    batch = dataset.collate([told], Random(1))
    assert batch.targets[0, len(told.prompt)] == words.compact(words.no_speech)


def test_most_names_that_are_said_are_told_and_never_more_than_a_model_reads() -> None:
    plain = dataset.place([sample(1.0)], [0.0], 1.0, Random(1))
    said = tuple(f"Name{chr(65 + n)}" for n in range(20))
    told = [dataset.prompted(plain, said, (), Random(seed)).prompt for seed in range(30)]
    whole = len(vocabulary.prompt(", ".join(said) + "."))
    assert 0.75 < np.mean([len(prompt) - 1 for prompt in told]) / whole < 0.95
    strange = [f"Zq{chr(97 + n)}xqz{chr(97 + m)}" for n in range(26) for m in range(3)]
    many = dataset.prompted(plain, said, strange, Random(1))
    assert len(many.prompt) == dataset.LONGEST_PROMPT + 1
    assert dataset.prompted(plain, (), (), Random(1)).prompt == []


def test_only_the_share_of_windows_that_was_asked_for_has_a_prompt() -> None:
    words = vocabulary.load()
    samples = [replace(sample(1.0), names=("Dana",)) for _ in range(200)]
    for told, least, most in ((0.0, 0.0, 0.0), (0.4, 0.25, 0.55), (1.0, 1.0, 1.0)):
        found = list(dataset.batches(samples, Random(1), seconds=12.0, full=0.3, told=told))
        rows = torch.cat([batch.inputs[:, 0] for batch in found])
        assert least <= float((rows == words.compact(words.before)).float().mean()) <= most


def test_a_voice_may_rest_in_part() -> None:
    samples = [sample(1.0), replace(sample(1.0), voice="y")] * 100
    found = list(dataset.batches(samples, Random(1), seconds=12.0, full=0.0, rested={"y": 1.0}))
    assert sum(len(batch.mel) for batch in found) == 100
    found = list(dataset.batches(samples, Random(1), seconds=12.0, full=0.0, rested={"y": 0.4}))
    assert 140 < sum(len(batch.mel) for batch in found) < 180


def test_a_room_full_of_people_is_nothing_to_write_down() -> None:
    talk = [sample(1.0)]
    kinds = [dataset.silent_window(Random(seed), talk) for seed in range(60)]
    assert all(window.numbers == [] and not window.frames.any() for window in kinds)
    tone = [np.abs(np.fft.rfft(window.audio)) for window in kinds]
    rooms = [each for each in tone if each.argmax() == 3000]
    assert 5 < len(rooms) < 35, "the samples' own tone of 300 Hz"


# --- lines --------------------------------------------------------------------------------------


def test_without_a_telephone_most_rows_stay_as_they_are() -> None:
    rows = 0.1 * torch.randn(200, 1600)
    heard = dataset.degrade(rows, Random(1), telephone=0.0)
    same = sum(torch.equal(before, after) for before, after in zip(rows, heard, strict=True))
    assert 0.5 < same / 200 < 0.7, "noise comes to four rows of ten"
    assert heard.abs().max() <= 1.0


def test_noise_is_below_the_speech_by_what_was_drawn() -> None:
    row = torch.sin(torch.arange(RATE) / 8) * 0.3
    ratios = []
    for seed in range(60):
        torch.manual_seed(seed)
        noise = dataset._noise(row, 0.1 * torch.randn(5, RATE), Random(seed))
        ratios.append(float(10 * torch.log10(row.square().mean() / noise.square().mean())))
    assert 3.5 < min(ratios) < 10 and 36 < max(ratios) < 42.5


def test_hiss_is_white_or_dull_or_pink() -> None:
    slopes = []
    for seed in range(40):
        torch.manual_seed(seed)
        power = torch.fft.rfft(dataset._hiss(RATE, Random(seed))).abs().square()
        slopes.append(float(10 * torch.log10(power[200:400].mean() / power[1600:3200].mean())))
    assert min(slopes) < 1 and max(slopes) > 7 and len(slopes) == 40


def test_a_babble_is_of_several_rows_at_once_and_none_of_them_stands_out() -> None:
    rows = torch.zeros(8, RATE)
    for row in range(8):
        rows[row] = (0.01 if row % 2 else 0.5) * torch.sin(2 * np.pi * (100 + 50 * row) * torch.arange(RATE) / RATE)
    found = torch.fft.rfft(dataset.babble(rows, Random(2))).abs()[[100 + 50 * row for row in range(8)]]
    heard = found[found > 100]
    assert 3 <= len(heard) <= 7 and heard.max() / heard.min() < 7.5


def test_a_silent_row_gets_a_little_noise_of_its_own() -> None:
    for seed in range(10):
        noise = dataset._noise(torch.zeros(RATE), 0.1 * torch.randn(4, RATE), Random(seed))
        assert torch.isfinite(noise).all() and 0 < noise.abs().max() < 0.06


@pytest.mark.parametrize("length", [16_000, 15_999, 321])
def test_a_line_keeps_the_length(length: int) -> None:
    assert len(dataset.to_telephone(0.1 * torch.randn(length))) == length


def test_a_line_is_as_coarse_as_seven_bits_and_a_sign_make_it() -> None:
    quiet, loud = (level * torch.sin(2 * np.pi * 1000 * torch.arange(RATE) / RATE) for level in (0.01, 0.9))
    for tone in (quiet, loud):
        error = dataset.to_telephone(tone) - tone
        ratio = 10 * torch.log10(tone.square().mean() / error[800:-800].square().mean())
        assert 25 < float(ratio) < 50, "companding keeps the quiet as clear as the loud"
