"""``review``: a person confirms or rejects evidence; every answer is kept as it is given."""

from __future__ import annotations

import getpass
import shutil
import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from ci_checker.cli import ask
from ci_checker.cli.console import interactive, say
from ci_checker.cli.options import BehaviorId, Quiet, RepName, examples
from ci_checker.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ci_checker.app.reviewing import Candidate
    from ci_checker.store import Decision

EXAMPLES = examples("ci-checker review --rep Luke", "ci-checker review --behavior recap --limit 10")
ANSWERS = ("yes", "no", "skip", "back", "quit")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("review", epilog=EXAMPLES)(review)


def review(
    rep: RepName = None,
    behavior: BehaviorId = None,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, help="So many quotes at most.")] = 20,
    reviewer: Annotated[
        str | None, typer.Option("--reviewer", metavar="NAME", help="Who answers.", show_default="the manager")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Confirm or reject evidence, the least sure first.

    A person's word goes before the program's. For every quote: yes, no, skip, back or quit. Each
    answer is kept at once.
    """
    from ci_checker import settings
    from ci_checker.app import catalogue, reviewing, workspace

    loaded = settings.load()
    if behavior is not None:
        catalogue.chosen([behavior], catalogue.behaviors(loaded))
    name = workspace.rep_called(rep, loaded).name if rep is not None else None
    found = reviewing.candidates(loaded, rep=name, behavior=behavior, limit=limit)
    if not found:
        say("There is nothing to review.", quiet=quiet)
        return
    if not interactive():
        raise RequestError("a review needs a person at a terminal", todo="Run it in a terminal.")
    who = reviewer or loaded.manager or getpass.getuser()

    def keep(candidate: Candidate, decision: Decision, note: str) -> None:
        reviewing.decide(loaded, candidate, decision, reviewer=who, note=note)

    answered = go_through(found, keep)
    typer.echo(f"{len(answered)} answered: {precision(answered)}.")


def go_through(found: Sequence[Candidate], keep: Callable[[Candidate, Decision, str], None]) -> dict[int, str]:
    """Ask for every quote; return the answers by place. ``keep(candidate, decision, note)`` stores one."""
    from ci_checker.store import Decision

    answered: dict[int, str] = {}
    at = 0
    while at < len(found):
        say(card(found[at], at, len(found)))
        answer = ask.choice("Is this the behavior?", ANSWERS)
        if answer == "quit":
            break
        if answer == "back":
            at = max(0, at - 1)
            continue
        note = ask.text("What is it instead? (Enter for nothing)") if answer == "no" else ""
        keep(found[at], Decision(answer), note)
        answered[at] = answer
        at += 1
    return answered


def card(candidate: Candidate, at: int, total: int) -> str:
    """Return what a person needs to judge one quote."""
    from ci_checker.report import words

    evidence = candidate.evidence
    when = f", {candidate.started_at:%A, %B %-d, %H:%M}" if candidate.started_at else ""
    place = words.mmss(evidence.start_s)
    reasons = ", ".join(reason.text for reason in evidence.why)
    width = shutil.get_terminal_size().columns - 1
    quote = textwrap.fill(
        f"{evidence.speaker}: “{evidence.quote}”", width, initial_indent="  ", subsequent_indent="    "
    )
    verdict = candidate.shown_as.value.replace("_", " ")
    return (
        f"\n{at + 1} of {total}: {candidate.behavior}\n"
        f"  {candidate.account or candidate.path}{when}{f', at {place}' if place else ''}\n"
        f"{quote}\n"
        f"  {evidence.probability:.0%}{f': {reasons}' if reasons else ''}. The call is shown as {verdict}.\n"
    )


def precision(answered: dict[int, str]) -> str:
    """Return how often the checker was right, as far as a person said."""
    right = sum(answer == "yes" for answer in answered.values())
    told = sum(answer in ("yes", "no") for answer in answered.values())
    return f"{right} of {told} confirmed" if told else "none confirmed or rejected"
