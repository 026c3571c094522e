"""``python -m ci_checker.learn.voices build|evaluate``: make the speaker model, measure it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ci_checker.errors import CheckerError, RequestError
from ci_checker.learn.cards import write_card
from ci_checker.learn.speech.voices import available
from ci_checker.learn.voices import cast, fit, fixture, measure
from ci_checker.learn.voices.takes import sentences, takes
from ci_checker.speakers.voices import load_model

RECIPE = "python -m ci_checker.learn.voices build --out models/voices"
TEXTS = Path("models/behaviors/data/train")
LIMITS = (
    "Fitted and measured on synthetic voices only: no recording of a person was heard. How well it tells "
    "real people apart is not known; whatever was told apart by it says so. It is not for deciding who "
    "somebody is, and not for anything but telling the speakers of one's own sales calls apart. An enrolled "
    "voice is biometric data and stays on the machine."
)


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; the exit status is that of the command line's contract."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.calls < 1:
        parser.error("--calls must be at least 1")
    missing = [engine for engine in ("espeak", "flite") if not available(engine)]
    if missing:
        hint = "apt-get install espeak-ng flite (or your system's packages of that name)"
        print(f"speech synthesizer not installed: {', '.join(missing)}; {hint}", file=sys.stderr)
        return 3
    try:
        texts = sentences(options.texts)
        if not texts:
            raise RequestError("there are no labelled dialogues to speak", where=str(options.texts))
        if options.command == "build":
            fit.write(fit.fit(list(takes(cast.fitted(), texts))), options.out)
        found, facts = evaluate(options.out if options.command == "build" else options.model, texts, options)
    except CheckerError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_status
    print(found)
    if options.command == "build":
        publish(options.out, found, facts)
    return 0


def evaluate(folder: Path | None, texts: list[str], options: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    """Return the table of a model on people that it was not fitted on, and the numbers in it."""
    model = load_model(folder)
    people = cast.held_out()
    told = measure.two_voices(people, texts, model, options.calls)
    alone = measure.one_voice(people, texts, model, options.alone)
    found = measure.recognition(list(takes(people, texts)), model)
    lines = [measure.table(told, alone, found)]
    seconds = sum(each.seconds for each in told)
    facts: dict[str, Any] = {
        "diarization_error": round(sum(each.wrong_s + each.nobody_s for each in told) / seconds, 4),
        "wrong_voice": round(sum(each.wrong_s for each in told) / seconds, 4),
        "one_voice_taken_for_two": [sum(not each.mixed for each in alone), len(alone)],
        "recognized": [found.found, found.present],
        "wrongly_named": [found.wrong + found.false, found.present + found.absent],
    }
    for each in fixture.told(model, heard=options.heard):
        lines.append(
            f"{each.name} ({each.line}): diarization error {each.error:.1%}, of that wrong voice "
            f"{each.wrong_s / each.seconds:.1%}, given to nobody {each.nobody_s / each.seconds:.1%}."
        )
        facts[f"fixture, {each.line}"] = round(each.error, 4)
    lines.append(
        "Synthetic voices only. None of them was fitted on, but the three bounds of when voices count as two and "
        "when one counts as recognized were chosen on calls of the same voices, so that the figures are kind."
    )
    return "\n".join(lines), facts


def publish(folder: Path, found: str, facts: dict[str, Any]) -> None:
    """Write the model's cards."""
    write_card(
        folder,
        title="voices: tells the voices of one channel apart; tried on synthetic voices only",
        recipe=RECIPE,
        licence="MIT (ours)",
        data=(
            f"{len(cast.fitted())} synthetic people: {len(cast.fitted()) // 2} voice variants of espeak-ng, each with "
            "two vocal tracts, pitches, speeds and accents, over sentences of the labelled training dialogues, twenty "
            "seconds a person, half as spoken and half over a telephone with noise. No recording of a person. Held "
            "out for measuring: every voice of flite, and fourteen other variants of espeak-ng."
        ),
        quality=found,
        limits=LIMITS,
        facts={"name": "voices", "synthetic_only": True, "measured": facts},
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ci_checker.learn.voices", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="let people speak, fit, measure, write the model and its cards")
    build.add_argument("--out", type=Path, default=Path("models/voices"))
    measured = commands.add_parser("evaluate", help="print the diarization error")
    measured.add_argument("--model", type=Path, help="a model's folder; the shipped one unless given")
    for command in (build, measured):
        command.add_argument("--texts", type=Path, default=TEXTS, help="labelled training dialogues")
        command.add_argument("--calls", type=int, default=30, help="calls of two people")
        command.add_argument("--alone", type=int, default=20, help="calls of one person alone")
        command.add_argument("--heard", action="store_true", help="also with words as recognized")
    return parser


if __name__ == "__main__":
    sys.exit(main())
