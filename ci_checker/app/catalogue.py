"""The behaviors of a workspace: which there are, which is meant, and whether they hold what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ci_checker.app.workspace import near_ones
from ci_checker.behaviors.catalogue import CATALOG, Behavior, Occasion, Place, load
from ci_checker.errors import CheckerError, MissingError, RequestError
from ci_checker.model import Call, Role, Source, Speaker, Turn, Verdict
from ci_checker.settings import Settings

# What a call must hold before an example can count: an objection, or somebody who guards the line.
_BEFORE = {
    Place.AFTER_OBJECTION: "Honestly, that sounds too expensive for us.",
    Place.WITH_GATEKEEPER: "Front desk, he's in a meeting. Who may I say is calling?",
}
_AROUND = {
    Occasion.OBJECTION: _BEFORE[Place.AFTER_OBJECTION],
    Occasion.GATEKEEPER: _BEFORE[Place.WITH_GATEKEEPER],
}
_TALK = (
    ("prospect", "Yes, that is me. We run about forty people here and most of it is still done on paper."),
    ("rep", "Okay, thank you, that is good to know."),
    ("prospect", "Right, so it takes us most of the morning and then we start with the actual work."),
    ("rep", "I see, that makes sense."),
    ("prospect", "Good. Let me have a look at that and then we can see."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example of a definition against the detector. ``verdict`` is ``None`` where there is no detector."""

    text: str
    counts: bool
    verdict: Verdict | None
    probability: float | None = None

    @property
    def wrong(self) -> bool:
        """Whether the detector says the contrary; in doubt it does not."""
        if self.verdict is None or self.verdict is Verdict.UNCLEAR:
            return False
        return (self.verdict is Verdict.SEEN) != self.counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One definition after its check; ``note`` says in a sentence what could not be checked.

    ``contradictions`` are sentences about what in a team's definition speaks against itself or another.
    """

    behavior: Behavior
    examples: tuple[Example, ...] = ()
    note: str = ""
    contradictions: tuple[str, ...] = ()

    @property
    def wrong(self) -> tuple[Example, ...]:
        """The examples that the detector gets wrong."""
        return tuple(each for each in self.examples if each.wrong)


def behaviors(settings: Settings, folders: Iterable[Path] = ()) -> dict[str, Behavior]:
    """Return the built-in behaviors and the team's, by id. Raises RequestError for a bad definition."""
    return load((*settings.behaviors, *folders))


def chosen(ids: Sequence[str], known: Mapping[str, Behavior]) -> tuple[str, ...]:
    """Return the ids that were asked for, each once; none means all, an empty tuple.

    Raises RequestError naming the near ones of an id that is not known.
    """
    for wanted in ids:
        if wanted not in known:
            raise unknown(wanted, known)
    return tuple(dict.fromkeys(ids))


def unknown(wanted: str, known: Mapping[str, Behavior]) -> RequestError:
    """Return the error for an id that is not known, with those that may have been meant."""
    names = {each: each for each in known} | {
        name: behavior.id for behavior in known.values() for name in (behavior.name, *behavior.aliases)
    }
    near = tuple(dict.fromkeys(names[name] for name in near_ones(wanted, names)))
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return RequestError(f"there is no behavior '{wanted}'", todo=f"{hint}See 'ci-checker behaviors list'.")


def phrases(known: Mapping[str, Behavior]) -> dict[str, tuple[str, ...]]:
    """Return what people call each behavior, its name first, for reading a promise."""
    return {each.id: (each.name, *each.aliases) for each in known.values()}


def check(known: Mapping[str, Behavior]) -> tuple[Checked, ...]:
    """Try every example of every definition on the detector.

    Where the detector is absent, or knows a behavior not yet, the structure alone
    was checked, and the note says so.
    """
    from ci_checker.app.defining import contradictions

    return tuple(
        replace(_checked(behavior), contradictions=contradictions(behavior, known) if _own(behavior) else ())
        for behavior in known.values()
    )


def _own(behavior: Behavior) -> bool:
    return behavior.measure is None and Path(behavior.source).parent != CATALOG


def _checked(behavior: Behavior) -> Checked:
    if behavior.measure is not None:
        return Checked(behavior=behavior, note="measured, not classified: there are no examples to try")
    examples = [(text, True) for text in behavior.counts] + [(text, False) for text in behavior.does_not_count]
    try:
        if (by_examples := _left_out(behavior)) is not None:
            return by_examples
        tried = tuple(_tried(behavior, text, counts=counts) for text, counts in examples)
    except MissingError as problem:
        return Checked(behavior=behavior, note=f"structure only: {problem.what}")
    except CheckerError as problem:
        return Checked(behavior=behavior, note=f"structure only: {problem.line}")
    if all(each.verdict is None for each in tried):
        return Checked(behavior=behavior, examples=tried, note="structure only: no detector knows this behavior yet")
    return Checked(behavior=behavior, examples=tried)


def _left_out(behavior: Behavior) -> Checked | None:
    """Return the check of a team's behavior that no detector knows: every example by a fit without it.

    Found is ``seen`` and left alone ``not_seen``, but one that counts and is not found is in doubt: from
    examples alone nothing is ever said to be missing. ``None`` where a detector knows the behavior, or
    where the examples are too few. Raises MissingError.
    """
    from ci_checker.behaviors.detect import examples_of

    found = examples_of(behavior)
    if found is None:
        return None
    alone = {True: Verdict.UNCLEAR, False: Verdict.NOT_SEEN}
    tried = tuple(
        Example(
            text=each.text,
            counts=each.counts,
            verdict=Verdict.SEEN if each.probability >= found.cutoff else alone[each.counts],
            probability=round(each.probability, 4),
        )
        for each in found.tried
    )
    says = (
        "says seen where it is sure, else unclear"
        if found.sure
        else "always says unclear, with the best moments to look at"
    )
    note = f"by its examples alone, each left out in turn: {says}; 'ci-checker behaviors train' makes it surer"
    return Checked(behavior=behavior, examples=tried, note=note)


def _tried(behavior: Behavior, text: str, *, counts: bool) -> Example:
    from ci_checker.behaviors.detect import detect

    results, _ = detect(_call(behavior, text), {behavior.id: behavior})
    result = results[0]
    verdict = None if result.probability is None else result.verdict
    return Example(text=text, counts=counts, verdict=verdict, probability=result.probability)


def _call(behavior: Behavior, text: str) -> Call:
    """Return a small invented call that gives the example its occasion and its place."""
    before = _BEFORE.get(behavior.place) or _AROUND.get(behavior.occasion) or "Hello, this is Kim."
    guarded = behavior.place is Place.WITH_GATEKEEPER or behavior.occasion is Occasion.GATEKEEPER
    said = [("gatekeeper" if guarded else "prospect", before), ("rep", text), *_TALK]
    turns = tuple(Turn(speaker=speaker, text=line) for speaker, line in said)
    return replace(
        Call(path="example", sha256="", source=Source.TRANSCRIPT),
        turns=turns,
        speakers=tuple(Speaker(name=role.value, role=role) for role in (Role.REP, Role.PROSPECT, Role.GATEKEEPER)),
    )
