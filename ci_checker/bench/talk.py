"""A sales call in text of any length, made of sentences written here; the same one every time.

Slots make nearly every sentence a new one, since the detectors remember what they have scored:
a call that repeats itself would be scored faster than any call that was ever held.
"""

from __future__ import annotations

import random
import re
from typing import Final

REP, PROSPECT = "Dana", "Miguel"
WORDS_A_MINUTE: Final = 150
_SEED: Final = 41
_SHORT_SHARE: Final = 0.3
_LENGTHS: Final = (1, 2, 3, 4, 6, 9)
_WEIGHTS: Final = {REP: (14, 6, 3, 2, 1, 1), PROSPECT: (16, 5, 2, 1, 1, 0)}
_TRIES: Final = 40
_SLOT: Final = re.compile(r"\{(\w+)\}")

_SLOTS: Final = {
    "company": "Harlow Freight|Pinecrest Dental|Obermann Steel|Kestrel Foods|Lumen Optics|Tarrant Homes|"
    "Vesta Insurance|Quayside Hotels|Redfern Labs|Mosaic Print|Alder Clinics|Bright Harbor",
    "person": "Priya|Tomas|Ingrid|Wendell|Yuki|Carmen|Oleg|Fatima|Brennan|Shauna|Dmitri|Lucille",
    "title": "head of operations|finance lead|new chief of staff|regional manager|controller|dispatch lead",
    "tool": "shared spreadsheet|old ticket system|scheduling board|home-grown portal|invoice tool|call log",
    "problem": "late handovers|double bookings|missing invoices|lost callbacks|slow approvals|wrong addresses",
    "place": "Tulsa|Leeds|Rotterdam|Spokane|Lisbon|Akron|Graz|Fresno",
    "day": "Monday|Tuesday|Wednesday|Thursday|Friday",
    "month": "January|March|April|June|August|October",
}
_REP: Final = """\
I noticed that {company} opened a second site in {place} in {month}, which is why I thought of you.
How do your {number} people in {place} handle {problem} today?
What happens to the {tool} when {person} is out on a {day}?
Walk me through what {number} {problem} in a month cost your team at the end of the quarter.
So if I have it right, the {tool} takes {person} about {number} hours a week, and that is the part that hurts.
It sounds as though {problem} came up again after {month}, once {person} had moved on.
Who besides {person} would need to be comfortable before {number} seats were signed off?
When did {company} last look at replacing the {tool}?
We worked with {company}, and their {title} took {problem} from {number} a week down to three.
Most teams of {number} that I speak with start with {problem} and leave the {tool} as it is for a while.
For today I would like to hear about {problem}, show you {number} minutes of it, and agree on what comes next.
Does {day} the {date} of {month} at ten work for you and {person}?
I will send {person} a summary by {day} with the {number} points that we have gone through.
What would have to be true by {month} for {number} of your people to call this a good decision?
That makes sense, and if {company} had not asked the same of us in {month} I would wonder too.
Can you tell me more about the {number} cases that {person} could not close in {month}?
Is there money set aside for {problem} this year, or would {person} have to find {number} thousand elsewhere?
And what did {person} say to {number} of those?
How many {problem} were there in {month}?
Is {place} the only site with {problem}?
So {person} decides, and {number} people live with it?
Let us take the {tool} first, then {place}.
The first step with {company} took {number} days, and nobody had to touch the {tool}.
"""
_PROSPECT: Final = """\
Well, {person} built the {tool} when we were {number} people, and we are well past that now.
I would say we see {problem} around {number} times in a bad month, mostly in {place}.
Honestly, we already have something for that, {company} set it up for us in {month}.
It is really {person} who looks after the {tool}, I only see what lands on my desk on a {day}.
We do not have the budget for {number} more seats before {month}.
Our {title} in {place} asked the same thing on {day}, and nobody had an answer.
The {tool} is fine until {number} orders come in at once, and then we have {problem} until {day}.
Could you send me something about {problem}, and I will look at it with {person} in {month}?
We lost {number} customers over {problem} last year, at least that is what {person} says.
How is that different from what {company} offered us for {number} dollars?
I am not sure that {person} would like one more thing next to the {tool} before {month}.
The last time, {company} promised us {number} days and it took until {month}.
Yes, {day} the {date} should work, but {person} has to be there for the part on {problem}.
About {number} on a {day}, if I remember right.
You would have to ask {person} in {place}.
No, not since {person} left in {month}.
Maybe {number} hours, mostly on the {tool}.
We are {number} people in {place} now, and our {title} wants to hire more in {month}.
"""
_ALONE: Final = {
    REP: "Right.|I see.|Thanks for telling me.|Okay, go on.|That helps.|Fair enough.",
    PROSPECT: "Yeah.|Okay.|Sure, go ahead.|Mm, maybe.|That is right.|Not really.",
}
_OPENING: Final = (
    f"{REP}: Hi Miguel, this is Dana with Northbeam, did I catch you at a bad time?",
    f"{PROSPECT}: I have a few minutes before my next meeting, what is this about?",
)


def call(minutes: float) -> str:
    """Return the call, a turn a line as ``Name: text``, of about 150 words a minute."""
    chance = random.Random(_SEED)
    sentences = {REP: _REP.splitlines(), PROSPECT: _PROSPECT.splitlines()}
    lines = list(_OPENING)
    said: set[str] = set()
    words = sum(_count(line) for line in lines)
    speaker = REP
    while words < minutes * WORDS_A_MINUTE:
        if chance.random() < _SHORT_SHARE:
            text = chance.choice(_ALONE[speaker].split("|"))
        else:
            (count,) = chance.choices(_LENGTHS, _WEIGHTS[speaker])
            text = " ".join(_sentence(chance, sentences[speaker], said) for _ in range(count))
        lines.append(f"{speaker}: {text}")
        words += _count(lines[-1])
        speaker = PROSPECT if speaker == REP else REP
    return "\n".join(lines) + "\n"


def words_of(text: str) -> int:
    """Return how many words are spoken in a call as ``call`` writes it, the names left out."""
    return sum(_count(line) for line in text.splitlines())


def _count(line: str) -> int:
    return len(line.split()) - 1


def _sentence(chance: random.Random, sentences: list[str], said: set[str]) -> str:
    for _ in range(_TRIES):
        text = _SLOT.sub(lambda slot: _filled(chance, slot.group(1)), chance.choice(sentences))
        if text not in said:
            break
    said.add(text)
    return text


def _filled(chance: random.Random, slot: str) -> str:
    if slot == "number":
        return str(chance.randint(3, 97))
    if slot == "date":
        return f"{chance.randint(4, 20)}th"
    return chance.choice(_SLOTS[slot].split("|"))
