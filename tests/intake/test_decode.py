"""Decoding as a stream: what a header claims, where a file is damaged, what is silence."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ci_checker.errors import CallError
from ci_checker.intake import decode
from ci_checker.intake.audio import SILENT, Sums, examine
from ci_checker.intake.decode import BLOCK, RATE, Progress, blocks


def wav(data_size: int, *, byte_rate: int = 32_000, before: bytes = b"") -> bytes:
    """A wav header with a stated size of its sound."""
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, byte_rate, 2, 16)
    return b"RIFF" + b"\0" * 4 + b"WAVE" + fmt + before + b"data" + struct.pack("<I", data_size)


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (wav(64_000), 2.0),
        (wav(64_000, before=b"LIST" + struct.pack("<I", 5) + b"title\0"), 2.0),
        (wav(0), None),
        (wav(0xFFFFFFFF), None),
        (wav(64_000, byte_rate=0), None),
        (b"RIFX" + b"\0" * 60, None),
        (wav(64_000)[:20], None),
    ],
    ids=["plain", "an odd chunk before", "nothing", "a placeholder", "no rate", "another kind", "cut off"],
)
def test_a_wav_header_states_its_seconds_or_nothing(content: bytes, seconds: float | None, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    assert decode._wav_claim(tmp_path / "a.wav") == seconds


def test_sound_comes_in_blocks_of_sixteen_kilohertz(
    make: Callable[..., Path], speech: Callable[..., np.ndarray]
) -> None:
    path = make("a.wav", np.stack([speech(2.0, 8_000), speech(2.0, 8_000, seed=1)]), rate=8_000)
    progress = Progress()
    found = list(blocks(path, progress, max_hours=1.0))
    assert all(block.dtype == np.float32 and block.shape[0] == 2 for block in found)
    assert max(block.shape[1] for block in found) <= BLOCK
    assert sum(block.shape[1] for block in found) / RATE == pytest.approx(2.0, abs=0.01) == progress.decoded_s
    assert (progress.codec, progress.sample_rate, progress.channels) == ("pcm_s16le", 8_000, 2)
    assert (progress.damaged, progress.gaps, progress.notes) == (0, 0, [])


@pytest.mark.parametrize("content", [b"RIFF....", b"\0" * 100, b"OggS" + b"\xff" * 50])
def test_what_is_no_recording_is_one_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(CallError) as told:
        list(blocks(tmp_path / "a.wav", Progress(), max_hours=1.0))
    assert told.value.where == str(tmp_path / "a.wav") and "\n" not in told.value.line


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no such file"):
        examine(tmp_path / "none.wav")


@pytest.mark.parametrize(("stated", "size", "refused"), [(7200.0, 10_000_000, True), (7200.0, 1_000, False)])
def test_a_length_that_the_size_of_the_file_belies_is_not_believed(stated: float, size: int, refused: bool) -> None:
    if not refused:
        decode._refuse_long(Path("a.mp3"), stated, 1.0, size=size)
        return
    with pytest.raises(CallError, match=r"longer than 1 hours \(2:00:00\)"):
        decode._refuse_long(Path("a.mp3"), stated, 1.0, size=size)


def test_the_first_fault_is_remembered_and_all_are_counted() -> None:
    progress = Progress(decoded_s=12.0)
    decode._damage(progress)
    progress.decoded_s = 30.0
    decode._damage(progress)
    assert (progress.damaged, progress.first_damage_s) == (2, 12.0)


def test_the_first_gap_is_remembered_and_all_are_summed_up() -> None:
    progress = Progress()
    decode._skip(progress, 5.0, 2.0)
    decode._skip(progress, 50.0, 0.5)
    assert (progress.gaps, progress.first_gap_s, progress.skipped_s) == (2, 5.0, 2.5)


# --- sums over the blocks -----------------------------------------------------------------------


def summed(*parts: np.ndarray) -> Sums:
    sums = Sums()
    for part in parts:
        sums.add(part.astype(np.float32))
    return sums


def tone(level: float, seconds: float = 0.5, hertz: float = 300.0) -> np.ndarray:
    return level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


def test_one_loud_block_is_enough_not_to_be_silent() -> None:
    quiet = np.zeros((2, BLOCK))
    assert summed(quiet, quiet).silent == (True, True)
    assert summed(quiet, np.stack([tone(0.1), tone(SILENT / 2)]), quiet).silent == (False, True)


def test_a_constant_is_no_sound_and_nothing_seen_is_nothing() -> None:
    assert summed(np.full((1, BLOCK), 0.7)).silent == (True,)
    assert Sums().silent == () and Sums().channels == 0 and not Sums().fake_stereo


@pytest.mark.parametrize(
    ("right", "fake"),
    [(tone(0.3), True), (tone(-0.3), True), (tone(0.16), True), (tone(0.1), False), (tone(0.3, hertz=450.0), False)],
    ids=["the same", "inverted", "half as loud", "a leak", "another voice"],
)
def test_two_channels_of_one_mix_are_told_from_two_sides(right: np.ndarray, fake: bool) -> None:
    assert summed(np.stack([tone(0.3), right])).fake_stereo is fake


def test_peaks_cut_off_at_full_scale_are_told_from_merely_loud_sound() -> None:
    assert not summed(tone(0.97)[np.newaxis]).clipped
    assert summed(np.clip(tone(3.0), -1, 1)[np.newaxis]).clipped
    assert not summed(np.zeros((1, BLOCK))).clipped
