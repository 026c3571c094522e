"""The spoilt files of the issue, one each: what it is, in one clear line, as an error or as a note."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ci_checker.errors import CallError
from ci_checker.intake import read
from ci_checker.intake.audio import load

RATE = 16_000


def truncated_mp3(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    path = make("cut.mp3", speech(20.0, 44_100), rate=44_100, codec="libmp3lame", bit_rate=64_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    return path


def lying_header(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    path = make("lies.wav", speech(4.0))
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", 60 * RATE * 2)
    path.write_bytes(bytes(data))
    return path


def silent_video(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    return video(folder / "meeting.mp4", with_sound=False)


def seven_channels(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    parts = np.stack([speech(2.0, seed=n) for n in range(7)])
    return make("seven.wav", parts, layout="6.1")


def ninety_six_kilohertz(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    return make("studio.wav", speech(2.0, 96_000), rate=96_000, codec="pcm_f32le")


def offset(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    return make("offset.wav", speech(2.0, level=0.2) + np.float32(0.4))


def clipped(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    return make("hot.wav", np.clip(speech(3.0) * 12, -1, 1))


def dead_channel(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    return make("dead.wav", np.stack([speech(2.0), np.zeros(2 * RATE, np.float32)]))


def text_as_wav(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    (folder / "words.wav").write_text("Luke: Hi Karen.\nKaren: Hello.\n")
    return folder / "words.wav"


def encrypted(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    plain = make("plain.wav", speech(1.0)).read_bytes()
    key = np.random.default_rng(5).bytes(len(plain))
    (folder / "locked.wav").write_bytes(bytes(a ^ b for a, b in zip(plain, key, strict=True)))
    return folder / "locked.wav"


def link_loop(folder: Path, make: Callable, speech: Callable, video: Callable) -> Path:
    os.symlink(folder / "b.wav", folder / "a.wav")
    os.symlink(folder / "a.wav", folder / "b.wav")
    return folder / "a.wav"


REFUSED = [
    (silent_video, "is a video without a sound track"),
    (text_as_wav, r"is text although its name ends in \.wav.*find the recording"),
    (encrypted, "damaged, cut off, encrypted|can be decoded"),
    (link_loop, "cannot be read: too many levels"),
]
NOTED = [
    (truncated_mp3, r"cut off after 0:06; its header states 0:20"),
    (lying_header, r"cut off after 0:04; its header states 1:00"),
    (seven_channels, r"has 7 channels, mixed into one"),
    (clipped, r"is overdriven: \d+% of its loud sound is cut off at full scale"),
    (dead_channel, r"^The right channel is silent\.$"),
    (ninety_six_kilohertz, ""),
    (offset, ""),
]


@pytest.mark.parametrize(("spoil", "line"), REFUSED, ids=[each.__name__ for each, _ in REFUSED])
def test_what_cannot_be_heard_is_one_line(tmp_path, make, speech, video, spoil, line):
    path = spoil(tmp_path, make, speech, video)
    with pytest.raises(CallError, match=line) as problem:
        read(path)
    assert str(problem.value).startswith(f"{path}: ") and "\n" not in str(problem.value)
    assert problem.value.exit_status == 1


@pytest.mark.parametrize(("spoil", "line"), NOTED, ids=[each.__name__ for each, _ in NOTED])
def test_what_can_be_heard_is_heard_and_told_of(tmp_path, make, speech, video, spoil, line):
    path = spoil(tmp_path, make, speech, video)
    call = read(path)
    samples = load(path)
    assert samples.dtype == np.float32 and np.isfinite(samples).all() and np.abs(samples).max() <= 1.0
    assert samples.shape[1] == pytest.approx(call.duration_s * RATE, abs=RATE / 20)
    assert abs(float(samples.mean())) < 0.005, "no constant offset is left"
    if line:
        assert any(re.search(line, note) for note in call.notes), call.notes
    else:
        assert call.notes == ()
    assert all("\n" not in note for note in call.notes)


def test_a_loud_recording_that_was_not_cut_is_not_called_overdriven(make, speech):
    sound = speech(3.0)
    assert read(make("loud.wav", sound / np.abs(sound).max())).notes == ()


def test_a_truncated_mp3_is_as_long_as_what_is_left(tmp_path, make, speech, video):
    assert read(truncated_mp3(tmp_path, make, speech, video)).duration_s == pytest.approx(20 / 3, rel=0.1)
