"""The nouns: frozen values that flow from stage to stage. Standard library only.

Units: every name that ends in ``_s`` is seconds from the start of the call. A
time that the source does not have is ``None``, never an invented number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class Role(StrEnum):
    """Which side of the call a speaker is on."""

    REP = "rep"
    PROSPECT = "prospect"
    GATEKEEPER = "gatekeeper"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What can be said of one behavior on one call."""

    SEEN = "seen"
    NOT_SEEN = "not_seen"
    UNCLEAR = "unclear"
    NOT_APPLICABLE = "not_applicable"


class Source(StrEnum):
    """What a call was read from."""

    AUDIO = "audio"
    TRANSCRIPT = "transcript"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as heard; ``probability`` in [0, 1] where an engine gave one."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    probability: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One uninterrupted stretch of one speaker.

    ``confidence`` in [0, 1] is the recognizer's mean word probability; ``None``
    for a transcript that somebody else made.
    """

    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None
    words: tuple[Word, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One voice of a call, its role, and in a person's words why it has that role."""

    name: str
    role: Role = Role.UNKNOWN
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """What intake learned of a recording. ``channels`` counts different signals.

    ``fake_stereo`` is true where two channels carry the same mix, which then
    counts as one channel.
    """

    duration_s: float
    channels: int
    sample_rate: int
    codec: str
    fake_stereo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known of a call besides its words: manifest, path pattern, mail header."""

    rep: str | None = None
    rep_channel: str | None = None
    account: str | None = None
    contact: str | None = None
    started_at: datetime | None = None
    direction: str | None = None
    call_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the header of a mail says besides its time: its thread, and whom it reached.

    Addresses and ids are lower case; ``addressed`` are the people in To (in Cc or
    Bcc where To is empty), ``reached`` all of them. ``subject`` has lost its Re: and
    Fwd:, which ``answers`` keeps in mind. ``first_touch`` is told when a commitment is
    checked, among all mails of the workspace: ``None`` where that cannot be told.
    """

    sender: str | None = None
    addressed: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    message_id: str | None = None
    refers_to: tuple[str, ...] = ()
    subject: str = ""
    answers: bool = False
    first_touch: bool | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One conversation between one rep and one or more prospects.

    ``path`` is how the caller named it; ``sha256`` of the file's bytes is its
    identity. ``notes`` are plain sentences about what could not be had.
    ``envelope`` is the header of a mail, ``None`` for everything else.
    """

    path: str
    sha256: str
    source: Source
    details: Details = Details()
    audio: Audio | None = None
    duration_s: float | None = None
    turns: tuple[Turn, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    transcriber: str | None = None
    notes: tuple[str, ...] = ()
    envelope: Envelope | None = None

    def role_of(self, speaker: str) -> Role:
        """Return the role of a speaker's name, ``unknown`` for a stranger."""
        for known in self.speakers:
            if known.name == speaker:
                return known.role
        return Role.UNKNOWN

    @property
    def has_known_rep(self) -> bool:
        """Whether some speaker is known to be the rep."""
        return any(speaker.role is Role.REP for speaker in self.speakers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something was detected: a phrase for people, and how much it added (log-odds)."""

    text: str
    weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A verbatim quote of one turn with its place and how sure the checker is.

    ``turn`` is the index in ``Call.turns``; ``quote`` stands verbatim in that
    turn's text; ``probability`` in [0, 1] is calibrated.
    """

    turn: int
    speaker: str
    quote: str
    probability: float
    start_s: float | None = None
    end_s: float | None = None
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One behavior on one call. ``reason`` is one sentence for people."""

    behavior: str
    verdict: Verdict
    probability: float | None
    evidence: tuple[Evidence, ...] = ()
    near_misses: tuple[Evidence, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Measured, not classified. ``None`` where the source cannot carry it.

    ``rep_talk_ratio`` is the rep's share of all words; ``longest_rep_monologue_s``
    the longest stretch of the rep not broken by a real turn of somebody else.
    """

    rep_talk_ratio: float | None = None
    longest_rep_monologue_s: float | None = None
    rep_questions: int | None = None
    talk_s: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredCall:
    """A call with its metrics and results, or the one line that says why there are none."""

    call: Call
    metrics: Metrics = Metrics()
    results: tuple[Result, ...] = ()
    error: str | None = None

    def result(self, behavior: str) -> Result | None:
        """Return the result of one behavior, ``None`` if it was not scored."""
        for found in self.results:
            if found.behavior == behavior:
                return found
        return None


class TargetKind(StrEnum):
    """How a commitment counts: so many calls, a share of the eligible ones, or every one."""

    COUNT = "count"
    SHARE = "share"
    EVERY = "every"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How often. ``value`` is calls for ``count``, a fraction in (0, 1] for ``share``.

    ``per_call`` is how many pieces of evidence one call needs to count (open
    discovery questions are counted; most behaviors need one).
    """

    kind: TargetKind
    value: float = 1.0
    per_call: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a commitment holds: dates (both included), weekdays (Monday is 0), time of day."""

    start: date
    end: date
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    from_time: time | None = None
    to_time: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Which calls a commitment is about; an empty tuple means all."""

    call_types: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


class CommitmentStatus(StrEnum):
    """A rep has at most one active commitment."""

    ACTIVE = "active"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What the manager recorded after the 1:1. The manager decides, not the program."""

    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"


class Bucket(StrEnum):
    """Why a commitment did not stick; only a manager can choose one."""

    SKILL = "skill"
    WILL = "will"
    KNOWLEDGE = "knowledge"
    SYSTEM = "system"


class NextStep(StrEnum):
    """What follows a closed commitment."""

    KEEP = "keep"
    REISSUE = "reissue"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """One rep's promise to run one behavior between two 1:1s.

    ``statement`` is what was promised in the manager's and the rep's shared
    words; ``rep_words`` is the rep saying it back. ``reissue_of`` is the id of
    the commitment that this one repeats. ``bound`` is its own bound for a measured
    behavior (a share of the words, seconds of a monologue); the workspace's where
    it is ``None``.
    """

    id: int
    rep: str
    manager: str | None
    behavior: str
    statement: str
    target: Target
    window: Window
    eligible: Eligibility
    made_on: date
    check_on: date
    rep_words: str = ""
    status: CommitmentStatus = CommitmentStatus.ACTIVE
    outcome: Outcome | None = None
    closed_on: date | None = None
    note: str = ""
    bucket: Bucket | None = None
    blocker: str = ""
    next_step: NextStep | None = None
    reissue_of: int | None = None
    bound: float | None = None


class Ruling(StrEnum):
    """How a dispute was settled: the evidence stands, or it is withdrawn."""

    STANDS = "stands"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A rep's objection to what the evidence says of one behavior on one call.

    ``shown_as`` is the verdict that was contested. ``quote`` and ``turn`` name one
    piece of evidence, or the words in which the rep says it was there; without them
    the call as a whole is contested. ``at_s`` is its place. While ``ruling`` is
    ``None`` the call is unclear.
    """

    id: int
    sha256: str
    call: str
    behavior: str
    rep: str
    note: str
    shown_as: Verdict
    made_at: datetime
    quote: str = ""
    turn: int | None = None
    at_s: float | None = None
    ruling: Ruling | None = None
    settled_by: str = ""
    settled_at: datetime | None = None
    settled_note: str = ""


class CallState(StrEnum):
    """Where one call stands against a commitment.

    ``attempted``: not seen, but a near miss shows a try. ``unheard``: the call
    could not be read or transcribed. ``not_applicable``: eligible by its kind,
    but it gave no occasion, so it is outside the denominator.
    """

    SEEN = "seen"
    ATTEMPTED = "attempted"
    NOT_SEEN = "not_seen"
    UNCLEAR = "unclear"
    NOT_APPLICABLE = "not_applicable"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of conversation shown around a quote."""

    speaker: str
    role: Role
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A place in a call that a manager may open: a quote, what was said around it, a clip.

    ``before`` and ``after`` are the neighboring lines; ``response`` is what the
    other side said next. ``clip`` is a path relative to the report, once cut.
    ``audio_path`` is the recording, ``None`` where the call was only a transcript.
    """

    call: str
    sha256: str
    started_at: datetime | None
    account: str | None
    contact: str | None
    evidence: Evidence | None
    before: tuple[Line, ...] = ()
    after: tuple[Line, ...] = ()
    response: Line | None = None
    audio_path: str | None = None
    clip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFinding:
    """One call that the commitment is about, and what the evidence says of it.

    ``hits`` is the number of pieces of evidence; ``instead`` is what the rep
    said at the place where the behavior would have been; ``reason`` one
    sentence (why unclear, why not applicable, why it could not be heard).
    ``disputes`` are the rep's objections, open and settled, to be shown beside it.
    """

    call: str
    sha256: str
    state: CallState
    started_at: datetime | None = None
    account: str | None = None
    contact: str | None = None
    call_type: str | None = None
    probability: float | None = None
    hits: int = 0
    moments: tuple[Moment, ...] = ()
    near_misses: tuple[Moment, ...] = ()
    instead: Moment | None = None
    reason: str = ""
    disputes: tuple[Dispute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts over the calls that the commitment is about.

    ``eligible`` is the denominator: seen + attempted + not_seen + unclear.
    ``not_applicable`` and ``unheard`` stand outside it and are always shown.
    ``promised`` is the number of calls the target asks for, given ``eligible``
    (a count target as promised; a share or every rounded up). ``contested`` of the
    unclear ones are unclear because the rep objects.
    """

    promised: int
    eligible: int
    seen: int
    attempted: int
    not_seen: int
    unclear: int
    not_applicable: int
    unheard: int
    contested: int = 0


class Standing(StrEnum):
    """What the evidence as a whole carries; never a judgment of a person.

    ``open``: the unclear and unheard calls could still turn short into enough.
    """

    ENOUGH = "enough"
    SHORT = "short"
    NONE_SEEN = "none_seen"
    OPEN = "open"
    NO_CALLS = "no_calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPoint:
    """One week of the trend: counts of one commitment and how its check ended."""

    week_of: date
    behavior: str
    commitment_id: int
    statement: str
    counts: Counts
    standing: Standing
    outcome: Outcome | None = None
    closed_on: date | None = None
    check_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeStep:
    """One question of the diagnosis tree; ``answer`` is ``None`` where a person must answer."""

    question: str
    answer: str | None
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What to say if it was done, or if it was not: a lead sentence and follow-ups."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A behavior that stuck before and is not promised now, looked at over the days of this promise.

    ``slipped`` is true where it was certainly seen less often than it used to be
    promised, ``None`` where the calls do not tell. ``text`` says it in a sentence.
    """

    behavior: str
    behavior_name: str
    stuck_on: date
    counts: Counts
    slipped: bool | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How well a behavior's detection was measured to work, on which data, with n calls."""

    behavior: str
    precision: float | None
    recall: float | None
    calls: int
    measured_on: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Everything a pre-1:1 report says of one commitment. Renderers add no facts.

    ``method`` is where the rep stands in the coaching plan, a sentence each: the
    phase, and how far the behavior has stuck. ``watch`` are behaviors that stuck before.
    """

    commitment: Commitment
    behavior_name: str
    question: str
    summary: str
    counts: Counts
    standing: Standing
    calls: tuple[CallFinding, ...]
    best: Moment | None
    miss: Moment | None
    listen: tuple[Moment, ...]
    branches: tuple[Branch, ...]
    tree: tuple[TreeStep, ...]
    trend: tuple[WeekPoint, ...]
    cannot_tell: tuple[str, ...]
    reliability: Reliability | None
    as_of: date
    voice_notice: str = ""
    method: tuple[str, ...] = ()
    watch: tuple[Watched, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The pre-1:1 report of one rep: a finding, or the sentence that says why there is none."""

    rep: str
    manager: str | None
    as_of: date
    finding: Finding | None
    nothing: str = ""
    purpose: str = field(
        default=(
            "Evidence for a conversation between a manager and a rep. It is not a score of a person "
            "and is not meant for employment decisions. What the evidence cannot tell is listed."
        )
    )
