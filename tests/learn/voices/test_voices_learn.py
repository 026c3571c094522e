"""Making and measuring the speaker model: who speaks, what is counted, what comes out."""

from __future__ import annotations

import numpy as np
import pytest

from ci_checker.learn.voices import cast, fit, lines, measure, stage
from ci_checker.learn.voices.measure import Recognition, Told, best_match, measured, pairs, table
from ci_checker.learn.voices.takes import Take, sentences, takes
from ci_checker.model import Call, Source, Turn, Word
from ci_checker.speakers.sound import CEPSTRA, Frames
from ci_checker.speakers.voices import SIZE, VoiceModel, load_model


@pytest.fixture(scope="module", autouse=True)
def synthesizers():
    from ci_checker.learn.speech.voices import available

    for engine in ("espeak", "flite"):
        if not available(engine):
            pytest.skip(f"the synthesizer {engine} is not installed")


def test_nobody_who_is_measured_was_fitted_on():
    def variants(people):
        return {person.voice.voice.partition("+")[2].casefold() for person in people if "+" in person.voice.voice}

    assert not variants(cast.fitted()) & variants(cast.held_out())
    assert all(person.voice.engine == "espeak" and "+" in person.voice.voice for person in cast.fitted())
    assert {p.voice.voice for p in cast.held_out() if p.voice.engine == "flite"} == {"slt", "rms", "awb", "kal16"}
    names = [person.name for person in (*cast.fitted(), *cast.held_out())]
    assert len(set(names)) == len(names) and cast.fitted() == cast.fitted()


def test_a_longer_tract_lengthens_neither_text_nor_order():
    person = cast.fitted()[0]
    audio, words = cast.say(person, "Hi Karen, this is Luke.")
    assert [word for word, _, _ in words] == "Hi Karen, this is Luke.".split()
    assert words[-1][2] <= len(audio) / 16_000 + 0.05
    starts = [start for _, start, _ in words]
    assert starts == sorted(starts)


def test_a_telephone_keeps_its_band_only():
    time = np.arange(16_000) / 16_000
    for hertz, passes in ((100, False), (1000, True), (3000, True), (5000, False)):
        tone = (0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)
        assert bool(np.abs(lines.telephone(tone)[4000:12000]).max() > 0.3) is passes
    assert np.abs(lines.leveled(np.full(100, 0.9, np.float32))).max() <= 0.95 + 1e-6


def test_a_staged_call_knows_whose_every_word_is():
    people = cast.held_out()[:2]
    made = stage.staged(people, ("We call around when a truck is late.",), "telephone", turns=6, seed=2)
    assert len(made.owners) == len(made.words) and set(made.owners) == {person.name for person in people}
    starts = [word.start_s for word in made.words]
    assert starts == sorted(starts) and made.words[-1].end_s <= len(made.samples) / 16_000
    again = stage.staged(people, ("We call around when a truck is late.",), "telephone", turns=6, seed=2)
    assert again.owners == made.owners


def told_call(*said: tuple[str, str]) -> Call:
    turns = tuple(
        Turn(speaker=who, text=text, words=tuple(Word(text=w, start_s=0.0, end_s=1.0) for w in text.split()))
        for who, text in said
    )
    return Call(path="x", sha256="0" * 64, source=Source.AUDIO, turns=turns)


def test_errors_are_counted_under_the_best_naming():
    call = told_call(("voice 1", "a b c"), ("voice 2", "d"), ("unknown", "e"), ("voice 2", "f"))
    result = measured("x", "clean", call, ["B", "B", "A", "A", "A", "A"])
    assert (result.seconds, result.wrong_s, result.nobody_s, result.mixed) == (6, 1, 1, False)
    assert result.error == pytest.approx(2 / 6)
    mixed = measured("x", "clean", told_call(("mixed", "a b")), ["A", "B"])
    assert mixed.mixed and mixed.error == 1.0


def test_one_voice_is_one_person():
    said = [("1", "A", 5.0), ("2", "A", 4.0), ("2", "B", 1.0)]
    assert best_match(said) == 6.0
    assert best_match([("1", "A", 2.0), ("2", "A", 1.0)]) == 2.0
    assert best_match([("mixed", "A", 2.0)]) == 0.0


def test_pairs_are_the_same_every_time_and_of_two():
    people = cast.held_out()
    assert pairs(people, 12) == pairs(people, 12) and all(one != other for one, other in pairs(people, 12))


def synthetic_takes(people: int = 12, seed: int = 0) -> list[Take]:
    """Frames of people who differ in their mean spectrum and pitch; no speech."""
    random = np.random.default_rng(seed)
    made = []
    for person in range(people):
        center, pitch = random.normal(0, 2, CEPSTRA), random.normal(5.0, 0.3)
        for line in (0, 1):
            count = 1000
            frames = Frames(
                cepstra=(center + random.normal(0, 1, (count, CEPSTRA))).astype(np.float32),
                pitch=np.full(count, pitch, np.float32) + random.normal(0, 0.05, count).astype(np.float32),
                voicing=random.uniform(0.3, 1.0, count).astype(np.float32),
                level=np.full(count, -20, np.float32),
            )
            made.append(Take(person=f"p{person}", line=line, frames=frames))
    return made


def test_the_fit_sets_windows_of_one_voice_to_a_spread_of_one_and_tells_people(tmp_path):
    made = synthetic_takes()
    arrays = fit.fit(made, 8)
    assert arrays["projection"].shape == (SIZE, 8) and (arrays["between"] > 0).all() and (arrays["session"] > 0).all()
    fit.write(arrays, tmp_path)
    first = (tmp_path / "voices.npz").read_bytes()
    assert fit.write(arrays, tmp_path).read_bytes() == first
    model = load_model(tmp_path)
    points = {(take.person, take.line): model.place(fit.windows(take)) for take in made}
    spread = np.mean([each.std(axis=0).mean() for each in points.values()])
    assert 0.5 < spread < 1.3
    found = measure.recognition(made, model)
    assert found.wrong == 0 and found.found > 0.7 * found.present and found.false <= 0.1 * found.absent


def test_takes_are_heard_twice_a_person():
    made = list(takes(cast.held_out()[:1], ["Most of our customers moved out that way."], seconds=3.0))
    assert [take.line for take in made] == [0, 1] and all(len(take.frames) > 100 for take in made)


def test_sentences_are_what_is_said(tmp_path):
    (tmp_path / "a.txt").write_text(
        "## a-1 | cold\nR[recap]: so you want the vans off the road\nP: yes\nX: no line of a talk at all\n"
    )
    assert sentences(tmp_path) == ["so you want the vans off the road"]


def test_the_table_says_what_was_measured():
    told = [
        Told(name="a", line="clean", voices=2, seconds=10, wrong_s=1, nobody_s=0.5, mixed=False),
        Told(name="b", line="telephone", voices=2, seconds=10, wrong_s=0, nobody_s=10, mixed=True),
    ]
    found = table(told, told[:1], Recognition(present=4, found=3, wrong=0, absent=2, false=1))
    assert "| clean | 1 | 15.0% | 10.0% | 5.0% | 0 |" in found and "| all | 2 | 57.5% |" in found
    assert "1 of 1 taken for two" in found and "3 of 4 calls" in found and "1 of 2 calls" in found


def test_the_shipped_model_is_of_this_code():
    model = load_model()
    assert isinstance(model, VoiceModel) and model.projection.shape == (SIZE, fit.DIRECTIONS)
