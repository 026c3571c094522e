"""A sentence being read: what one reader has understood is blanked out for the next."""

from __future__ import annotations

import re
from collections.abc import Callable

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "twenty-five": 25, "thirty": 30, "forty": 40, "fifty": 50, "a dozen": 12,
}  # fmt: skip
NUMBER = r"(?:\d+|" + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)) + r")"


def number(text: str) -> int:
    """Return the value of digits or of a number word."""
    return NUMBER_WORDS[text] if text in NUMBER_WORDS else int(text)


class Scan:
    """The lower-case sentence, in which understood stretches are replaced by blanks."""

    __slots__ = ("text",)

    def __init__(self, sentence: str) -> None:
        flat = sentence.lower().replace("–", "-").replace("—", "-").replace("’", "'")
        flat = re.sub(r"\be-mail", "email", flat)
        flat = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", flat)
        self.text = f" {' '.join(flat.split())} "

    def find(self, pattern: str) -> re.Match[str] | None:
        """Return the first match without taking it."""
        return re.search(pattern, self.text)

    def take(self, pattern: str, accept: Callable[[re.Match[str]], bool] | None = None) -> re.Match[str] | None:
        """Return the first accepted match and blank it out."""
        for match in re.finditer(pattern, self.text):
            if accept is None or accept(match):
                self.blank(match.start(), match.end())
                return match
        return None

    def blank(self, start: int, end: int) -> None:
        """Blank out one stretch; a bar keeps what stood on its two sides apart."""
        self.text = self.text[:start] + "|" * (end - start) + self.text[end:]
