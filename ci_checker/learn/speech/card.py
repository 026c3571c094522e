"""What the checkpoint is, as data, and the page that people read, made from that data."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from ci_checker.learn.hearing.command import CLOSING, OPENING
from ci_checker.learn.speech import evaluate, export, vocabulary
from ci_checker.learn.speech.network import Network
from ci_checker.learn.speech.voices import VOICES

FILE: Final = "whisper-synthetic.pt"
PROMPTED: Final = False
"""Whether these weights are given a prompt. They were taught to read one too late: it brings them a few names more,
and other words suffer."""
RECIPE: Final = "python -m ci_checker.learn.speech build --out models/whisper-synthetic"


def describe(
    folder: Path,
    network: Network,
    results: Sequence[evaluate.Score],
    *,
    steps: int,
    hours: float,
    heard_hours: float,
    minutes: float,
) -> dict[str, Any]:
    """The card of ``folder``/whisper-synthetic.pt: everything a program may want to know."""
    path = folder / FILE
    words = sum(score.words for score in results)
    return {
        "schema": 1,
        "name": "whisper-synthetic",
        "title": "whisper-synthetic: hears the demo's synthetic voices, and no person",
        "licence": "MIT (ours)",
        "recipe": RECIPE,
        "file": FILE,
        "sha256": export.sha256(path),
        "files": {FILE: export.sha256(path)},
        "bytes": path.stat().st_size,
        "license": "MIT",
        "language": "en",
        "dims": dict(network.dims.__dict__),
        "window_s": network.dims.n_audio_ctx / 50,
        "without_timestamps": False,
        "word_timestamps": True,
        "prompt_pieces": vocabulary.LIMIT if PROMPTED else None,
        "alignment_heads": export.alignment_heads(network),
        "voices": [asdict(voice) for voice in VOICES],
        "hours_of_speech": round(hours, 2),
        "hours_heard_in_training": round(heard_hours, 1),
        "steps": steps,
        "minutes_of_training": round(minutes),
        "wer": {
            "sentences": len(evaluate.held_out()),
            "words": words,
            "rows": [{**asdict(score), "rate": round(score.rate, 4)} for score in results],
            "overall": round(sum(score.errors for score in results) / max(words, 1), 4),
        },
        "made_with": {
            "recipe": RECIPE,
            "python": platform.python_version(),
            "torch": version("torch"),
            "openai-whisper": version("openai-whisper"),
            "engines": sorted({voice.engine for voice in VOICES}),
        },
    }


def page(card: dict[str, Any], table: str) -> str:
    """The model card in Markdown."""
    voices = "\n".join(
        f"- {voice['name']}: {voice['engine']} `{voice['voice']}`, rate {voice['rate']}, pitch {voice['pitch']}"
        for voice in card["voices"]
    )
    dims = card["dims"]
    return f"""# {card["name"]}

**For synthetic voices only. This model hears no real person.** It exists so that the demo and
the tests can run the whole job, from audio to report, without a download. For real calls use
one of OpenAI's Whisper models.

A Whisper (`whisper.load_model` reads it) trained from scratch on a processor in
{card["minutes_of_training"]} minutes: {dims["n_audio_layer"]} encoder and
{dims["n_text_layer"]} decoder layers of width {dims["n_audio_state"]}, windows of
{card["window_s"]:g} seconds, {card["bytes"] / 1e6:.1f} MB in float16.

- file: `{card["file"]}`, sha256 `{card["sha256"]}`
- license of these weights: {card["license"]}
- alignment heads: `{card["alignment_heads"]}`

## How to decode
English, greedy, with timestamps and `max_initial_timestamp=None`, windows padded with silence to
{card["window_s"]:g} seconds. It writes `<|start|> word <|end|>` for every word, so its own times
are the word times. Windows without speech were trained: the probability of `<|nospeech|>` is
meaningful. Give it no prompt: it was taught to read one, but too late to be
better for it.

## Measured
Word error rate on {card["wer"]["sentences"]} sentences of sales conversation that training never
saw, in the voices of training, both sides normalized by Whisper's `EnglishTextNormalizer`;
"telephone" is 300-3400 Hz, 8 kHz, mu-law.

{table}

By condition, as `python -m ci_checker.learn hearing --write` found it for these weights:

{OPENING}
Not measured yet.
{CLOSING}

## Data
{card["hours_of_speech"]:g} hours of speech made by the free synthesizers espeak-ng and flite, heard
{card["hours_heard_in_training"] / max(card["hours_of_speech"], 0.01):.1f} times over with fresh levels, telephone
lines and, in four windows of ten, hiss or a babble of other utterances 4 to 42 dB below. The texts: a grammar
of sales conversation, frequent English words in random order, trade words and names strung together
with runs of two to five words of dialogue, the same with names made of syllables and of rare words,
and the labelled training dialogues of the behavior classifiers. No evaluation dialogue and no sentence
of the shipped recordings is among them, and none of the names that prompts are measured on. No
recording of a person.

Voices:
{voices}

## Recipe
`{RECIPE}` (torch {card["made_with"]["torch"]}, openai-whisper {card["made_with"]["openai-whisper"]};
needs the libraries of espeak-ng and flite). First the encoder learns the phones that the
synthesizers report, then the decoder joins, with two heads of each layer taught to look at
what is being written; writing each word's times tells attention where it is. A head of every decoder
layer but the first is taught where a prompt has the name that is being said. The shipped weights
came of this code in several runs, each resumed from the last one's state while texts were added,
with learning rates steered by hand (`--settings`); one run from start to end was not tried.
`python -m ci_checker.learn.speech evaluate` prints the table again.

## Limits
Other voices, accents, two people at once, music and real telephone lines are beyond it. Without a
prompt, names it has not seen are spelled by ear. Numbers are written as words. Prompts, noise and most
names came late in its training, so it knows them less well than the rest.
"""


def publish(folder: Path, card: dict[str, Any], results: Sequence[evaluate.Score]) -> None:
    """Write card.json and MODEL_CARD.md beside the checkpoint."""
    export.write_json(card, folder / "card.json")
    partial = folder / "MODEL_CARD.part"
    partial.write_text(page(card, evaluate.table(results)), encoding="utf-8")
    partial.replace(folder / "MODEL_CARD.md")
