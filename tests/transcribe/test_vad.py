"""Voice activity: voices are found, noises are not, and torch is left alone."""

from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest

from ci_checker.errors import MissingError
from ci_checker.transcribe import vad
from ci_checker.transcribe.spans import overlap

RATE = 16_000
SENTENCE = "Hi Karen, this is Luke with Bright Harbor, do you have half a minute?"
VOICES = ("sarah", "mike", "dan", "nina")


def noise(kind: str, seconds: float = 6.0) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    random = np.random.default_rng(3)
    made = {
        "nothing": np.zeros_like(time),
        "hum": 0.05 * np.sin(2 * np.pi * 50 * time),
        "sine": 0.3 * np.sin(2 * np.pi * 440 * time),
        "white": random.normal(0, 0.05, len(time)),
        "faint": random.normal(0, 0.0003, len(time)),
        "ring": 0.2 * (np.sin(2 * np.pi * 440 * time) + np.sin(2 * np.pi * 480 * time)) * (time % 3 < 2),
        "offset": np.full_like(time, 0.4),
    }
    return made[kind].astype(np.float32)


@pytest.mark.parametrize("kind", ["nothing", "hum", "sine", "white", "faint", "ring", "offset"])
def test_what_is_no_voice_is_no_speech(kind):
    assert vad.speech_spans(noise(kind)) == []


@pytest.mark.parametrize("voice", VOICES)
def test_synthetic_voices_are_found_where_they_speak(say, voice):
    audio = say(SENTENCE, voice, before=2.0, after=1.5)
    spans = vad.speech_spans(audio)
    spoken = (2.0, len(audio) / RATE - 1.5)
    assert sum(overlap(span, spoken) for span in spans) > 0.85 * (spoken[1] - spoken[0])
    assert spans[0].start > 1.7 and spans[-1].end < spoken[1] + 0.4


@pytest.mark.parametrize("voice", VOICES)
def test_a_short_answer_is_found(say, voice):
    assert len(vad.speech_spans(say("Mm-hmm.", voice, before=1.0, after=1.0))) == 1


@pytest.mark.parametrize("level", [1.0, 0.1, 0.01])
def test_quiet_and_loud_speech_are_found_alike(say, level):
    audio = say(SENTENCE, "nina", before=1.0, after=1.0) * np.float32(level)
    spans = vad.speech_spans(audio)
    assert sum(span.length for span in spans) > 2.0


def test_speech_is_found_in_telephone_noise(say):
    audio = say(SENTENCE, "dan", before=1.0, after=1.0)
    audio = audio + np.random.default_rng(0).normal(0, 0.005, len(audio)).astype(np.float32)
    (first, *_), last = vad.speech_spans(audio), vad.speech_spans(audio)[-1]
    assert 0.7 < first.start < 1.3 and last.end < len(audio) / RATE - 0.5


def test_spans_are_in_order_and_inside_the_recording(say):
    audio = np.concatenate(
        [say(text, "mike", after=gap) for text, gap in (("Yes.", 0.3), ("No.", 2.0), ("Maybe so.", 0))]
    )
    spans = vad.speech_spans(audio)
    assert len(spans) >= 2
    assert all(0 <= one.start < one.end <= len(audio) / RATE for one in spans)
    assert all(one.end <= two.start for one, two in itertools.pairwise(spans))


def test_long_spans_are_split_where_it_is_quiet(say):
    audio = say(" ".join([SENTENCE.replace(",", "").replace("?", "")] * 4), "sarah")
    whole = vad.speech_spans(audio)
    parts = vad.speech_spans(audio, longest_s=3.0)
    assert max(span.length for span in whole) > 3.0
    assert all(part.length <= 3.0 for part in parts)
    assert sum(part.length for part in parts) == pytest.approx(sum(span.length for span in whole))
    levels = vad.frame_levels(audio)
    cuts = [int(one.end / vad.FRAME_S) for one, two in itertools.pairwise(parts) if one.end == two.start]
    assert cuts and np.mean([levels[cut] for cut in cuts]) < np.median(levels)


@pytest.mark.parametrize("size", [0, 1, 100, 3200])
def test_hardly_any_audio_is_no_problem(size):
    assert vad.speech_spans(np.zeros(size, np.float32)) == []


def test_blocks_of_the_model_are_joined_without_a_seam(say, monkeypatch):
    audio = say(SENTENCE, "mike")
    whole = vad.speech_probabilities(audio)
    monkeypatch.setattr(vad, "_BLOCK", 7)
    assert np.allclose(whole, vad.speech_probabilities(audio), atol=1e-4)


def test_torch_keeps_its_threads_and_silero_is_not_imported():
    code = (
        "import sys, torch, numpy as np; torch.set_num_threads(2)\n"
        "from ci_checker.transcribe import vad\n"
        "vad.speech_spans(np.random.default_rng(0).normal(0, .1, 16000).astype('float32'))\n"
        "assert torch.get_num_threads() == 2, torch.get_num_threads()\n"
        "assert 'silero_vad' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_missing_wheel_is_one_line_with_the_command(monkeypatch):
    monkeypatch.setattr(vad.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingError, match="pip install") as problem:
        vad.model_path()
    assert problem.value.exit_status == 3
