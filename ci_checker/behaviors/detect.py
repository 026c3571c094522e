"""Turns to results: the stage's one entry point.

Two thresholds make a verdict of the best probability; whatever stands in the
way of a fair "not seen" (unknown rep, poor hearing, a doubtful occasion, a
recording that breaks off) makes it "unclear" instead.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from ci_checker.assets import card, find_model
from ci_checker.behaviors import features, metrics, occasions, reading, reasons, team, turn_encoder
from ci_checker.behaviors.catalogue import Behavior, Measure, Occasion, Place
from ci_checker.behaviors.occasions import Answer, Had, Signals
from ci_checker.errors import RequestError
from ci_checker.model import Call, Evidence, Metrics, Reason, Result, Role, ScoredCall, Source, Turn, Verdict

if TYPE_CHECKING:
    from ci_checker.behaviors.classifier import Detector
    from ci_checker.behaviors.examples import Examples
    from ci_checker.behaviors.features import Instance

VERSION = "3"
OPENING_TURNS = 6
EARLY_SHARE = 0.5
EARLY_TURNS = 10
NEAR_MISSES = 2
LOW_CONFIDENCE = 0.55
UNHEARD_S = 5.0
NO_REP = "nothing of the rep was heard"
# what intake and recognition note of a recording that does not hold the whole call
_LOST = re.compile(r"\bcut off\b|\bis damaged\b|^The recording skips\b|\btold apart by their sound\b")
_STRETCH = re.compile(r"(?P<name>.+) (?P<start>\d+(?::\d+)+(?:\.\d+)?)-(?P<end>\d+(?::\d+)+(?:\.\d+)?): ")
OBJECTION_REACH = 2
ATTEMPT = "~"
ATTEMPTED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A candidate turn for one label: its best instance and probability."""

    turn: int
    item: Instance
    probability: float


@lru_cache(maxsize=1)
def _detectors() -> tuple[Detector, Detector]:
    from ci_checker.behaviors.classifier import Detector

    folder = find_model("behaviors")
    return Detector.load(folder / "rep"), Detector.load(folder / "other")


def version(behaviors: Iterable[Behavior] = ()) -> str:
    """Return what a stored score depends on: this code's version and the models' hashes.

    Among ``behaviors``, a team's own add the hashes of their detectors.
    """
    folder = find_model("behaviors")
    files = card(folder).get("files", {})
    read = sorted(f"{name} {digest}" for name, digest in files.items() if name.startswith(("rep/", "other/")))
    for beneath in ("nlp-en", "sentence-encoder", turn_encoder.MODEL):
        read += sorted(f"{beneath}/{name} {digest}" for name, digest in card(find_model(beneath))["files"].items())
    read += team.key(behaviors, folder)
    return f"{VERSION}-{hashlib.sha256(chr(10).join(read).encode()).hexdigest()[:24]}"


def detect(
    call: Call, catalogue: Mapping[str, Behavior], *, bounds: Mapping[str, float] | None = None
) -> tuple[tuple[Result, ...], Metrics]:
    """Return a result for every behavior of the catalogue, in its order, and the call's metrics.

    ``bounds`` overrides the bound of a measured behavior by id. Raises
    MissingError where the shipped detectors, or one that the team trained, are
    absent or damaged.
    """
    measured = metrics.measure(call)
    results: dict[str, Result] = {}
    if not call.has_known_rep:
        why = next((s.reason for s in call.speakers if s.reason), "it is not known which speaker is the rep")
        for behavior in catalogue.values():
            results[behavior.id] = Result(behavior=behavior.id, verdict=Verdict.UNCLEAR, probability=None, reason=why)
        return tuple(results.values()), measured
    shipped = _detectors()[0]
    candidates = _candidates(call, shipped)
    signals = _signals(call)
    trained: dict[int, dict[str, list[Scored]]] = {}
    for behavior in catalogue.values():
        if behavior.measure is not None:
            bound = (bounds or {}).get(behavior.id, behavior.bound or 0.0)
            results[behavior.id] = _measured(call, behavior, measured, bound)
        elif behavior.id in candidates:
            tries = {s.turn: s.probability for s in candidates.get(f"{ATTEMPT}{behavior.id}", ())}
            results[behavior.id] = _judge(call, behavior, candidates[behavior.id], signals, tries, shipped)
        elif (own := team.trained(behavior)) is not None:
            # one detector may hold several of the team's labels: a call is scored by it once
            if id(own) not in trained:
                trained[id(own)] = _candidates(call, own)
            results[behavior.id] = _judge(call, behavior, trained[id(own)][behavior.id], signals, {}, own)
        else:
            results[behavior.id] = _by_examples(call, behavior, signals)
    return tuple(results.values()), measured


def said(call: Call, judged: frozenset[Role]) -> list[features.Said]:
    """Return the turns of a call as the detectors read them; those of the roles ``judged`` are scored."""
    return [
        features.Said(
            side=call.role_of(t.speaker).value,
            text=t.text,
            judged=call.role_of(t.speaker) in judged,
            written=call.source is Source.EMAIL,
        )
        for t in call.turns
    ]


def _probabilities(detector: Detector, turns: Sequence[features.Said]) -> dict[str, list[Scored]]:
    """Return, a label, the best instance of every judged turn in order."""
    items, meant = reading.read(detector, turns)
    scores = detector.scores(items, meant)
    found: dict[str, list[Scored]] = {label: [] for label in detector.labels}
    for column, label in enumerate(detector.labels):
        probability = detector.calibrations[label].probability(scores[:, column]) if items else []
        best: dict[int, Scored] = {}
        for row, item in enumerate(items):
            value = float(probability[row])
            known = best.get(item.turn)
            tighter = known is not None and len(item.text) < len(known.item.text) and value >= 0.7 * known.probability
            if known is None or value > known.probability or tighter:
                top = max(value, known.probability if known else 0.0)
                best[item.turn] = Scored(turn=item.turn, item=item, probability=top)
        found[label] = [best[turn] for turn in sorted(best)]
    return found


def _candidates(call: Call, detector: Detector) -> dict[str, list[Scored]]:
    return _probabilities(detector, said(call, frozenset({Role.REP})))


def examples_of(behavior: Behavior) -> Examples | None:
    """Return what scores a team's behavior by its examples alone.

    ``None`` for one that a detector knows, that is measured, or that has too few. Raises MissingError.
    """
    shipped = _detectors()[0]
    if behavior.measure is not None or behavior.id in shipped.labels or team.trained(behavior) is not None:
        return None
    return team.by_examples(behavior, find_model("behaviors"), shipped)


def _by_examples(call: Call, behavior: Behavior, signals: Signals) -> Result:
    """Return seen where the examples carry it, else unclear: too few of them to say that it is not there."""
    found = examples_of(behavior)
    if found is None:
        return Result(
            behavior=behavior.id,
            verdict=Verdict.UNCLEAR,
            probability=None,
            reason=(
                f"no detector has been trained for this behavior yet, and examples that count are too few "
                f"({len(behavior.counts)}) to go by: write some more, or train it with 'ci-checker behaviors train'"
            ),
        )
    scored = _candidates(call, found.detector)[behavior.id]
    return _judge(call, behavior, scored, signals, {}, found.detector, found)


def _signals(call: Call) -> Signals:
    others = frozenset({Role.PROSPECT, Role.GATEKEEPER, Role.UNKNOWN})
    detector = _detectors()[1]
    found = _probabilities(detector, said(call, others))
    objection, gatekeeper = detector.calibrations["objection"], detector.calibrations["gatekeeper"]
    return Signals(
        objection_sure=objection.seen,
        objection_possible=objection.not_seen,
        gatekeeper_sure=gatekeeper.seen,
        gatekeeper_possible=gatekeeper.not_seen,
        objection={s.turn: s.probability for s in found.get("objection", ())},
        gatekeeper={
            s.turn: s.probability
            for s in found.get("gatekeeper", ())
            if not occasions.is_greeting(call.turns[s.turn].text)
        },
    )


def own_turns(call: Call) -> list[int]:
    """Return how many turns of the rep of more than two words stand before every turn, and in all."""
    own = (call.role_of(turn.speaker) is Role.REP and len(turn.text.split()) > 2 for turn in call.turns)
    return list(accumulate(own, initial=0))


def in_place(call: Call, behavior: Behavior, turn: int, signals: Signals, own: Sequence[int] | None = None) -> bool:
    """Return whether a rep's turn stands where the behavior counts; ``own`` saves counting ``own_turns`` again."""
    if behavior.place is Place.AFTER_OBJECTION:
        before = [i for i in signals.objection if i < turn][-OBJECTION_REACH:]
        return any(signals.objection[i] >= signals.objection_possible for i in before)
    if behavior.place not in (Place.OPENING, Place.EARLY):
        return True
    handoffs = [i for i, p in signals.gatekeeper.items() if p >= signals.gatekeeper_sure and i < turn]
    start = max(handoffs, default=-1)
    own = own_turns(call) if own is None else own
    index = own[turn] - own[start + 1]
    if behavior.place is Place.OPENING:
        return index < OPENING_TURNS
    return index < EARLY_TURNS or turn < EARLY_SHARE * len(call.turns)


def _evidence(call: Call, behavior: str, scored: Scored, by: Detector, place: str = "") -> Evidence:
    turn = call.turns[scored.turn]
    start, end = _trim(turn.text, scored.item.start, scored.item.end)
    why = list(reasons.readable(by.contributions(scored.item, behavior, most=12)))
    if place:
        why.append(Reason(text=place))
    start_s, end_s = _times(turn, start, end)
    return Evidence(
        turn=scored.turn,
        speaker=turn.speaker,
        quote=turn.text[start:end],
        probability=round(scored.probability, 4),
        start_s=start_s,
        end_s=end_s,
        why=tuple(why),
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _times(turn: Turn, start: int, end: int) -> tuple[float | None, float | None]:
    """Return the times of a part of a turn: of its words where they have times, else the turn's."""
    if turn.words and turn.start_s is not None:
        position = 0
        inside = []
        for word in turn.words:
            at = turn.text.find(word.text.strip(), position)
            if at < 0:
                return turn.start_s, turn.end_s
            position = at + len(word.text.strip())
            if at < end and position > start:
                inside.append(word)
        starts = [w.start_s for w in inside if w.start_s is not None]
        ends = [w.end_s for w in inside if w.end_s is not None]
        if starts and ends:
            return min(starts), max(ends)
    return turn.start_s, turn.end_s


def _doubts(call: Call) -> list[str]:
    """Return what stands in the way of a fair "not seen" on this call."""
    found = [note for note in call.notes if _LOST.search(note)]
    unheard = _unheard_s(call)
    if unheard >= UNHEARD_S:
        found.append(f"{unheard:.0f} s of speech could not be made out")
    if not _words_of_rep(call):
        found.append(NO_REP)
    heard = [t for t in call.turns if call.role_of(t.speaker) is Role.REP and t.confidence is not None]
    words = sum(len(t.text.split()) for t in heard)
    if words:
        mean = sum((t.confidence or 0.0) * len(t.text.split()) for t in heard) / words
        if mean < LOW_CONFIDENCE:
            found.append(f"the rep was heard poorly (mean word confidence {mean:.2f})")
    if any(s.role is Role.UNKNOWN and _talks(call, s.name) for s in call.speakers):
        found.append("one of the speakers has no known role")
    return found


def _unheard_s(call: Call) -> float:
    """Return for how many seconds somebody spoke without words, by the notes; the other side's left out."""
    others = {s.name for s in call.speakers if s.role in (Role.PROSPECT, Role.GATEKEEPER)}
    found = [match for note in call.notes if (match := _STRETCH.match(note)) and match["name"] not in others]
    return sum(_seconds(match["end"]) - _seconds(match["start"]) for match in found)


def _seconds(clock: str) -> float:
    total = 0.0
    for part in clock.split(":"):
        total = total * 60 + float(part)
    return total


def _words_of_rep(call: Call) -> int:
    return sum(len(t.text.split()) for t in call.turns if call.role_of(t.speaker) is Role.REP)


def _talks(call: Call, name: str) -> bool:
    return sum(len(t.text.split()) for t in call.turns if t.speaker == name) > 10


def _judge(
    call: Call,
    behavior: Behavior,
    scored: list[Scored],
    signals: Signals,
    tries: Mapping[int, float],
    by: Detector,
    examples: Examples | None = None,
) -> Result:
    """Return the verdict; ``tries`` is how likely each turn is an attempt, whether it counts or not.

    With ``examples`` the detector ``by`` has learned from nothing else, and never says "not seen".
    """
    calibration = by.calibrations[behavior.id]
    occasion = occasions.had_occasion(call, behavior.occasion, signals)
    strong = [s for s in scored if s.probability >= calibration.seen]
    if occasion.had is Had.NO and behavior.occasion is not Occasion.CONVERSATION and strong:
        # what clearly answers an objection shows that there was one, whatever was made of the other side
        occasion = Answer(had=Had.PERHAPS, reason=occasion.reason)
    own = own_turns(call)
    placed = [s for s in scored if in_place(call, behavior, s.turn, signals, own)]
    if behavior.place is Place.AFTER_OBJECTION:
        placed += [s for s in strong if s not in placed]
    displaced = [s for s in scored if s not in placed and s.probability >= calibration.evidence]
    ranked = sorted(placed, key=lambda s: (-s.probability, s.turn))
    best = ranked[0].probability if ranked else 0.0
    hits = [s for s in ranked if s.probability >= calibration.evidence]
    attempts = {turn for turn, probability in tries.items() if probability >= ATTEMPTED}
    short = [s for s in ranked if s.probability < calibration.evidence]
    misses = [s for s in short if s.turn in attempts][:NEAR_MISSES]
    late = [replace(s, probability=min(s.probability, calibration.evidence)) for s in displaced[:NEAR_MISSES]]

    def result(verdict: Verdict, reason: str, *, evidence: list[Scored], near: list[Scored]) -> Result:
        missed = [_evidence(call, behavior.id, s, by) for s in near]
        if verdict is not Verdict.SEEN:
            missed += [_evidence(call, behavior.id, s, by, _out_of_place(behavior)) for s in late]
        return Result(
            behavior=behavior.id,
            verdict=verdict,
            probability=round(calibration.of_call(best), 4),
            evidence=tuple(_evidence(call, behavior.id, s, by) for s in evidence),
            near_misses=tuple(missed[:NEAR_MISSES]),
            reason=reason,
        )

    if occasion.had is Had.NO:
        return Result(behavior=behavior.id, verdict=Verdict.NOT_APPLICABLE, probability=None, reason=occasion.reason)
    if best >= calibration.seen:
        clear = [s for s in hits or ranked[:1] if not _poorly_heard(call.turns[s.turn])]
        if not clear or clear[0].probability < calibration.seen:
            shaky = call.turns[ranked[0].turn].confidence or 0.0
            return result(
                Verdict.UNCLEAR,
                f"it seems to be there, but those words were heard poorly (confidence {shaky:.2f})",
                evidence=[],
                near=ranked[:NEAR_MISSES],
            )
        ordered = [*clear[:1], *sorted(clear[1:], key=lambda s: s.turn)]
        if behavior.counted:
            ordered = sorted(clear, key=lambda s: s.turn)
        basis = f", by {len(examples.tried)} examples alone" if examples else ""
        return result(Verdict.SEEN, f"{_count(behavior, len(ordered))}{basis}", evidence=ordered, near=misses)
    if examples is not None:
        close = [s for s in ranked if s.probability >= calibration.not_seen][:NEAR_MISSES]
        why = [examples.doubt, *_doubts(call)]
        why += [] if close else ["no turn of the rep comes near them"]
        why += [occasion.reason] if occasion.had is Had.PERHAPS else []
        return result(Verdict.UNCLEAR, "; ".join(why), evidence=[], near=close)
    if best >= calibration.not_seen:
        reason = (
            f'by its best moment the call scores {calibration.of_call(best):.0%}, between "not seen" (under '
            f'{calibration.of_call(calibration.not_seen):.0%}) and "seen" (from '
            f"{calibration.of_call(calibration.seen):.0%}): a person should listen"
        )
        return result(Verdict.UNCLEAR, reason, evidence=[], near=ranked[:NEAR_MISSES])
    doubts = _doubts(call)
    if occasion.had is Had.PERHAPS:
        doubts.append(occasion.reason)
    if late:
        doubts.append(f"something like it was said, but {_out_of_place(behavior)}")
    if doubts:
        return result(Verdict.UNCLEAR, "; ".join(doubts), evidence=[], near=misses)
    return result(
        Verdict.NOT_SEEN,
        "no turn of the rep comes near it" if not misses else "only near misses",
        evidence=[],
        near=misses,
    )


def _poorly_heard(turn: Turn) -> bool:
    return turn.confidence is not None and turn.confidence < LOW_CONFIDENCE


def _count(behavior: Behavior, number: int) -> str:
    if behavior.counted:
        return f"{number} time{'s' if number != 1 else ''}"
    return "in one place" if number == 1 else f"in {number} places"


def _out_of_place(behavior: Behavior) -> str:
    return {
        Place.OPENING: "not in the opening",
        Place.EARLY: "not before the body of the call",
        Place.AFTER_OBJECTION: "not after an objection",
        Place.WITH_GATEKEEPER: "not to a gatekeeper",
    }.get(behavior.place, "elsewhere")


def _measured(call: Call, behavior: Behavior, measured: Metrics, bound: float) -> Result:
    """Return the verdict of a measured behavior: seen is within the bound."""

    def result(verdict: Verdict, reason: str, probability: float | None = None, turn: int | None = None) -> Result:
        evidence: tuple[Evidence, ...] = ()
        if turn is not None:
            t = call.turns[turn]
            evidence = (
                Evidence(
                    turn=turn,
                    speaker=t.speaker,
                    quote=t.text,
                    probability=1.0,
                    start_s=t.start_s,
                    end_s=t.end_s,
                    why=(Reason(text=reason),),
                ),
            )
        seen = verdict is Verdict.SEEN
        return Result(
            behavior=behavior.id,
            verdict=verdict,
            probability=probability,
            evidence=evidence if seen else (),
            near_misses=() if seen else evidence,
            reason=reason,
        )

    def within(fits: bool, text: str, turn: int | None = None) -> Result:
        doubts = [] if fits else _doubts(call)
        if doubts:
            return result(Verdict.UNCLEAR, "; ".join([text, *doubts]), turn=turn)
        return result(Verdict.SEEN if fits else Verdict.NOT_SEEN, text, 1.0 if fits else 0.0, turn)

    if call.source is Source.EMAIL:
        return result(Verdict.NOT_APPLICABLE, "a written message has no talking time")
    answer = occasions.had_occasion(call, behavior.occasion, Signals())
    if answer.had is Had.NO:
        return result(Verdict.NOT_APPLICABLE, answer.reason)
    if not _words_of_rep(call):
        return result(Verdict.UNCLEAR, NO_REP)
    if behavior.measure is Measure.TALK_RATIO:
        if measured.rep_talk_ratio is None:
            return result(Verdict.UNCLEAR, "the words cannot be counted by speaker")
        if bound > 1:
            raise RequestError(
                f"the bound of '{behavior.id}' is {bound:g}, but a talk ratio is a fraction",
                todo="Write 0.6 for sixty percent.",
            )
        share = measured.rep_talk_ratio
        text = f"the rep has {share:.0%} of the words; the bound is {bound:.0%}"
        return within(share <= bound, text)
    longest, turn = metrics.longest_monologue(call)
    if longest is None:
        return result(Verdict.UNCLEAR, "the source has no times, so a monologue cannot be measured")
    text = f"the rep's longest monologue lasts {longest:.0f} s; the bound is {bound:.0f} s"
    return within(longest <= bound, text, turn)


def measured_again(scored: ScoredCall, behavior: Behavior, bound: float) -> Result:
    """Return the verdict of a measured behavior against another bound than the call was scored with."""
    return _measured(scored.call, behavior, scored.metrics, bound)
