"""The network in training and the exported Whisper are the same function."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
whisper = pytest.importorskip("whisper", reason="training needs openai-whisper")

from ci_checker.learn.speech import evaluate, export, vocabulary  # noqa: E402
from ci_checker.learn.speech.dataset import collate, silent_window  # noqa: E402
from ci_checker.learn.speech.muon import Muon, orthogonal  # noqa: E402
from ci_checker.learn.speech.network import GUIDED_HEADS, Network, dimensions  # noqa: E402


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(1)
    return Network(dimensions(width=64, encoder=1, decoder=2, heads=4)).eval()


@pytest.fixture(scope="module")
def model(network: Network, tmp_path_factory: pytest.TempPathFactory) -> whisper.Whisper:
    path = tmp_path_factory.mktemp("export") / "small.pt"
    export.write_checkpoint(network, path)
    assert path.stat().st_size < 4_000_000, "equal rows of unused tokens should take no space"
    return evaluate.load(path)


@torch.no_grad()
def test_the_exported_whisper_gives_the_network_s_probabilities(network: Network, model: whisper.Whisper) -> None:
    words = vocabulary.load()
    mel = torch.randn(1, 80, 1000)
    tokens = [words.start, words.first_time + 20, *words.encoding.encode(" Hi"), words.first_time + 40]
    compact = torch.tensor([[words.compact(token) for token in tokens]])
    ours, _, _ = network.decode(compact, network.encode(mel))
    theirs = model.decoder(torch.tensor([tokens]), model.encoder(mel)).log_softmax(-1)
    assert torch.allclose(ours.log_softmax(-1)[..., :-1], theirs[..., list(words.used)], atol=0.02)


@torch.no_grad()
def test_short_windows_at_an_offset_are_encoded_like_the_same_place(network: Network) -> None:
    mel = torch.randn(2, 80, 200)
    assert network.encode(mel).shape == (2, 100, 64)
    assert not torch.allclose(network.encode(mel), network.encode(mel, offset=50))


def test_alignment_heads_are_the_guided_ones(network: Network, model: whisper.Whisper) -> None:
    model.set_alignment_heads(export.alignment_heads(network).encode())
    heads = model.alignment_heads.indices().T.tolist()
    assert heads == [[layer, head] for layer in range(2) for head in range(GUIDED_HEADS)]


def test_losses_reach_every_weight(network: Network) -> None:
    batch = collate([silent_window(Random(seed)) for seed in range(2)], Random(1))
    losses = network.losses(batch, text=True)
    (losses.phone + losses.text + losses.attention).backward()
    unmoved = [name for name, weight in network.named_parameters() if weight.grad is None]
    assert unmoved == []


def test_muon_turns_a_matrix_towards_orthogonal_and_lowers_a_loss() -> None:
    torch.manual_seed(1)
    values = torch.linalg.svdvals(orthogonal(torch.randn(3, 32, 20), 5))
    assert values.min() > 0.3 and values.max() < 1.4
    weight = torch.nn.Parameter(torch.randn(8, 8))
    muon = Muon([weight], lr=0.05)
    before = weight.square().mean().item()
    for _ in range(30):
        muon.zero_grad()
        weight.square().mean().backward()
        muon.step()
    assert weight.square().mean().item() < before / 2


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors"),
    [("a b c", "a b c", 0), ("a b c", "a x c", 1), ("a b c", "b c", 1), ("a", "a b c", 2), ("", "", 0)],
)
def test_edits_count_words(reference: str, hypothesis: str, errors: int) -> None:
    assert evaluate.edits(reference.split(), hypothesis.split()) == errors


def test_scores_normalize_both_sides_and_the_table_sums_up() -> None:
    heard = [
        evaluate.Heard(voice="v", condition="clean", reference="It's twenty!", hypothesis="it is 20"),
        evaluate.Heard(voice="v", condition="telephone", reference="Yes, please.", hypothesis="yes"),
    ]
    clean, telephone = evaluate.scores(heard)
    assert (clean.errors, telephone.errors, telephone.words) == (0, 1, 2)
    assert evaluate.table([clean, telephone]).splitlines()[-1] == "| all | 0.0 % | 50.0 % |"


def test_held_out_sentences_are_clean_and_many() -> None:
    lines = evaluate.held_out()
    assert len(lines) == len(set(lines)) >= 90
    assert not any(np.char.isdigit(list(line)).any() for line in lines)


def test_the_shipped_card_tells_of_the_shipped_file() -> None:
    import json

    folder = Path(__file__).parents[3] / "models" / "whisper-synthetic"
    if not (folder / "card.json").exists():
        pytest.skip("no checkpoint has been built here")
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    path = folder / card["file"]
    assert export.sha256(path) == card["sha256"] and path.stat().st_size == card["bytes"]
    assert card["sha256"] in (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
