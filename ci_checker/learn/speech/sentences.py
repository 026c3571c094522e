"""Texts to speak: conversational sales-call sentences, and word salad.

Sentences come from a grammar of templates whose ``{slots}`` are filled at random; numbers are
always words. Salad strings frequent English words together without sense, so that the decoder
learns to hear instead of guessing the likely next word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Final

from ci_checker.learn.speech.lexicon import SLOTS, TEMPLATES, WORDS

_SLOT: Final = re.compile(r"\{(\w+)\}")
_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS: Final = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
    "twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
    "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()


def number(value: int) -> str:
    """``value`` (0 to 999,999,999) in American words: ``forty-two``, ``nine hundred``."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        ones = value % 10
        return _TENS[value // 10] + (f"-{_ONES[ones]}" if ones else "")
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            return f"{number(value // size)} {name}" + (f" {number(rest)}" if rest else "")
    raise AssertionError(value)


def sentences(random: Random) -> Iterator[str]:
    """Endless sales-call utterances of one to three sentences."""
    while True:
        yield " ".join(sentence(random) for _ in range(random.choice((1, 1, 1, 1, 2, 2, 3))))


def sentence(random: Random) -> str:
    """One sentence from the grammar, capitalized."""
    text = expand(random.choice(TEMPLATES), random)
    if random.random() < 0.12:
        text = f"{random.choice(SLOTS['filler'])}, {text if _keeps_case(text) else _lower(text)}"
    return text[0].upper() + text[1:]


def expand(template: str, random: Random) -> str:
    """Fill every ``{slot}`` of ``template``, also those that the fillings bring along."""
    while match := _SLOT.search(template):
        name = match.group(1)
        filled = _number_slot(name, random) or random.choice(SLOTS[name])
        template = template[: match.start()] + filled + template[match.end() :]
    return template


def _number_slot(name: str, random: Random) -> str | None:
    if name == "small":
        return number(random.randint(2, 12))
    if name == "n":
        return number(random.choice((random.randint(2, 99), random.randint(2, 40), 5 * random.randint(1, 20))))
    if name == "big":
        return number(random.choice((100, 1000, 1000, 10_000)) * random.randint(1, 19))
    if name == "odd":
        return number(random.randint(100, 9999))
    if name == "ordinal":
        return random.choice(_ORDINALS)
    if name == "digits":
        return " ".join(_ONES[random.randint(0, 9)] for _ in range(random.choice((3, 4, 7))))
    return None


def _keeps_case(text: str) -> bool:
    first = text.split()[0].strip(".,?!")
    return first == "I" or first.startswith("I'") or first in _PROPER


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


_PROPER: Final = frozenset(
    word
    for slot in ("first", "last", "before", "after", "trade", "company", "day", "month", "city", "tool")
    for filling in SLOTS[slot]
    for word in filling.split()
)


def salad(random: Random, words: list[str], weights: list[float]) -> Iterator[str]:
    """Endless strings of 3 to 10 ``words`` drawn by cumulative ``weights``, with punctuation."""
    while True:
        chosen = random.choices(words, cum_weights=weights, k=random.randint(3, 10))
        chosen = [_dressed(word, random) for word in chosen]
        if len(chosen) > 5 and random.random() < 0.4:
            chosen[random.randint(1, len(chosen) - 3)] += ","
        text = " ".join(chosen) + random.choice((".", ".", ".", "?", "!"))
        yield text[0].upper() + text[1:]


def mixed(random: Random, words: list[str], weights: list[float], phrases: Sequence[Sequence[str]]) -> Iterator[str]:
    """Endless strings of 5 to 20 words that were never said together: runs of two to five words out of
    ``phrases``, trade words, names, and ``words`` drawn by cumulative ``weights``.

    Runs keep how words flow into each other; what follows a run cannot be guessed and has to be heard.
    """
    while True:
        chosen: list[str] = []
        wanted = random.randint(5, 20)
        while len(chosen) < wanted:
            kind = random.random()
            if kind < 0.4:
                phrase = random.choice(phrases)
                size = random.randint(2, 5)
                start = random.randint(0, max(0, len(phrase) - size))
                run = " ".join(phrase[start : start + size])
                chosen += (run if start or _keeps_case(run) else _lower(run)).split()
            elif kind < 0.65:
                chosen += random.choices(WORDS, k=random.randint(1, 3))
            elif kind < 0.8:
                chosen += expand(random.choice(_NAMED), random).split()
            else:
                drawn = random.choices(words, cum_weights=weights, k=random.randint(1, 3))
                chosen += [_dressed(word, random) for word in drawn]
            if random.random() < 0.15:
                chosen[-1] = chosen[-1].rstrip(",.?!") + ","
        text = " ".join(chosen[:wanted]).rstrip(",.?!") + random.choice((".", ".", ".", "?"))
        yield text[0].upper() + text[1:]


def named(random: Random, words: list[str], phrases: Sequence[Sequence[str]]) -> Iterator[str]:
    """Endless strings of names that nobody has heard before and runs of two to five words out of ``phrases``.

    Half of the names are made up of syllables, half are uncommon ``words``.
    """
    while True:
        chosen: list[str] = []
        for _ in range(random.randint(1, 3)):
            phrase = random.choice(phrases)
            size = random.randint(2, 5)
            start = random.randint(0, max(0, len(phrase) - size))
            run = " ".join(phrase[start : start + size]).rstrip(",.?!")
            name = re.sub(r"\{\w+\}", lambda _: strange_name(random, words), random.choice(_NAMED[:7]))
            chosen += (run if _keeps_case(run) else _lower(run)).split() + name.rstrip(",").split()
            if random.random() < 0.15:
                chosen[-1] += "'s"
            elif random.random() < 0.15:
                chosen[-1] += ","
        text = " ".join(chosen).rstrip(",") + random.choice((".", ".", ".", "?"))
        yield text[0].upper() + text[1:]


_ONSETS: Final = (
    "b bl br c ch cl cr d dr f fl fr g gl gr h j k kl l m n p pl pr qu r s sh sk st str t th tr v w z".split()
)
_NUCLEI: Final = "a a a e e i i o o u ai ea ee ie oa oo ou y".split()
_CODAS: Final = ["", "", "", *"b ck d l ll m n nd ng r rn rt s sh st t th x".split()]
_ENDINGS: Final = "a ia ina o io us ix er on en ton ford berg base ly wick well man son ford vale stone".split()


def strange_name(random: Random, words: list[str]) -> str:
    """A capitalized name of two or three syllables, or one of ``words``."""
    if random.random() < 0.5:
        return random.choice(words).capitalize()
    count = random.choice((1, 1, 2))
    body = "".join(random.choice(_ONSETS) + random.choice(_NUCLEI) for _ in range(count))
    return (body + random.choice(_CODAS) + random.choice(_ENDINGS)).capitalize()


_NAMED: Final = (
    "{first}",
    "{first}",
    "{first} {last}",
    "{first} from {company}",
    "{first} {last} with {company}",
    "{first} {last} from {company}",
    "{company}",
    "thank you {first}, goodbye",
    "{count} {people}",
    "{time}",
    "{money}",
    "{when}",
)


def _dressed(word: str, random: Random) -> str:
    """A word as people write it: ``I``, names and acronyms with capitals."""
    if word == "i" or word.startswith("i'"):
        return "I" + word[1:]
    return word


def vocabulary(size: int, skipped: int = 0) -> tuple[list[str], list[float]]:
    """After the first ``skipped``, the ``size`` most frequent speakable English words, with cumulative weights.

    Weights are frequencies to the power 0.35, so that rare words come often enough to be learned.
    Needs ``wordfreq``, which only training installs.
    """
    import wordfreq

    words, weights, total = [], [], 0.0
    for word in wordfreq.top_n_list("en", (skipped + size) * 2):
        if not re.fullmatch(r"[a-z]+('[a-z]+)?", word) or (len(word) == 1 and word not in "ai"):
            continue
        if len(word) <= 3 and wordfreq.zipf_frequency(word, "en") < 4.6:
            continue
        if not re.search(r"[aeiouy]", word) or word in _UNSPEAKABLE:
            continue
        if skipped:
            skipped -= 1
            continue
        total += wordfreq.word_frequency(word, "en") ** 0.35
        words.append(word)
        weights.append(total)
        if len(words) == size:
            break
    return words, weights


_UNSPEAKABLE: Final = frozenset(
    "ii iii iv vi vii viii ix xi xii xiii xiv xv xx de la le el et al ca etc inc eg ie vs uk eu "
    "usa ny fuck fucking shit bitch ass porn nigga dick cock pussy cum sex sexual sexy rape".split()
)


def spoken_form(text: str) -> str:
    """``text`` with digits in words and only the punctuation that the checkpoint writes."""
    text = unicodedata.normalize("NFKD", text.replace("\u00f8", "o").replace("\u00df", "ss"))
    text = re.sub("[\u0300-\u036f]", "", text)
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u2026", "...")
    text = re.sub(rf"\$({_FIGURE}(?:\.\d+)?)(\s*(?:million|billion|thousand))?", _dollars, text)
    text = re.sub(r"\bQ([1-4])\b", lambda match: f"Q {_ONES[int(match[1])]}", text)
    text = re.sub(rf"({_FIGURE}(?:\.\d+)?)%", lambda match: f"{_decimal(match[1])} percent", text)
    text = re.sub(r"\b(\d{1,2}):(\d\d)\b", _clock, text)
    text = re.sub(rf"\b{_FIGURE}\.\d+", lambda match: _decimal(match[0]), text)
    text = re.sub(r"\b(?<!,)(19|20)(\d\d)\b(?!,\d{3})", lambda match: _year(match[1], match[2]), text)
    text = re.sub(rf"\b({_FIGURE})(?:st|nd|rd|th)\b", _ordinal, text)
    text = re.sub(_FIGURE, lambda match: _integer(match[0]), text)
    text = re.sub(r"\s*(?:\u2014|\u2013| -- | - )\s*", ", ", text)
    text = text.replace("...", ",").replace(";", ",").replace(":", ",").replace("&", " and ")
    text = re.sub(r"[^A-Za-z'\-.,?! ]", " ", text)
    text = re.sub(r"\s+", " ", text).strip(" ,-")
    text = re.sub(r"(?<![A-Za-z])[-']+(?![A-Za-z])", " ", text)
    text = re.sub(r"\s+([.,?!])", r"\1", re.sub(r"\s+", " ", text))
    return re.sub(r",+([.?!,])", r"\1", text).strip(" ,-")


_FIGURE: Final = r"\d+(?:,\d{3})*"
"""A number in digits; a comma that groups none belongs to the sentence."""


def _decimal(figure: str) -> str:
    whole, _, rest = figure.partition(".")
    return " ".join([_integer(whole), *(["point"] if rest else []), *(_ONES[int(digit)] for digit in rest)])


def _integer(digits: str) -> str:
    value = int(digits.replace(",", ""))
    return number(value) if value < 10**9 else " ".join(_ONES[int(digit)] for digit in str(value))


def _dollars(match: re.Match[str]) -> str:
    return f"{_decimal(match[1])}{match[2] or ''} dollar{'s' if match[0] != '$1' else ''}"


def _clock(match: re.Match[str]) -> str:
    minutes = int(match[2])
    return number(int(match[1])) + (f" {'oh ' if minutes < 10 else ''}{number(minutes)}" if minutes else "")


def _year(century: str, rest: str) -> str:
    if century == "20" and int(rest) < 10:
        return number(2000 + int(rest))
    return f"{number(int(century))} {number(int(rest)) if int(rest) else 'hundred'}"


def _ordinal(match: re.Match[str]) -> str:
    """The last word of the number in its ordinal form: ``one hundred thirty-second``, ``fortieth``."""
    spoken = _integer(match[1])
    head, mark, last = re.fullmatch(r"(?:(.*)([ -]))?(\w+)", spoken).groups("")  # type: ignore[union-attr]
    if last in _ONES[1:]:
        last = _ORDINALS[_ONES.index(last) - 1]
    else:
        last = f"{last.removesuffix('y')}ieth" if last.endswith("y") else f"{last}th"
    return f"{head}{mark}{last}"


def same_words(text: str) -> str:
    """``text`` as a key for comparing sentences: letters only, lower case."""
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def split_sentences(text: str) -> list[str]:
    """The sentences of ``text``, each with its closing punctuation."""
    return [part for part in re.split(r"(?<=[.?!])\s+", text.strip()) if part]


def without(texts: Iterable[str], held_out: frozenset[str]) -> Iterator[str]:
    """``texts`` minus every sentence of five or more words whose key is in ``held_out``."""
    for text in texts:
        kept = [
            part
            for part in split_sentences(text)
            if len(same_words(part).split()) < 5 or same_words(part) not in held_out
        ]
        if kept:
            yield " ".join(kept)
