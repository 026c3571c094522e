"""The network in training: Whisper's own forward pass, guided attention, and losses on what can be known."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
whisper = pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import vocabulary  # noqa: E402
from ci_checker.learn.speech.dataset import Batch, collate, silent_window  # noqa: E402
from ci_checker.learn.speech.network import (  # noqa: E402
    GUIDED_HEADS,
    TIME_WEIGHT,
    Network,
    _copying,
    _guidance,
    _read,
    dimensions,
)

WIDTH, FRAMES = 64, 500


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(1)
    made = Network(dimensions(width=WIDTH, encoder=2, decoder=2, heads=4)).eval()
    with torch.no_grad():
        for weight in made.whisper.decoder.parameters():
            weight.add_(0.02 * torch.randn_like(weight))
    return made


def batch(rows: int = 2, tokens: int = 4, frames: int = 100) -> Batch:
    """Rows that want phone 3 everywhere and two pieces between two times."""
    times = vocabulary.load().times
    targets = torch.tensor([times + 5, 40, 41, times + 20]).repeat(rows, 1)[:, :tokens]
    spans = torch.tensor([[5, 8], [5, 10], [10, 18], [18, 21]]).repeat(rows, 1, 1)[:, :tokens]
    inputs = torch.cat([torch.full((rows, 1), 7), targets[:, :-1]], dim=1)
    copies = torch.full((rows, tokens), -1)
    return Batch(torch.randn(rows, 80, 2 * frames), torch.full((rows, frames), 3), inputs, targets, spans, copies)


# --- copying -------------------------------------------------------------------------------------


@torch.no_grad()
def test_copying_heads_read_what_they_say_they_read(network: Network) -> None:
    torch.manual_seed(6)
    _, _, copying = network.decode(torch.randint(0, 2000, (2, 9)), torch.randn(2, FRAMES, WIDTH))
    assert len(copying) == len(network.whisper.decoder.blocks) - 1, "the first layer has heard nothing"
    for logs, written in copying:
        assert written.shape == (2, 9, WIDTH)
        assert logs.shape == (2, 9, 9) and torch.allclose(logs.exp().sum(-1), torch.ones(2, 9), atol=1e-5)
        assert (logs.exp().triu(1) == 0).all(), "nothing that comes later"


@torch.no_grad()
def test_what_a_copying_head_adds_is_its_part_of_the_state(network: Network) -> None:
    torch.manual_seed(6)
    block, x = network.whisper.decoder.blocks[1], torch.randn(1, 5, WIDTH)
    whole, _, written = _read(block, x, network.whisper.decoder.mask)
    assert torch.allclose(whole, block.attn(block.attn_ln(x), mask=network.whisper.decoder.mask)[0], atol=1e-5)
    weight = block.attn.out.weight.clone()
    block.attn.out.weight[:, -WIDTH // 4 :] = 0.0
    without, _, nothing = _read(block, x, network.whisper.decoder.mask)
    block.attn.out.weight.copy_(weight)
    assert torch.allclose(whole - without, written, atol=1e-5) and not nothing.any()


def test_to_copy_costs_nothing_where_heads_look_and_write_right_and_much_elsewhere() -> None:
    copies, targets = torch.tensor([[-1, -1, 0, 1]]), torch.tensor([[5, 5, 1, 2]])
    table = 40.0 * torch.eye(3, 8)
    right = torch.full((1, 4, 4), -30.0)
    right[0, 2, 0] = right[0, 3, 1] = 0.0
    written = torch.zeros(1, 4, 8)
    written[0, 2, 1] = written[0, 3, 2] = 0.5
    heads = [(right, written), (right, written)]
    assert float(_copying(heads, copies, targets, table)) == pytest.approx(0.0, abs=1e-4)
    wrong = right.clone()
    wrong[0, 3, 1] = -30.0
    assert float(_copying([(right, written), (wrong, written)], copies, targets, table)) == pytest.approx(30.0 / 4)
    silent = [(right, torch.zeros(1, 4, 8))] * 2
    assert float(_copying(silent, copies, targets, table)) == pytest.approx(math.log(3))
    assert float(_copying(heads, torch.full((1, 4), -1), targets, table)) == 0.0
    assert float(_copying([], copies, targets, table)) == 0.0, "one layer has no such head"


def test_a_head_learns_to_copy(network: Network) -> None:
    torch.manual_seed(4)
    made = Network(dimensions(width=WIDTH, encoder=1, decoder=2, heads=4))
    words = vocabulary.load()
    told = vocabulary.prompt("Zorba, Quill.")
    said = vocabulary.tokenize((("Quill", 0.1, 0.9),))[0]
    numbers = [words.times + 5, *said.pieces, words.times + 45]
    inputs = torch.tensor([[words.compact(words.before), *told, words.compact(words.start), *numbers]])
    given = 1 + len(told)
    targets = torch.full_like(inputs, -100)
    targets[0, given : given + len(numbers)] = torch.tensor(numbers)
    copies = torch.full_like(inputs, -1)
    prompt = inputs[0, :given].tolist()
    copies[0, given : given + len(numbers)] = torch.tensor(vocabulary.copied(prompt, numbers))
    spans = torch.tensor([1, 0]).repeat(1, inputs.shape[1], 1)
    one = Batch(torch.randn(1, 80, 100), torch.zeros(1, 50, dtype=torch.long), inputs, targets, spans, copies)
    optimizer = torch.optim.Adam(made.parameters(), lr=0.003)
    costs = []
    for _ in range(25):
        losses = made.losses(one, text=True)
        optimizer.zero_grad()
        losses.copy.backward()
        optimizer.step()
        costs.append(float(losses.copy.detach()))
    assert costs[0] > 1.0 and costs[-1] < 0.3 * costs[0]


# --- Whisper's own forward ----------------------------------------------------------------------


@torch.no_grad()
def test_a_whole_window_is_encoded_as_whisper_encodes_it(network: Network) -> None:
    torch.manual_seed(2)
    mel = torch.randn(2, 80, 2 * FRAMES)
    assert torch.allclose(network.encode(mel), network.whisper.encoder(mel), atol=1e-5)


@torch.no_grad()
def test_tokens_are_decoded_as_whisper_decodes_them_but_for_the_row_of_all_others(network: Network) -> None:
    torch.manual_seed(3)
    audio, tokens = torch.randn(2, FRAMES, WIDTH), torch.randint(0, 2000, (2, 9))
    ours, _, _ = network.decode(tokens, audio)
    theirs = network.whisper.decoder(tokens, audio)
    assert torch.allclose(ours[..., :-1], theirs[..., :-1], atol=1e-4)
    shift = (ours - theirs)[..., -1]
    assert torch.allclose(shift, torch.full_like(shift, math.log(vocabulary.load().unused)), atol=1e-4)


@torch.no_grad()
def test_a_short_window_is_encoded_as_the_same_place_of_a_long_one(network: Network) -> None:
    """Without blocks each frame stands for itself, so only the position could differ."""
    blocks = network.whisper.encoder.blocks
    network.whisper.encoder.blocks = torch.nn.ModuleList()
    try:
        mel = torch.randn(1, 80, 2 * FRAMES)
        whole, part = network.encode(mel), network.encode(mel[..., 200:400], offset=100)
        assert torch.allclose(part[:, 2:-2], whole[:, 102:198], atol=1e-5)
        assert not torch.allclose(network.encode(mel[..., 200:400])[:, 2:-2], whole[:, 102:198], atol=1e-2)
    finally:
        network.whisper.encoder.blocks = blocks


@torch.no_grad()
def test_a_later_token_changes_nothing_before_it(network: Network) -> None:
    audio = torch.randn(1, FRAMES, WIDTH)
    first, _, _ = network.decode(torch.tensor([[7, 40, 41, 42]]), audio)
    second, _, _ = network.decode(torch.tensor([[7, 40, 41, 99]]), audio)
    assert torch.allclose(first[:, :3], second[:, :3], atol=1e-5)
    assert not torch.allclose(first[:, 3], second[:, 3], atol=1e-3)


@torch.no_grad()
def test_the_guided_heads_show_their_attention_as_log_shares(network: Network) -> None:
    _, guided, _ = network.decode(torch.tensor([[7, 40, 41]]), torch.randn(1, 50, WIDTH))
    assert len(guided) == 2, "of every layer"
    for logs in guided:
        assert logs.shape == (1, GUIDED_HEADS, 3, 50)
        assert torch.allclose(logs.exp().sum(-1), torch.ones(1, GUIDED_HEADS, 3), atol=1e-5)


def test_a_time_starts_out_as_the_sound_of_its_frame(network: Network) -> None:
    """Before training: each time is nearest to the encoder's position of the same frame."""
    fresh = Network(dimensions(width=WIDTH, encoder=1, decoder=1, heads=4))
    times = vocabulary.load().times
    rows = fresh.whisper.decoder.token_embedding.weight[times : times + FRAMES].detach()
    places = fresh.whisper.encoder.positional_embedding[:FRAMES]
    nearest = (torch.nn.functional.normalize(rows, dim=1) @ torch.nn.functional.normalize(places, dim=1).T).argmax(1)
    assert torch.equal(nearest, torch.arange(FRAMES))


def test_the_table_has_a_row_a_used_token_and_one_for_all_others(network: Network) -> None:
    assert network.whisper.decoder.token_embedding.weight.shape == (len(vocabulary.load().used) + 1, WIDTH)
    assert network.dims.n_vocab == vocabulary.SIZE, "the card tells of whisper's whole vocabulary"
    assert "unused_shift" not in network.state_dict()


# --- losses -------------------------------------------------------------------------------------


def test_in_the_first_stage_only_phones_are_learned(network: Network) -> None:
    network.zero_grad()
    losses = network.losses(batch(), text=False)
    (losses.phone + losses.text + losses.attention).backward()
    assert losses.text.item() == losses.attention.item() == losses.text_accuracy == 0.0
    assert network.whisper.decoder.token_embedding.weight.grad is None
    assert network.whisper.encoder.conv1.weight.grad is not None


def test_the_phone_loss_is_that_of_guessing_until_it_is_known(network: Network) -> None:
    known = batch()
    assert 3.0 < network.losses(known, text=False).phone.item() < 6.0
    bias = network.phone_head.bias
    with torch.no_grad():
        bias[3] += 50.0
    try:
        losses = network.losses(known, text=False)
        assert losses.phone.item() < 1e-3 and losses.phone_accuracy == 1.0
        silent = replace(known, phones=torch.zeros_like(known.phones))
        assert network.losses(silent, text=False).phone_accuracy == 0.0, "silence is no voiced frame"
    finally:
        with torch.no_grad():
            bias[3] -= 50.0


def decoded(network: Network, monkeypatch: pytest.MonkeyPatch, sure_of: torch.Tensor) -> list[torch.Tensor]:
    """Let the decoder be sure of the given tokens; return the inputs that it is given."""
    given: list[torch.Tensor] = []
    size = len(vocabulary.load().used) + 1

    def decode(tokens: torch.Tensor, audio: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor], list[Any]]:
        given.append(tokens)
        logits = 30.0 * torch.nn.functional.one_hot(sure_of, size).float()
        even = torch.full((len(tokens), GUIDED_HEADS, tokens.shape[1], audio.shape[1]), -math.log(audio.shape[1]))
        return logits, [even], []

    monkeypatch.setattr(network, "decode", decode)
    return given


def test_what_is_known_for_sure_costs_nothing(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    known = batch()
    decoded(network, monkeypatch, known.targets)
    losses = network.losses(known, text=True)
    assert losses.text.item() < 1e-4 and losses.text_accuracy == 1.0


def test_a_wrong_time_costs_less_than_a_wrong_piece(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    known = batch(rows=1)
    found = []
    for place in (0, 1):
        sure = known.targets.clone()
        sure[0, place] = 60
        decoded(network, monkeypatch, sure)
        found.append(network.losses(known, text=True))
    assert float(found[0].text / found[1].text) == pytest.approx(TIME_WEIGHT, rel=0.01)
    assert found[0].text_accuracy == 1.0 and found[1].text_accuracy == 0.5, "times are no words"


def test_places_where_nothing_is_to_be_learned_cost_nothing(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    known = batch(rows=1)
    empty = replace(known, targets=known.targets.masked_fill(torch.tensor([[False, False, True, True]]), -100))
    sure = known.targets.clone()
    sure[0, 2:] = 60
    decoded(network, monkeypatch, sure)
    assert network.losses(empty, text=True).text.item() < 1e-4
    assert network.losses(known, text=True).text.item() > 1.0


def test_times_move_with_the_window_and_words_do_not(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    times, known = vocabulary.load().times, batch(rows=1)
    moved = known.targets.clone()
    moved[0, 0] += 100
    moved[0, 3] += 100
    given = decoded(network, monkeypatch, moved)
    losses = network.losses(known, text=True, offset=100)
    assert losses.text.item() < 1e-4
    assert given[0].tolist() == [[7, times + 105, 40, 41]]


def test_no_time_moves_beyond_the_window(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    times, late = vocabulary.load().times, batch(rows=1)
    late = replace(late, inputs=torch.tensor([[7, times + 450, 40, 41]]))
    given = decoded(network, monkeypatch, late.targets)
    network.losses(late, text=True, offset=400)
    assert int(given[0][0, 1]) == times + vocabulary.TIMES - 1


# --- guided attention ---------------------------------------------------------------------------


def looking_at(first: int, last: int, frames: int = 20) -> torch.Tensor:
    """Log attention of one head and token that looks evenly at some frames."""
    shares = torch.full((frames,), 1e-9)
    shares[first : last + 1] = 1 / (last - first + 1)
    return shares.log().reshape(1, 1, 1, frames)


def test_looking_evenly_at_the_frames_of_a_token_costs_nothing() -> None:
    spans = torch.tensor([[[4, 7]]])
    assert float(_guidance(looking_at(4, 7), spans)) == pytest.approx(0.0, abs=1e-5)


def test_looking_elsewhere_or_too_widely_costs() -> None:
    spans = torch.tensor([[[4, 7]]])
    wide, away = float(_guidance(looking_at(0, 19), spans)), float(_guidance(looking_at(10, 13), spans))
    assert wide == pytest.approx(math.log(20 / 4), abs=1e-4)
    assert away > 10 > wide > 0


def test_a_token_that_is_heard_nowhere_guides_nobody() -> None:
    spans = torch.tensor([[[1, 0], [4, 7]]])
    both = torch.cat([looking_at(0, 19), looking_at(4, 7)], dim=2)
    assert float(_guidance(both, spans)) == pytest.approx(0.0, abs=1e-5)
    assert float(_guidance(looking_at(0, 19), torch.tensor([[[1, 0]]]))) == 0.0


def test_a_silent_window_can_be_learned_from(network: Network) -> None:
    losses = network.losses(collate([silent_window(Random(1))], Random(1)), text=True)
    assert all(torch.isfinite(loss) for loss in (losses.phone, losses.text, losses.attention))
    assert losses.phone_accuracy == 0.0
