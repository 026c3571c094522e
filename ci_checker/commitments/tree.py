"""The diagnosis tree: walked as far as evidence goes; the rest is for people to answer."""

from __future__ import annotations

from datetime import date

from ci_checker.commitments.words import day, join, noun, plural
from ci_checker.model import Commitment, Counts, Standing, TreeStep


def tree(commitment: Commitment, counts: Counts, standing: Standing, *, today: date) -> tuple[TreeStep, ...]:
    """Return the steps; ``answer`` is ``None`` wherever no call can give one.

    Where the evidence shows enough, nothing is left to diagnose and the tree ends there.
    """
    steps = [
        TreeStep(
            question="Was one specific commitment made?",
            answer="yes",
            basis=f"Made on {day(commitment.made_on)}.",
        ),
        _checked(commitment, today),
        _attempted(commitment, counts),
    ]
    if standing is Standing.ENOUGH:
        return tuple(steps)
    steps += [
        TreeStep(
            question="Does the rep see why it is worth doing?",
            answer=None,
            basis=f"Ask the rep; {noun(commitment.eligible, 2)} cannot tell.",
        ),
        TreeStep(
            question="Is there time and room for it in the week?",
            answer=None,
            basis="Go through the calendar together.",
        ),
        TreeStep(
            question="Can the rep do it in a drill?",
            answer=None,
            basis="Try it together for five minutes.",
        ),
        TreeStep(
            question="Which is it: skill, will, knowledge or system?",
            answer=commitment.bucket.value if commitment.bucket else None,
            basis=(
                "Recorded by the manager."
                if commitment.bucket
                else "Only the manager can choose. What looks like anything else is often the system: "
                "time, lists, tools, other meetings."
            ),
        ),
    ]
    return tuple(steps)


def _checked(commitment: Commitment, today: date) -> TreeStep:
    question = "Was it checked?"
    gap = (commitment.check_on - commitment.made_on).days
    agreed = f"Agreed for {day(commitment.check_on)}, {plural(gap, 'day')} after the promise"
    if commitment.closed_on is not None:
        late = (commitment.closed_on - commitment.check_on).days
        answer = "yes" if late <= 0 else f"yes, {plural(late, 'day')} late"
        return TreeStep(question=question, answer=answer, basis=f"{agreed}; held on {day(commitment.closed_on)}.")
    late = (today - commitment.check_on).days
    if late > 0:
        return TreeStep(question=question, answer=f"not yet, {plural(late, 'day')} overdue", basis=f"{agreed}.")
    return TreeStep(question=question, answer="due today" if late == 0 else "not due yet", basis=f"{agreed}.")


def _attempted(commitment: Commitment, counts: Counts) -> TreeStep:
    question = "Was it attempted?"
    shown = [
        f"{number} {text}"
        for number, text in (
            (counts.seen, "seen"),
            (counts.attempted, "attempted"),
            (counts.not_seen, "without it"),
            (counts.unclear, "unclear"),
            (counts.unheard, "not heard"),
        )
        if number
    ]
    one, many = noun(commitment.eligible, 1), noun(commitment.eligible, 2)
    basis = f"Of the {many}: {join(shown)}." if shown else f"No {one} of this kind is known."
    if counts.seen or counts.attempted:
        return TreeStep(question=question, answer="yes", basis=basis)
    if counts.not_seen and not counts.unclear and not counts.unheard:
        return TreeStep(question=question, answer=f"not in the {many} that are known", basis=basis)
    return TreeStep(question=question, answer=None, basis=basis)
