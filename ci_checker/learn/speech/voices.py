"""The synthetic voices the small checkpoint learns, spoken in process.

Both engines are called through :mod:`ctypes`, because only then do they tell when each word and
each phone is spoken. ``synthesize`` is all that other modules need; training also reads the
phones from ``speak``.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE: Final = 16_000
"""Samples a second of everything that leaves this module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One synthetic speaker.

    ``rate`` and ``pitch`` multiply the engine's own defaults (1.0 leaves them alone).
    """

    name: str
    engine: str
    """``"espeak"`` or ``"flite"``."""
    voice: str
    """The engine's own name of the voice, with its variant: ``"en-us+f3"``, ``"slt"``."""
    rate: float = 1.0
    pitch: float = 1.0


VOICES: Final[tuple[Voice, ...]] = (
    Voice(name="sarah", engine="flite", voice="slt"),
    Voice(name="mike", engine="flite", voice="rms", rate=1.1),
    Voice(name="dan", engine="espeak", voice="en-us"),
    Voice(name="nina", engine="espeak", voice="en-us+f3"),
)
"""Every voice that the shipped checkpoint has heard; it hears no other."""

Word = tuple[str, float, float]
"""A word as written, with its start and end in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A spoken text: ``audio`` is float32 mono at 16 kHz, shape (samples,), within -1..1."""

    audio: NDArray[np.float32]
    words: tuple[Word, ...]
    phones: tuple[Word, ...]
    """The engine's own phone names; silences are named ``"pau"``."""


def voice(name: str) -> Voice:
    """The voice called ``name``."""
    for known in VOICES:
        if known.name == name:
            return known
    raise KeyError(f"no voice {name!r}; there are {', '.join(v.name for v in VOICES)}")


def available(engine: str) -> bool:
    """Whether the libraries of ``engine`` (``"espeak"`` or ``"flite"``) can be loaded."""
    try:
        _espeak() if engine == "espeak" else _flite()
    except OSError:
        return False
    return True


def synthesize(text: str, voice: Voice) -> tuple[NDArray[np.float32], list[Word]]:
    """Speak ``text``: float32 mono samples at 16 kHz, and every word with its seconds."""
    spoken = speak(text, voice)
    return spoken.audio, list(spoken.words)


def speak(text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
    """Speak ``text`` with words and phones; ``rate`` multiplies the voice's own."""
    tokens = text.split()
    if not tokens:
        return Speech(audio=np.zeros(0, np.float32), words=(), phones=())
    said = [_respell(token) for token in tokens]
    if voice.engine == "espeak":
        audio, marks, phones = _speak_espeak(" ".join(said), voice, rate)
    elif voice.engine == "flite":
        audio, marks, phones = _speak_flite(" ".join(said), voice, rate)
    else:
        raise ValueError(f"voice {voice.name!r} names no known engine: {voice.engine!r}")
    return Speech(audio=audio, words=_words(tokens, said, marks), phones=tuple(phones))


_RESPELLED: Final = {
    "mm-hmm": "um-hum",
    "mhm": "um-hum",
    "hmm": "hum",
    "hm": "hum",
    "mm": "um",
    "ms": "miz",
    "saas": "sass",
    "linkedin": "linked-in",
    "ok": "okay",
}
_LETTERS: Final = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ay bee see dee ee eff jee aitch eye jay kay ell em en oh pee cue are ess tee you vee"
        " double-you ex why zee".split(),
    )
)


def _respell(token: str) -> str:
    """What the engine is given for ``token``: both would spell ``hmm`` and read ``ROI`` as Roy."""
    bare = token.strip('.,?!;:"()')
    if not bare:
        return token
    if bare.lower() in _RESPELLED:
        said = _RESPELLED[bare.lower()]
    elif 2 <= len(bare) <= 5 and bare.isascii() and bare.isalpha() and bare.isupper():
        said = "-".join(_LETTERS[letter] for letter in bare)
    else:
        return token
    if bare[0].isupper():
        said = said[0].upper() + said[1:]
    return token.replace(bare, said, 1)


def _words(tokens: list[str], said: list[str], marks: list[tuple[int, float, float]]) -> tuple[Word, ...]:
    """Give every token its time, from marks of (character of what was ``said``, start, end).

    An engine may speak one token as several words (``mm-hmm``), or several as one (``of the``):
    the first are joined, and of the second each gets a share by its length.
    """
    begins = np.cumsum([0] + [len(token) + 1 for token in said])[:-1]
    spans: dict[int, list[float]] = {}
    for character, start, end in marks:
        index = int(np.searchsorted(begins, character, side="right")) - 1
        span = spans.setdefault(max(index, 0), [start, end])
        span[0], span[1] = min(span[0], start), max(span[1], end)
    timed: list[Word] = []
    owners = sorted(spans)
    if owners and owners[0] > 0:
        spans[0] = spans.pop(owners[0])
        owners[0] = 0
    for position, owner in enumerate(owners):
        last = owners[position + 1] if position + 1 < len(owners) else len(tokens)
        start, end = spans[owner]
        lengths = np.array([len(token) for token in tokens[owner:last]], float)
        edges = start + (end - start) * np.concatenate([[0.0], np.cumsum(lengths)]) / lengths.sum()
        for offset, token in enumerate(tokens[owner:last]):
            timed.append((token, float(edges[offset]), float(edges[offset + 1])))
    return tuple(timed)


# --- espeak-ng -----------------------------------------------------------------------------

_WORD, _END, _PHONEME = 1, 5, 7
_RATE, _PITCH = 1, 3


class _EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class _Espeak:
    """espeak-ng, opened once a process: the library keeps one state for everybody."""

    def __init__(self) -> None:
        self.library = ctypes.CDLL(_library("espeak-ng", "libespeak-ng.so.1"))
        phoneme_events, never_exit, synchronous_retrieval = 0x0001, 0x8000, 2
        self.rate: int = self.library.espeak_Initialize(synchronous_retrieval, 0, None, phoneme_events | never_exit)
        if self.rate <= 0:
            raise OSError("espeak-ng did not start")
        self.samples: list[bytes] = []
        self.words: list[tuple[int, float]] = []
        self.phones: list[tuple[str, float]] = []
        self.end = 0.0
        self._callback = _Callback(self._receive)
        self.library.espeak_SetSynthCallback(self._callback)
        self.chosen: tuple[str, int, int] | None = None

    def _receive(
        self,
        wave: ctypes._Pointer[ctypes.c_short],
        count: int,
        events: ctypes._Pointer[_Event],
    ) -> int:
        if count > 0 and wave:
            self.samples.append(ctypes.string_at(wave, count * 2))
        index = 0
        while events[index].type:
            event = events[index]
            seconds = event.audio_position / 1000
            if event.type == _WORD and event.text_position > 0:
                self.words.append((event.text_position - 1, seconds))
            elif event.type == _PHONEME:
                self.phones.append((event.id.string.decode("utf-8", "replace"), seconds))
            elif event.type == _END:
                self.end = seconds
            index += 1
        return 0

    def choose(self, voice: Voice, rate: float) -> None:
        """Set the voice, its speed (words a minute) and its pitch (0-100)."""
        wanted = (voice.voice, round(175 * voice.rate * rate), round(50 * voice.pitch))
        if wanted == self.chosen:
            return
        if self.library.espeak_SetVoiceByName(wanted[0].encode()) != 0:
            raise OSError(f"espeak-ng has no voice {wanted[0]!r}")
        self.library.espeak_SetParameter(_RATE, wanted[1], 0)
        self.library.espeak_SetParameter(_PITCH, wanted[2], 0)
        self.chosen = wanted


@cache
def _espeak() -> _Espeak:
    return _Espeak()


def _speak_espeak(
    text: str, voice: Voice, rate: float
) -> tuple[NDArray[np.float32], list[tuple[int, float, float]], list[Word]]:
    engine = _espeak()
    engine.choose(voice, rate)
    engine.samples, engine.words, engine.phones, engine.end = [], [], [], 0.0
    raw = text.encode("utf-8")
    utf8 = 1
    engine.library.espeak_Synth(raw, len(raw) + 1, 0, 0, 0, utf8, None, None)
    audio = np.frombuffer(b"".join(engine.samples), np.int16).astype(np.float32) / 32768
    length = len(audio) / engine.rate
    changes = [(name or "pau", at) for name, at in engine.phones]
    changes = [("pau" if name.startswith("_") else name, at) for name, at in changes]
    edges = [at for _, at in changes[1:]] + [length]
    phones = [(name, at, end) for (name, at), end in zip(changes, edges) if end > at]
    silences = [(start, end) for name, start, end in phones if name == "pau"]
    marks = []
    following = [at for _, at in engine.words[1:]] + [length]
    for (character, start), end in zip(engine.words, following):
        for silent, until in silences:
            if start < silent < end and until >= end - 0.02:
                end = silent
        marks.append((character, start, min(end, length)))
    return _resample(audio, engine.rate), marks, phones


# --- flite ---------------------------------------------------------------------------------


class _Wave(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    ]


class _VoiceHead(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("features", ctypes.c_void_p)]


class _Flite:
    """flite and the voices opened so far."""

    def __init__(self) -> None:
        for needed in ("flite", "flite_cmulex", "flite_usenglish"):
            ctypes.CDLL(_library(needed, f"lib{needed}.so.1"), mode=ctypes.RTLD_GLOBAL)
        self.library = library = ctypes.CDLL(_library("flite", "libflite.so.1"))
        pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float
        for name, result, arguments in (
            ("flite_synth_text", pointer, [text, pointer]),
            ("utt_relation", pointer, [pointer, text]),
            ("relation_head", pointer, [pointer]),
            ("item_next", pointer, [pointer]),
            ("item_feat_string", text, [pointer, text]),
            ("item_feat_float", number, [pointer, text]),
            ("flite_ffeature_string", text, [pointer, text]),
            ("flite_ffeature_int", ctypes.c_int, [pointer, text]),
            ("utt_wave", ctypes.POINTER(_Wave), [pointer]),
            ("delete_utterance", None, [pointer]),
            ("feat_set_float", None, [pointer, text, number]),
            ("get_param_float", number, [pointer, text, number]),
        ):
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        library.flite_init()
        self.voices: dict[str, tuple[int, float, float]] = {}

    def choose(self, voice: Voice, rate: float) -> int:
        """The voice's pointer, with its speed and pitch set."""
        if voice.voice not in self.voices:
            name = f"flite_cmu_us_{voice.voice}"
            opened = ctypes.CDLL(_library(name, f"lib{name}.so.1"))
            register = getattr(opened, f"register_cmu_us_{voice.voice}")
            register.restype, register.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
            pointer = register(None)
            features = _VoiceHead.from_address(pointer).features
            stretch = self.library.get_param_float(features, b"duration_stretch", 1.0)
            mean = self.library.get_param_float(features, b"int_f0_target_mean", 100.0)
            self.voices[voice.voice] = (pointer, stretch, mean)
        pointer, stretch, mean = self.voices[voice.voice]
        features = _VoiceHead.from_address(pointer).features
        self.library.feat_set_float(features, b"duration_stretch", stretch / (voice.rate * rate))
        self.library.feat_set_float(features, b"int_f0_target_mean", mean * voice.pitch)
        return pointer


@cache
def _flite() -> _Flite:
    return _Flite()


def _speak_flite(
    text: str, voice: Voice, rate: float
) -> tuple[NDArray[np.float32], list[tuple[int, float, float]], list[Word]]:
    engine = _flite()
    library = engine.library
    raw = text.encode("ascii", "replace") + b" "
    utterance = library.flite_synth_text(raw, engine.choose(voice, rate))
    try:
        wave = library.utt_wave(utterance).contents
        samples = np.ctypeslib.as_array(wave.samples, shape=(wave.num_samples,))
        audio = samples.astype(np.float32) / 32768
        phones: list[Word] = []
        marks: list[tuple[int, float, float]] = []
        start = 0.0
        item = library.relation_head(library.utt_relation(utterance, b"Segment"))
        while item:
            name = library.item_feat_string(item, b"name").decode()
            end = library.item_feat_float(item, b"end")
            phones.append((name, start, end))
            if name != "pau":
                token = b"R:SylStructure.parent.parent.R:Token.parent.file_pos"
                past_the_space = library.flite_ffeature_int(item, token)
                marks.append((past_the_space - 2, start, end))
            start = end
            item = library.item_next(item)
        rate_hz = wave.sample_rate
    finally:
        library.delete_utterance(utterance)
    return _resample(audio, rate_hz), marks, phones


def _library(name: str, file: str) -> str:
    """The file the dynamic loader should open for ``name``."""
    return ctypes.util.find_library(name) or file


def _resample(audio: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Bring (samples,) at ``rate`` Hz to 16 kHz by cutting the spectrum."""
    if rate == SAMPLE_RATE or not len(audio):
        return audio
    common = int(np.gcd(rate, SAMPLE_RATE))
    up, down = SAMPLE_RATE // common, rate // common
    blocks = -(-(len(audio) + down) // (down * 16)) * 16
    spectrum = np.fft.rfft(audio, blocks * down)
    wanted = blocks * up
    kept = np.zeros(wanted // 2 + 1, spectrum.dtype)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    resampled = np.fft.irfft(kept, wanted) * (wanted / (blocks * down))
    return resampled[: round(len(audio) * SAMPLE_RATE / rate)].astype(np.float32)
