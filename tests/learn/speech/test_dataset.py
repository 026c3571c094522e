"""From an utterance to what the network reads: times, labels and sound stay together."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
whisper = pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import dataset, vocabulary  # noqa: E402
from ci_checker.learn.speech.synthesize import Utterance, read_shard, write_shard  # noqa: E402
from ci_checker.learn.speech.voices import VOICES, available  # noqa: E402


def tone(seconds: float = 2.0) -> dataset.Sample:
    """A sample that says "Hello Dana." over a 300 Hz tone."""
    time = np.arange(round(seconds * 16_000)) / 16_000
    audio = (10_000 * np.sin(2 * np.pi * 300 * time)).astype(np.int16)
    words = (("Hello", 0.2, 0.9), ("Dana.", 1.0, 1.8))
    frames = np.full(len(audio) // 320, 7, np.uint8)
    return dataset.sample(Utterance(text="Hello Dana.", voice="x", audio=audio, words=words, frames=frames))


def text_of(numbers: list[int]) -> str:
    """The text without its times."""
    words = vocabulary.load()
    return words.encoding.decode([words.used[number] for number in numbers if number < words.times])


def test_every_word_stands_between_its_times() -> None:
    words = vocabulary.load()
    spelled = vocabulary.tokenize((("Northwind", 1.0, 2.0), ("didn't.", 2.5, 3.0)))
    numbers, spans = vocabulary.timed(spelled)
    times = [(place, number - words.times) for place, number in enumerate(numbers) if number >= words.times]
    assert [at for _, at in times] == [50, 100, 125, 150]
    assert text_of(numbers) == " Northwind didn't."
    assert len(spans) == len(numbers)
    pieces = [span for span, number in zip(spans, numbers, strict=True) if number < words.times]
    assert pieces[0][0] == 50 and pieces[-1][1] == 150
    assert all(first < last for first, last in spans)


def test_times_never_run_backwards_and_stay_in_the_window() -> None:
    words = vocabulary.load()
    overlapping = vocabulary.tokenize((("one", 1.0, 2.0), ("two", 1.5, 1.51), ("late", 9.99, 12.0)))
    numbers, _ = vocabulary.timed(overlapping)
    times = [number - words.times for number in numbers if number >= words.times]
    assert times == sorted(times) and times[-1] <= vocabulary.TIMES - 1
    assert all(start < end for start, end in zip(times[::2], times[1::2], strict=True))


def test_tokens_are_whispers_own() -> None:
    words = vocabulary.load()
    tokenizer = whisper.tokenizer.get_tokenizer(multilingual=False)
    numbers = words.encoding.encode(" Tell me about Cleveland, please?")
    assert tokenizer.decode(numbers) == " Tell me about Cleveland, please?"
    assert words.unused + len(words.used) == vocabulary.SIZE


def test_log_mel_is_whispers_log_mel() -> None:
    audio = torch.from_numpy(np.random.default_rng(0).normal(0, 0.1, (2, 16_000)).astype(np.float32))
    audio[1] *= 0.01
    ours = dataset.log_mel(audio)
    for row in range(2):
        theirs = whisper.log_mel_spectrogram(audio[row])
        assert torch.allclose(ours[row], theirs, atol=1e-4)


def test_a_batch_keeps_text_phones_and_spans_where_the_sound_is() -> None:
    window = dataset.place([tone(), tone()], [1.0, 5.0], 10.0, Random(1))
    batch = dataset.collate([window], Random(1), telephone=0.0)
    assert batch.mel.shape == (1, 80, 1000) and batch.phones.shape == (1, 500)
    assert (batch.phones[0, 55:145] == 7).all() and (batch.phones[0, 160:245] == 0).all()
    words = vocabulary.load()
    numbers = batch.targets[0].tolist()
    assert words.used[numbers[-1]] == words.end and batch.inputs[0, 0] == words.compact(words.start)
    assert text_of([n for n in numbers if n != words.compact(words.end)]) == " Hello Dana. Hello Dana."
    assert batch.inputs[0, 1:].tolist() == numbers[:-1]
    assert numbers[0] - words.times == 60, "the first word starts at 1.2 seconds"
    first_piece = batch.spans[0, 1].tolist()
    assert first_piece[0] == 60
    loud = batch.mel[0].amax(0)
    assert loud[200:280].mean() > loud[350:450].mean() + 0.3


def test_windows_without_speech_ask_for_no_speech() -> None:
    words = vocabulary.load()
    for seed in range(12):
        batch = dataset.collate([dataset.silent_window(Random(seed))], Random(seed))
        assert [words.used[n] for n in batch.targets[0].tolist()] == [words.no_speech, words.end]
        assert torch.isfinite(batch.mel).all()


def test_a_telephone_carries_speech_and_nothing_above_its_band() -> None:
    time = torch.arange(16_000) / 16_000
    low, high = torch.sin(6.2832 * 1000 * time) * 0.3, torch.sin(6.2832 * 6000 * time) * 0.3
    heard = dataset.to_telephone(low + high)
    spectrum = torch.fft.rfft(heard).abs()
    assert spectrum[1000] > 100 * spectrum[6000]
    assert torch.nn.functional.cosine_similarity(heard, low, dim=0) > 0.99
    assert not torch.equal(heard, low)


def test_batches_pass_over_every_utterance_once() -> None:
    samples = [tone(1.9 + number / 100) for number in range(40)]
    made = list(dataset.batches(samples, Random(2), seconds=20, full=0.0))
    assert sum(len(batch.mel) for batch in made) == 40
    assert all(len(batch.mel) * batch.mel.shape[2] / 100 < 35 for batch in made)


def test_shards_give_back_what_was_spoken(tmp_path: object) -> None:
    if not available(VOICES[0].engine):
        pytest.skip(f"the libraries of {VOICES[0].engine} are not installed")
    from pathlib import Path

    path = Path(str(tmp_path)) / "a.npz"
    seconds = write_shard(path, [("Hi Dana.", VOICES[0]), ("Tell me more.", VOICES[0])], Random(1))
    first, second = read_shard(path)
    assert (first.text, second.text) == ("Hi Dana.", "Tell me more.")
    assert [word for word, _, _ in second.words] == ["Tell", "me", "more."]
    assert len(first.frames) == len(first.audio) // 320
    assert (first.frames > 0).mean() > 0.4
    assert seconds == pytest.approx((len(first.audio) + len(second.audio)) / 16_000)
