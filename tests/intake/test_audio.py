from __future__ import annotations

import struct
import tracemalloc
from fractions import Fraction

import av
import numpy as np
import pytest

from ci_checker.errors import CallError
from ci_checker.intake import read
from ci_checker.intake.audio import examine, load, probe
from ci_checker.model import Role, Source

FORMATS = [
    ("a.wav", {"codec": "pcm_s16le"}, 16_000),
    ("a24.wav", {"codec": "pcm_s24le", "sample_format": "s32"}, 44_100),
    ("f.wav", {"codec": "pcm_f32le"}, 48_000),
    ("mu.wav", {"codec": "pcm_mulaw"}, 8_000),
    ("al.wav", {"codec": "pcm_alaw"}, 8_000),
    ("ad.wav", {"codec": "adpcm_ima_wav"}, 16_000),
    ("a.mp3", {"codec": "libmp3lame", "bit_rate": 64_000}, 44_100),
    ("a.m4a", {"codec": "aac", "bit_rate": 64_000}, 44_100),
    ("a.mp4", {"codec": "aac", "bit_rate": 64_000}, 16_000),
    ("a.ogg", {"codec": "libopus", "bit_rate": 48_000}, 48_000),
    ("a.opus", {"codec": "libopus", "bit_rate": 48_000, "container": "ogg"}, 48_000),
    ("a.webm", {"codec": "libopus", "bit_rate": 48_000}, 48_000),
    ("a.flac", {"codec": "flac"}, 44_100),
    ("a.aiff", {"codec": "pcm_s16be"}, 44_100),
]


@pytest.mark.parametrize(("name", "options", "rate"), FORMATS, ids=[item[0] for item in FORMATS])
def test_two_channels_come_back_in_place(make, speech, name, options, rate):
    left, right = speech(2.0, rate, seed=1), speech(2.0, rate, seed=2, level=0.15)
    path = make(name, np.stack([left, right]), rate=rate, **options)
    samples = load(path)
    assert samples.shape[0] == 2
    assert samples.dtype == np.float32
    assert samples.shape[1] == pytest.approx(2 * 16_000, abs=2100)
    assert np.sqrt(np.mean(samples[0] ** 2)) > 1.5 * np.sqrt(np.mean(samples[1] ** 2))
    audio = probe(path)
    assert (audio.channels, audio.sample_rate, audio.fake_stereo) == (2, rate, False)
    assert audio.duration_s == pytest.approx(2.0, abs=0.13)


def test_amr_is_read(make, speech):
    path = make("a.amr", speech(2.0, 8000), rate=8000, codec="libopencore_amrnb", bit_rate=12_200)
    assert load(path).shape == pytest.approx((1, 32_000), abs=800)
    assert probe(path).codec.startswith("amr")


def test_values_survive_resampling(make, speech):
    wave = speech(1.0, 16_000)
    samples = load(make("x.wav", wave, codec="pcm_f32le"))
    assert samples.shape == (1, 16_000)
    assert np.corrcoef(samples[0], wave)[0, 1] > 0.9999


def test_sound_of_a_video_is_its_call(tmp_path, video):
    path = video(tmp_path / "call.mp4", with_sound=True)
    assert load(path).shape[1] == pytest.approx(32_000, abs=2000)


def test_video_without_sound_is_refused(tmp_path, video):
    with pytest.raises(CallError, match="video without a sound track"):
        read(video(tmp_path / "mute.mp4", with_sound=False))


@pytest.mark.parametrize("codec", ["pcm_s16le", "libmp3lame", "libopus"])
def test_fake_stereo_is_one_channel(make, speech, codec):
    name, rate = {
        "pcm_s16le": ("x.wav", 16_000),
        "libmp3lame": ("x.mp3", 16_000),
        "libopus": ("x.ogg", 48_000),
    }[codec]
    wave = speech(3.0, rate)
    hiss = np.random.default_rng(5).standard_normal((2, len(wave))).astype(np.float32) * 0.004
    path = make(name, np.stack([wave, wave * 0.9]) + hiss, rate=rate, codec=codec)
    audio, notes = examine(path)
    assert (audio.channels, audio.fake_stereo) == (1, True)
    assert any("same sound" in note for note in notes)
    assert load(path).shape[0] == 1
    assert np.abs(load(path)).max() > 0.1


def test_inverted_copy_does_not_cancel(make, speech):
    wave = speech(2.0)
    samples = load(make("x.wav", np.stack([wave, -wave])))
    assert samples.shape[0] == 1
    assert np.abs(samples).max() > 0.2


def test_leak_from_the_other_side_is_not_fake_stereo(make, speech):
    wave = speech(2.0)
    assert load(make("x.wav", np.stack([wave, wave * 0.1]))).shape[0] == 2


def test_crosstalk_between_two_voices_is_not_fake_stereo(make, speech):
    one, two = speech(2.0, seed=1), speech(2.0, seed=2)
    path = make("x.wav", np.stack([one + 0.2 * two, two + 0.2 * one]))
    assert not probe(path).fake_stereo


def test_dead_channel_is_kept_and_named(make, speech):
    wave = speech(2.0)
    call = read(make("x.wav", np.stack([wave, np.zeros_like(wave)])))
    assert call.audio.channels == 2
    assert "The right channel is silent." in call.notes
    assert load(make("y.wav", np.stack([np.zeros_like(wave), wave]))).shape[0] == 2


def test_six_channels_become_one_with_a_note(make, speech):
    path = make("x.wav", np.stack([speech(1.0, seed=n) for n in range(6)]))
    audio, notes = examine(path)
    assert audio.channels == 1
    assert any("6 channels" in note for note in notes)
    assert load(path).shape == (1, 16_000)


def test_constant_offset_is_removed(make, speech):
    samples = load(make("x.wav", speech(1.0) + 0.2))
    assert abs(float(samples.mean())) < 1e-4
    assert np.abs(samples).max() <= 1.0


def test_nan_and_infinity_do_not_spread(make, speech):
    wave = speech(1.0, 48_000)
    wave[24_000], wave[30_000] = np.nan, np.inf
    samples = load(make("x.wav", wave, rate=48_000, codec="pcm_f32le"))
    assert np.isfinite(samples).all()
    assert np.abs(samples[0, :7000]).max() > 0.05
    assert np.abs(samples).max() <= 1.0


@pytest.mark.parametrize("level", [0.0, 0.0005])
def test_silence_is_refused(make, speech, level):
    path = make("x.wav", speech(2.0) * level, codec="pcm_f32le")
    for read_it in (read, load):
        with pytest.raises(CallError, match=r"x\.wav: is silent"):
            read_it(path)


def test_offset_alone_is_silence(make):
    with pytest.raises(CallError, match="is silent"):
        read(make("x.wav", np.full(16_000, 0.3)))


def test_too_long_is_refused(make, speech):
    path = make("x.wav", speech(4.0))
    for read_it in (read, load):
        with pytest.raises(CallError, match="is longer than 0.001 hours"):
            read_it(path, max_hours=0.001)


def test_five_hours_are_refused_by_the_header_alone(tmp_path):
    path = tmp_path / "long.wav"
    size = 5 * 3600 * 8000
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 7, 1, 8000, 8000, 1, 8, b"data", size
    )
    with path.open("wb") as file:
        file.write(head)
        file.truncate(44 + size)
    with pytest.raises(CallError, match=r"longer than 4 hours \(5:00:00\)"):
        read(path)


def test_lying_header_is_read_as_far_as_it_goes(make, speech):
    path = make("x.wav", speech(5.0))
    data = bytearray(path.read_bytes())
    place = data.index(b"data") + 4
    data[place : place + 4] = struct.pack("<I", 16_000 * 2 * 83)
    path.write_bytes(data)
    call = read(path)
    assert call.duration_s == pytest.approx(5.0, abs=0.05)
    assert call.notes == ("The recording is cut off after 0:05; its header states 1:23.",)
    assert load(path).shape[1] == pytest.approx(80_000, abs=800)


def test_header_that_claims_days_does_not_ask_for_memory(make, speech):
    path = make("x.wav", speech(2.0, 8000), rate=8000, codec="pcm_mulaw")
    data = bytearray(path.read_bytes())
    place = data.index(b"data") + 4
    data[place : place + 4] = struct.pack("<I", 0xFFFFFFF0)
    path.write_bytes(data)
    tracemalloc.start()
    try:
        load(path)
    finally:
        tracemalloc.stop()
    assert read(path).duration_s == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("x.mp3", {"codec": "libmp3lame", "bit_rate": 64_000}),
        ("x.flac", {"codec": "flac"}),
        ("x.wav", {}),
    ],
)
def test_cut_off_recording_says_where(make, speech, name, options):
    path = make(name, speech(20.0), **options)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    call = read(path)
    assert call.duration_s == pytest.approx(10.0, abs=1.5)
    assert any("cut off after 0:" in note for note in call.notes)


def test_m4a_without_its_index_is_one_line(make, speech):
    path = make("x.m4a", speech(3.0), codec="aac")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(CallError) as caught:
        read(path)
    assert "damaged, cut off" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_memory_stays_near_the_result(make, speech):
    path = make("x.wav", np.tile(speech(10.0), 12))
    tracemalloc.start()
    try:
        samples = load(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.5 * samples.nbytes + 8_000_000


def test_call_of_a_recording(make, speech):
    call = read(make("x.wav", speech(1.0)), name="monday")
    assert (call.path, call.source, call.turns) == ("monday", Source.AUDIO, ())
    assert call.duration_s == call.audio.duration_s == pytest.approx(1.0)
    assert call.role_of("left") is Role.UNKNOWN


def test_time_that_the_file_skips_is_silence(tmp_path, speech):
    path = tmp_path / "gap.mkv"
    wave = (speech(1.0) * 32767).astype(np.int16)[np.newaxis]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=16_000, layout="mono")
        for start in (0, 5 * 16_000):
            frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, start, Fraction(1, 16_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert "skips 4.0 s in one place, first at 0:01" in read(path).notes[0]
    samples = load(path)[0]
    assert len(samples) == pytest.approx(6 * 16_000, abs=400)
    assert np.abs(samples[20_000:78_000]).max() < 0.01
    assert np.abs(samples[81_000:95_000]).max() > 0.1


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [("x.mp3", "libmp3lame", 16_000), ("x.m4a", "aac", 44_100), ("x.ogg", "libopus", 48_000)],
)
def test_damage_in_the_middle_is_named_and_the_rest_heard(make, speech, name, codec, rate):
    path = make(name, speech(20.0, rate), codec=codec, rate=rate)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 12_000] = np.random.default_rng(0).bytes(12_000)
    path.write_bytes(data)
    call = read(path)
    assert call.duration_s > 14
    assert any("damaged" in note or "skips" in note for note in call.notes)
