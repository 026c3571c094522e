"""Finds in a text what may not leave the house: names, numbers, addresses, amounts of money.

spaCy's entities of the package's own pipeline name amounts and companies; names of people come
from what is known of the calls, and from capital letters within a sentence. It would rather
mask a word too many; what it misses is said by whoever shows the result.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

Span = tuple[int, int, str]

NAME, NUMBER, MAIL, ADDRESS, AMOUNT = "[name]", "[number]", "[mail address]", "[address]", "[amount]"
_DIGITS = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_NUMBERS = (
    f"{_DIGITS}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|"
    "fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|a|and|point"
)
_CURRENCY = "dollars?|bucks|euros?|pounds|quid|grand|cents|usd|eur|gbp"
PATTERNS: Sequence[tuple[str, re.Pattern[str]]] = (
    (MAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (MAIL, re.compile(r"\b\w+(?: dot \w+)* at \w+(?: dash \w+)* dot (?:com|net|org|co|io|us)\b", re.I)),
    (ADDRESS, re.compile(r"\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.| dot )(?:com|net|org|io|co\.uk)\b", re.I)),
    (AMOUNT, re.compile(r"[$€£]\s?\d(?:[\d,.]*\d)?(?:\s?(?:k|m|bn|thousand|million|billion)\b)?", re.I)),
    (AMOUNT, re.compile(rf"\b(?:(?:\d[\d,.]*k?|{_NUMBERS})[\s-]+)+(?:{_CURRENCY})\b", re.I)),
    (NUMBER, re.compile(r"(?<![\d:-])(?!\d{4}-\d\d-\d\d\b)\+?\(?\d(?:[\s().-]{0,2}\d){6,}")),
    (NUMBER, re.compile(r"\b\d{5,}\b")),
    (NUMBER, re.compile(rf"\b(?:(?:{_DIGITS}|double|triple)[\s,.-]+){{4,}}(?:{_DIGITS})\b", re.I)),
)
_KEPT = frozenset(
    "I I'm I'll I'd I've OK CRM CEO CFO COO CTO CIO VP HR IT PDF API TV US USA UK EU AM PM B2B SMS FAQ ROI Q1 Q2 Q3 Q4 "
    "Mr Mrs Ms Dr English Internet Excel Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays "
    "Wednesdays Thursdays Fridays Mon Tue Wed Thu Fri Sat Sun January February March April May June July August "
    "September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Christmas Easter".split()
)
_STARTERS = frozenset(
    "Yes Yeah Yep No Nope Oh Ah Um Uh Well So And But Or Okay Ok Right Sure Good Great Fine Thanks Thank Hi Hello Hey "
    "Morning Look Listen Now Then First Second Third Anyway Actually Honestly Maybe Perhaps Sorry Please Today "
    "Tomorrow Yesterday Also Still Again Alright Absolutely Exactly Perfect Nice Wow Hmm Mm Because If When Since "
    "Before After Usually Mostly Basically Obviously Frankly Personally Finally Otherwise However Meanwhile Once "
    "Correct True Congratulations Indeed Totally Definitely Probably Likely Certainly Interesting Understood Fair "
    "Noted".split()
)
_WORD = re.compile(r"[^\W\d_][\w]*(?:['’](?!s\b)\w+|-[^\W\d_]\w*)*")
_SAYS_NAME = re.compile(
    r"\b(?:my name(?:'s| is)|my name’s|name is|speak(?:ing)? (?:to|with)|ask for)\s+([^\W\d_]+)", re.I
)
_GREETED = re.compile(
    r"\b(?:hi|hello|hey|thanks|thank you|morning|afternoon|evening),?\s+([^\W\d_]+)(?=[,.!?]|$)", re.I
)
_NOBODY = re.compile(
    r"(?:left|right|mixed|unknown|rep|prospect|gatekeeper|front desk|(?:speaker|channel|voice)\W*\w*|\W*\d*)$", re.I
)
_COMMON = frozenset(
    "there all everyone everybody again you so very much for the a an and but i it this that is was who whom him her "
    "them me us your my our team sir madam ma'am guys folks then now well yes no what how somebody someone bye goodbye "
    "man both though anyway sure okay ok great cheers could would should can will do does did is are were have has had "
    "may might must shall let they he she his their its here not only just that's it's there's what's we're "
    "you're".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masks:
    """What to mask. ``known`` maps a name to its label; ``kept`` are names that stay (the reps' own)."""

    known: Mapping[str, str]
    kept: frozenset[str] = frozenset()
    found: frozenset[str] = field(default=frozenset())

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return the places to mask, in order and apart from each other, as characters of the text."""
        spans = [(hit.start(), hit.end(), label) for label, pattern in PATTERNS for hit in pattern.finditer(text)]
        spans += _entities(text)
        loose = text == text.lower()
        spans += [
            (hit.start(), hit.end(), label)
            for name, label in self._names()
            for hit in _named(name, loose=loose and name in self.known).finditer(text)
        ]
        kept = [(hit.start(), hit.end()) for name in self.kept for hit in _named(name).finditer(text)]
        return _apart(text, [one for one in spans if not any(a <= one[0] and one[1] <= b for a, b in kept)])

    def mask(self, text: str) -> str:
        """Return the text with every place replaced by its label."""
        for start, end, label in reversed(self.spans(text)):
            text = f"{text[:start]}{label}{text[end:]}"
        return text

    def _names(self) -> list[tuple[str, str]]:
        # The longest first, so that a firm's whole name goes before the surname within it.
        both = {**dict.fromkeys(self.found, NAME), **self.known}
        return sorted(both.items(), key=lambda pair: (-len(pair[0]), pair))


def names_in(text: str, kept: Iterable[str] = (), common: Collection[str] = ()) -> frozenset[str]:
    """Return words that are names by their capital letters, by a greeting, or by an introduction.

    ``common`` are words met in small letters: one of them at a sentence's start is no name.
    """
    left = {part for name in kept for part in name.split()} | _KEPT
    found: set[str] = set()
    words = list(_WORD.finditer(text))
    for at, hit in enumerate(words):
        word = hit[0]
        stem = re.split("['’]", word)[0]
        if not word[0].isupper() or word in left or stem in left or stem.casefold() in _COMMON:
            continue
        starts = at == 0 or bool(re.search(r"[.!?:;…“\"—–-][\s”\"’']*$", text[: hit.start()]))
        if not starts or _name_at_start(text, hit, words[at + 1] if at + 1 < len(words) else None, common):
            found.add(word)
    for pattern in (_SAYS_NAME, _GREETED):
        found |= {hit[1] for hit in pattern.finditer(text) if hit[1].casefold() not in _COMMON and hit[1] not in left}
    return frozenset(one for one in found if len(one) > 1 and one.capitalize() not in _STARTERS)


def _name_at_start(text: str, hit: re.Match[str], after: re.Match[str] | None, common: Collection[str]) -> bool:
    """Whether a sentence's first word is a name: called by it (``Karen, …``), or a second capital follows."""
    if hit[0] in _STARTERS or hit[0].casefold() in _COMMON or hit[0].casefold() in common:
        return False
    if text[hit.end() : hit.end() + 1] == "," and "'" not in hit[0]:
        return True
    joined = after is not None and text[hit.end() : after.start()] == " "
    return joined and after is not None and after[0][0].isupper() and after[0] not in _KEPT


def parts_of(name: str) -> tuple[str, ...]:
    """Return a person's name and those parts of it by which people call each other; nothing for ``left``."""
    if _NOBODY.match(name.strip()):
        return ()
    parts = [part for part in re.split(r"\s+", name.strip()) if len(part.strip(".")) > 1]
    return tuple(dict.fromkeys([name.strip(), *parts])) if name.strip() else ()


def _entities(text: str) -> list[Span]:
    from ci_checker.behaviors.nlp import analyze

    labels = {"MONEY": AMOUNT, "COMPANY": NAME}
    spans: list[Span] = []
    for token in analyze(text).tokens:
        label = labels.get(token.entity)
        if label is None:
            continue
        last = spans[-1] if spans else None
        if last and last[2] == label and not text[last[1] : token.start].strip(" -.,$€£"):
            spans[-1] = (last[0], token.end, label)
        else:
            spans.append((token.start, token.end, label))
    return spans


@lru_cache(maxsize=4096)
def _named(name: str, *, loose: bool = False) -> re.Pattern[str]:
    exact = re.escape(name).replace(r"\ ", r"[\s-]+")
    # A single word keeps its letters' case (the grass is no Mr Green), but where a text has no capitals at all.
    flags = re.I if loose or len(name.split()) > 1 or not name[:1].isupper() else 0
    return re.compile(rf"(?<!\w){exact}(?!\w)", flags)


def _apart(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join what overlaps, and words of one name that stand next to each other."""
    kept: list[Span] = []
    for start, end, label in sorted(spans, key=lambda one: (one[0], -one[1])):
        beside = bool(kept) and label == kept[-1][2] and not text[kept[-1][1] : start].strip(" -")
        if kept and (start < kept[-1][1] or beside):
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]), kept[-1][2])
        elif end > start:
            kept.append((start, end, label))
    return tuple(kept)
