"""Clips without a word, made from formulas: what telephones play when nobody speaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 16_000
Clip = NDArray[np.float32]
_KEYS: Final = {
    "1": (697, 1209), "2": (697, 1336), "3": (697, 1477), "4": (770, 1209), "5": (770, 1336), "6": (770, 1477),
    "7": (852, 1209), "8": (852, 1336), "9": (852, 1477), "0": (941, 1336), "*": (941, 1209), "#": (941, 1477),
}  # fmt: skip


def silence(seconds: float) -> Clip:
    """Return an open line: noise 75 dB below full scale."""
    return _noise(seconds, 1, -75.0)


def digital_silence(seconds: float) -> Clip:
    """Return nothing at all but a click of the recorder at each end."""
    clip = np.zeros(round(seconds * RATE), np.float32)
    clip[[100, -100]] = 0.5
    return clip


def line_noise(seconds: float) -> Clip:
    """Return hiss as of a bad line, 35 dB below full scale."""
    return _noise(seconds, 2, -35.0)


def office(seconds: float) -> Clip:
    """Return a room: rumble, a fan's hum, and clicks of a keyboard."""
    random = np.random.default_rng(3)
    time = np.arange(round(seconds * RATE)) / RATE
    rumble = np.cumsum(random.standard_normal(len(time)))
    rumble -= np.convolve(rumble, np.ones(800) / 800, mode="same")
    clip = 0.02 * rumble / np.abs(rumble).max() + 0.01 * np.sin(2 * np.pi * 50 * time)
    for at in random.integers(0, len(time) - 400, int(seconds * 3)):
        clip[at : at + 300] += 0.15 * random.standard_normal(300) * np.exp(-np.arange(300) / 40)
    return clip.astype(np.float32)


def ringing(seconds: float) -> Clip:
    """Return the American ringing tone: 440 and 480 Hz, two seconds in six."""
    return _tones(seconds, (440, 480), lambda second: second % 6 < 2)


def ringing_british(seconds: float) -> Clip:
    """Return the British double ring: 400 and 450 Hz."""
    return _tones(seconds, (400, 450), lambda second: second % 3 < 0.4 or 0.6 <= second % 3 < 1.0)


def busy(seconds: float) -> Clip:
    """Return the busy tone: 480 and 620 Hz, half a second in every one."""
    return _tones(seconds, (480, 620), lambda second: second % 1 < 0.5)


def keypad(seconds: float) -> Clip:
    """Return keys being pressed, three a second."""
    keys = "18005550142#9*36"
    clip = _noise(seconds, 4, -60.0)
    for number in range(int(seconds * 3)):
        first = round(number * RATE / 3)
        size = min(round(0.18 * RATE), len(clip) - first)
        time = np.arange(size) / RATE
        low, high = _KEYS[keys[number % len(keys)]]
        clip[first : first + size] += 0.15 * (np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time))
    return clip.astype(np.float32)


def beeps(seconds: float) -> Clip:
    """Return a voicemail's beep every five seconds, and an open line between."""
    clip = _tones(seconds, (1000,), lambda second: second % 5 < 0.45)
    return (clip + _noise(seconds, 5, -60.0)[: len(clip)]).astype(np.float32)


def hold_music(seconds: float) -> Clip:
    """Return chords with a tune over them and a beat, as a switchboard plays them."""
    time = np.arange(round(seconds * RATE)) / RATE
    clip = np.zeros(len(time))
    chords = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))
    tune = (523, 587, 659, 523, 784, 659, 587, 494)
    random = np.random.default_rng(6)
    for start in np.arange(0, seconds, 0.5):
        where = slice(round(start * RATE), min(len(time), round((start + 0.5) * RATE)))
        local = time[where] - start
        fade = np.exp(-2.5 * local) * np.minimum(1, local / 0.01)
        for note in chords[int(start / 2) % 4]:
            clip[where] += 0.05 * sum(np.sin(2 * np.pi * note * k * local) / k**1.5 for k in (1, 2, 3, 4))
        note = tune[int(start * 2) % 8]
        vibrato = 2 * np.pi * note * local + 0.4 * np.sin(2 * np.pi * 5.5 * local)
        clip[where] += 0.14 * fade * sum(np.sin(k * vibrato) / k for k in (1, 2, 3))
        clip[where] += 0.05 * random.standard_normal(len(local)) * np.exp(-60 * local)
    return clip.astype(np.float32)


def music_on_the_line(seconds: float) -> Clip:
    """Return hold music as a telephone passes it."""
    from ci_checker.learn.voices.lines import telephone

    return telephone(hold_music(seconds))


CLIPS: Final[dict[str, Callable[[float], Clip]]] = {
    "silence": silence,
    "digital silence with clicks": digital_silence,
    "noise of a bad line": line_noise,
    "office without speech": office,
    "ringing, American": ringing,
    "ringing, British": ringing_british,
    "busy tone": busy,
    "keypad": keypad,
    "voicemail beeps": beeps,
    "hold music": hold_music,
    "hold music, telephone": music_on_the_line,
}
"""Every clip by its name; each takes its length in seconds and gives samples (n,) at 16 kHz."""


def _noise(seconds: float, seed: int, level_db: float) -> Clip:
    random = np.random.default_rng(seed)
    return (10 ** (level_db / 20) * random.standard_normal(round(seconds * RATE))).astype(np.float32)


def _tones(seconds: float, hertz: tuple[int, ...], on: Callable[[float], bool]) -> Clip:
    time = np.arange(round(seconds * RATE)) / RATE
    gate = np.array([on(float(second)) for second in np.arange(0, seconds, 0.01)], float)
    smooth = np.interp(time, np.arange(len(gate)) * 0.01, gate)
    return (0.12 * smooth * sum(np.sin(2 * np.pi * each * time) for each in hertz)).astype(np.float32)
