"""``python -m ci_checker.learn.speech build|evaluate``: make the small checkpoint, measure it."""

from __future__ import annotations

import argparse
import pickle  # for the name of an error only; torch loads weights alone
import sys
import time
from pathlib import Path

import torch

from ci_checker.errors import CheckerError, RequestError
from ci_checker.learn.fixtures.script import read_scripts
from ci_checker.learn.speech import card, corpus, evaluate, export
from ci_checker.learn.speech.train import Plan, Trainer, train
from ci_checker.learn.speech.voices import VOICES, available


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; the exit status is that of the command line's contract."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.threads < 1 or (options.every < 1 if options.command == "evaluate" else not options.minutes > 0):
        parser.error("threads, minutes and every nth sentence must be more than nothing")
    missing = sorted({voice.engine for voice in VOICES if not available(voice.engine)})
    if missing:
        hint = "apt-get install espeak-ng flite (or your system's packages of that name)"
        print(f"speech synthesizer not installed: {', '.join(missing)}; {hint}", file=sys.stderr)
        return 3
    torch.set_num_threads(options.threads)
    try:
        if options.command == "build":
            _build(options)
        else:
            _evaluate(options)
    except CheckerError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_status
    return 0


def _evaluate(options: argparse.Namespace) -> None:
    try:
        model = evaluate.load(options.model)
    except (OSError, RuntimeError, EOFError, LookupError, pickle.UnpicklingError) as problem:
        raise RequestError("there is no checkpoint that Whisper can load", where=str(options.model)) from problem
    heard = evaluate.listen(model, evaluate.held_out()[:: options.every])
    if options.show:
        for one in heard:
            print(f"{one.voice} {one.condition}\t{one.reference}\t{one.hypothesis}")
    print(evaluate.table(evaluate.scores(heard)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ci_checker.learn.speech", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="speak the texts, train, export, measure")
    build.add_argument("--out", type=Path, default=Path("models/whisper-synthetic"))
    build.add_argument("--work", type=Path, default=Path("build/speech"), help="shards and state")
    build.add_argument("--dialogues", type=Path, default=Path("models/behaviors/data/train"))
    build.add_argument(
        "--team", type=Path, default=Path("fixtures/team"), help="whose recorded calls are not to be trained on"
    )
    build.add_argument("--minutes", type=float, default=Plan().total / 60)
    build.add_argument("--settings", type=Path, help="JSON with fields of the plan, read again and again")
    measure = commands.add_parser("evaluate", help="print the word error rates")
    measure.add_argument("--model", type=Path, default=Path("models/whisper-synthetic") / card.FILE)
    measure.add_argument("--every", type=int, default=1, help="only every nth sentence")
    measure.add_argument("--show", action="store_true", help="print what was heard")
    for command in (build, measure):
        command.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser


def _build(options: argparse.Namespace) -> None:
    shards = options.work / "shards"
    recorded = [turn.text for script in read_scripts(options.team / "scripts") for turn in script.turns]
    corpus.speak_all(shards, sorted(options.dialogues.glob("*.txt")), recorded)
    plan = Plan(total=options.minutes * 60)
    trainer = train(shards, options.work, plan, settings=options.settings)
    print(publish(trainer, options.out, shards))


def publish(trainer: Trainer, out: Path, shards: Path, every: int = 1) -> str:
    """Export the averaged weights to ``out`` with their cards; return the table of error rates."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / card.FILE
    export.write_checkpoint(trainer.average, path)
    results = evaluate.scores(evaluate.listen(evaluate.load(path), evaluate.held_out()[::every]))
    description = card.describe(
        out,
        trainer.average,
        results,
        steps=trainer.step_number,
        hours=corpus.hours(shards),
        heard_hours=trainer.heard / 3600,
        minutes=trainer.elapsed / 60,
    )
    card.publish(out, description, results)
    return time.strftime("%H:%M\n") + evaluate.table(results)


if __name__ == "__main__":
    sys.exit(main())
