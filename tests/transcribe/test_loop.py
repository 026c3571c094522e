"""The loop writes the very tokens of ``whisper.decode``, whatever the model, the rules and the batch."""

from __future__ import annotations

import math

import pytest
import torch
import whisper
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import get_tokenizer

from ci_checker.errors import MissingError
from ci_checker.transcribe.checkpoint import load_whisper
from ci_checker.transcribe.loop import write
from ci_checker.transcribe.models import resolve
from ci_checker.transcribe.network import Network
from ci_checker.transcribe.rules import Rules

SIZES = {  # seed, layers, width, heads, audio frames, text places, vocabulary
    "narrow": (7, 2, 32, 2, 250, 24, 51864),
    "one layer": (1, 1, 64, 4, 60, 32, 51864),
    "multilingual": (3, 2, 48, 3, 100, 28, 51865),
}
PROMPT = " Karen Walsh of Silver Creek Plumbing, Luke Porter of Bright Harbor. " * 2
WINDOWS = 5


def random_whisper(size: tuple[int, ...], ending: float) -> Whisper:
    """Random weights; ``ending`` makes the end of text likelier, so that rows end one after the other."""
    seed, layers, width, heads, frames, places, vocabulary = size
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Whisper(ModelDimensions(80, frames, width, heads, layers, vocabulary, places, width, heads, layers))
        for parameter in model.parameters():
            if parameter.ndim > 1:
                torch.nn.init.normal_(parameter, std=2.0 / math.sqrt(parameter.shape[-1]))
        end = get_tokenizer(model.is_multilingual).eot
        model.decoder.token_embedding.weight.data[end] *= ending
    return model.eval().requires_grad_(False)


def tokenizer_of(model: Whisper):
    return get_tokenizer(model.is_multilingual, num_languages=model.num_languages, language="en", task="transcribe")


def encoded(model: Whisper, count: int = WINDOWS) -> torch.Tensor:
    mel = torch.randn(count, model.dims.n_mels, 2 * model.dims.n_audio_ctx, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        return torch.cat([model.encoder(one[None]) for one in mel])


def laid_out(network: Network, features: torch.Tensor, rows: int):
    cross = network.cross(rows)
    for slot, one in enumerate(features):
        network.keep(cross, slot, one)
    return cross


@pytest.fixture(scope="module", params=[(name, ending) for name in SIZES for ending in (1.0, 4.0)], ids=str)
def both(request):
    name, ending = request.param
    model = random_whisper(SIZES[name], ending)
    return model, Network(model), encoded(model), tokenizer_of(model)


def same(theirs, ours) -> None:
    assert [one.tokens for one in theirs] == [one.tokens for one in ours]
    for one, two in zip(theirs, ours, strict=True):
        assert two.avg_logprob == pytest.approx(one.avg_logprob, rel=1e-3, abs=1e-4)
        assert two.no_speech == pytest.approx(one.no_speech_prob, rel=1e-3, abs=1e-7)
        assert len(two.chances) == len(two.tokens) and all(0 <= chance <= 1 for chance in two.chances)


@pytest.mark.parametrize("without", [False, True])
@pytest.mark.parametrize(("prompt", "latest"), [("", 1.0), (PROMPT, None)])
def test_greedy_tokens_are_whispers_own(both, without, prompt, latest):
    model, network, features, tokenizer = both
    told = tokenizer.encode(prompt) if prompt else []
    options = whisper.DecodingOptions(
        language="en", without_timestamps=without, prompt=told or None, max_initial_timestamp=latest, fp16=False
    )
    rules = Rules(tokenizer, model.dims, without_timestamps=without, prompt=told, max_initial_timestamp=latest)
    ours = write(network, laid_out(network, features, WINDOWS + 2), range(WINDOWS), rules)
    same(whisper.decode(model, features, options), ours)


def test_rows_end_one_after_the_other_in_these_tests(both):
    model, network, features, tokenizer = both
    rows = write(network, laid_out(network, features, WINDOWS), range(WINDOWS), Rules(tokenizer, model.dims))
    lengths = {len(row.tokens) for row in rows}
    assert len({tuple(row.tokens) for row in rows}) > 1
    assert all(length <= model.dims.n_text_ctx // 2 for length in lengths)


def test_a_drawn_token_is_whispers_own_for_the_same_seed(both):
    model, network, features, tokenizer = both
    cross = laid_out(network, features, WINDOWS)
    rules = Rules(tokenizer, model.dims)
    ours = write(network, cross, range(WINDOWS), rules, temperature=0.7, seed=5)
    for row in (0, 3):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(5)
            options = whisper.DecodingOptions(language="en", temperature=0.7, fp16=False)
            theirs = whisper.decode(model, features[row : row + 1], options)
        same(theirs, [ours[row]])


def test_some_windows_are_looked_at_again_after_the_others_were_dropped(both):
    model, network, features, tokenizer = both
    cross = laid_out(network, features, WINDOWS)
    rules = Rules(tokenizer, model.dims)
    first = write(network, cross, range(WINDOWS), rules)
    again = write(network, cross, [4, 1, 3], rules)
    assert [row.tokens for row in again] == [first[window].tokens for window in (4, 1, 3)]


def test_every_window_ends_where_it_is_told_to(both):
    model, network, features, tokenizer = both
    lengths = [3, 9, 1, 7, 11]
    rules = Rules(tokenizer, model.dims)
    rows = write(network, laid_out(network, features, WINDOWS), range(WINDOWS), rules, lengths=lengths)
    assert [len(row.tokens) for row in rows] == lengths


def test_the_encoder_and_the_states_are_whispers_own(both):
    model, network, features, tokenizer = both
    mel = torch.randn(80, 2 * model.dims.n_audio_ctx, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        assert torch.allclose(network.encode(mel), model.encoder(mel[None])[0], rtol=1e-4, atol=1e-5)
        tokens = torch.tensor([[tokenizer.sot, 500, 1000, 7]])
        states = network.read(tokens, laid_out(network, features[:1], 1), slice(0, 1), 0)
        theirs = model.logits(tokens, features[:1])[0]
        assert torch.allclose(network.logits(states[0]), theirs, rtol=1e-3, atol=1e-3)


def test_chances_are_those_among_words(both):
    """Whisper's own word probabilities: a softmax over the words alone, with no rule applied."""
    model, network, features, tokenizer = both
    rules = Rules(tokenizer, model.dims, without_timestamps=True)
    (row,) = write(network, laid_out(network, features[:1], 1), [0], rules)
    if not row.tokens:
        pytest.skip("this model says nothing")
    with torch.no_grad():
        logits = model.logits(torch.tensor([[*rules.initial, *row.tokens]]), features[:1])[0]
    among = logits[len(rules.initial) - 1 : -1, : tokenizer.eot].softmax(dim=-1)
    wanted = [float(among[place, token]) for place, token in enumerate(row.tokens) if token < tokenizer.eot]
    found = [chance for token, chance in zip(row.tokens, row.chances, strict=True) if token < tokenizer.eot]
    assert found[1:] == pytest.approx(wanted[1:], rel=1e-3, abs=1e-7)


def test_the_model_that_it_was_laid_out_from_is_unchanged():
    model = random_whisper(SIZES["narrow"], 1.0)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    for precision in ("float32", "bfloat16", "int8"):
        Network(model, precision)
    assert all(torch.equal(value, model.state_dict()[key]) for key, value in before.items())
    assert all(value.dtype == before[key].dtype for key, value in model.state_dict().items())


@pytest.mark.parametrize("precision", ["int8", "bfloat16"])
def test_fewer_bits_stay_near(precision):
    model = random_whisper(SIZES["one layer"], 1.0)
    network = Network(model, precision)
    features = encoded(model, 2)
    with torch.no_grad():
        states = network.read(
            torch.tensor([[50257, 500]] * 2),
            laid_out(network, features.to(network.dtype), 2),
            slice(0, 2),
            0,
        )
        near = network.logits(states[:, -1])
        exact = model.logits(torch.tensor([[50257, 500]] * 2), features)[:, -1]
    assert near.dtype == torch.float32
    assert torch.nn.functional.cosine_similarity(near, exact).min() > 0.99


@pytest.mark.parametrize("without", [False, True])
def test_the_shipped_checkpoint_says_what_whisper_says_of_it(without):
    try:
        file = resolve("synthetic")
    except MissingError as problem:
        pytest.skip(f"the shipped model is not here: {problem}")
    import numpy as np

    from ci_checker import assets
    from ci_checker.intake import audio
    from ci_checker.transcribe.spans import Span
    from ci_checker.transcribe.windows import audio_of, pack

    model = load_whisper(file)
    path = next((assets.fixtures_root() / "team" / "recordings").rglob("*.flac"))
    samples = audio.load(path)[0]
    windows = [pack(0, [Span(start, start + 9.0)], 10.0, 60.0)[0] for start in (0.5, 10.0, 21.0)]
    mels = [whisper.log_mel_spectrogram(np.ascontiguousarray(audio_of(window, samples, 160_000))) for window in windows]
    network = Network(model)
    with torch.no_grad():
        features = torch.stack([network.encode(mel) for mel in mels])
    options = whisper.DecodingOptions(language="en", without_timestamps=without, max_initial_timestamp=None, fp16=False)
    rules = Rules(tokenizer_of(model), model.dims, without_timestamps=without, max_initial_timestamp=None)
    ours = write(network, laid_out(network, features, 4), range(3), rules)
    same(whisper.decode(model, features, options), ours)
    assert any(row.tokens for row in ours)
