"""Names inside captions: at the head of a line (``Ann: …``) or on a line of their own."""

from __future__ import annotations

from ci_checker.intake.text import clean, counted
from ci_checker.intake.transcripts.base import Cue
from ci_checker.intake.transcripts.blocks import Block
from ci_checker.intake.transcripts.labels import accepted, looks_like_name, split


def named_cues(found: list[Block]) -> tuple[list[Cue], list[str]]:
    """Return the captions with their speakers.

    A caption without a name goes on with the speaker before it, as captions
    do that name a voice only when it changes; how many is said in a note.
    """
    cleaned = [[line for raw in block.lines if (line := clean(raw))] for block in found]
    labels = accepted(line for lines in cleaned for line in lines)
    headed = not labels and _headed(cleaned)
    cues: list[Cue] = []
    speaker: str | None = None
    carried = 0
    for block, lines in zip(found, cleaned, strict=True):
        parts: list[tuple[str | None, list[str]]] = []
        for index, line in enumerate(lines):
            label = split(line)
            if label and label[0] in labels:
                parts.append((label[0], [label[1]]))
            elif headed and index == 0:
                parts.append((line, []))
            elif parts:
                parts[-1][1].append(line)
            else:
                carried += speaker is not None
                parts.append((speaker, [line]))
        for name, said in parts:
            speaker = name
            cues.append(Cue(speaker=name, text=" ".join(said), start_s=block.start_s, end_s=block.end_s))
    notes = [f"{counted(carried, 'caption')} without a name, given to the speaker before."] if carried else []
    return cues, notes


def _headed(cleaned: list[list[str]]) -> bool:
    """Return whether every caption opens with a line that is a name and nothing else."""
    lines = [block for block in cleaned if block]
    return bool(lines) and all(len(block) > 1 and looks_like_name(block[0]) and ":" not in block[0] for block in lines)
