"""Muon: orthogonal updates with momentum, for weights of any shape."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from ci_checker.learn.speech.muon import Muon, orthogonal  # noqa: E402


def weight_of(*shape: int, seed: int = 1) -> torch.nn.Parameter:
    torch.manual_seed(seed)
    return torch.nn.Parameter(torch.randn(*shape))


def stepped(weight: torch.nn.Parameter, gradient: torch.Tensor, **options: float) -> torch.Tensor:
    """What one step adds to the weight."""
    before = weight.detach().clone()
    weight.grad = gradient
    Muon([weight], **options).step()
    return weight.detach() - before


@pytest.mark.parametrize("shape", [(16, 16), (24, 8), (8, 24)])
@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_orthogonal_brings_all_singular_values_near_one_whatever_the_size(shape: tuple[int, int], scale: float) -> None:
    torch.manual_seed(2)
    values = torch.linalg.svdvals(orthogonal(scale * torch.randn(2, *shape), 6))
    assert values.min() > 0.3 and values.max() < 1.4


def test_orthogonal_keeps_the_directions() -> None:
    torch.manual_seed(3)
    matrix = torch.randn(1, 12, 8)
    left, _, right = torch.linalg.svd(matrix[0], full_matrices=False)
    nearest = left @ right
    assert torch.nn.functional.cosine_similarity(orthogonal(matrix, 8)[0].flatten(), nearest.flatten(), dim=0) > 0.97


def test_each_matrix_of_a_stack_is_turned_by_itself() -> None:
    torch.manual_seed(4)
    stack = torch.randn(3, 6, 10)
    together = orthogonal(stack, 5)
    for number in range(3):
        assert torch.allclose(together[number], orthogonal(stack[number : number + 1], 5)[0], atol=1e-5)


def test_nothing_stays_nothing() -> None:
    assert torch.equal(orthogonal(torch.zeros(1, 4, 4), 5), torch.zeros(1, 4, 4))


def test_the_size_of_a_step_does_not_depend_on_the_size_of_the_gradient() -> None:
    small = stepped(weight_of(8, 8), 1e-3 * torch.ones(8, 8) + 1e-4 * torch.eye(8), weight_decay=0.0)
    large = stepped(weight_of(8, 8), 10 * torch.ones(8, 8) + 1 * torch.eye(8), weight_decay=0.0)
    assert torch.allclose(small, large, atol=1e-4)


def test_a_step_goes_against_the_gradient_by_the_learning_rate() -> None:
    torch.manual_seed(5)
    gradient = torch.randn(8, 8)
    moved = stepped(weight_of(8, 8), gradient, lr=0.1, weight_decay=0.0)
    assert (moved * gradient).sum() < 0
    assert torch.linalg.svdvals(moved).min() > 0.03 and torch.linalg.svdvals(moved).max() < 0.14


def test_a_tall_weight_takes_larger_steps_and_a_wide_one_does_not() -> None:
    torch.manual_seed(6)
    gradient = torch.randn(32, 8)
    tall = torch.linalg.svdvals(stepped(weight_of(32, 8), gradient, lr=0.1, weight_decay=0.0)).mean()
    wide = torch.linalg.svdvals(stepped(weight_of(8, 32), gradient.T.contiguous(), lr=0.1, weight_decay=0.0)).mean()
    assert float(tall / wide) == pytest.approx(2.0, rel=0.02)


def test_a_convolution_is_a_matrix_of_its_rows() -> None:
    torch.manual_seed(7)
    gradient = torch.randn(6, 4, 3)
    moved = stepped(weight_of(6, 4, 3), gradient, lr=0.1, weight_decay=0.0)
    flat = stepped(weight_of(6, 12), gradient.reshape(6, 12), lr=0.1, weight_decay=0.0)
    assert moved.shape == (6, 4, 3) and torch.allclose(moved.reshape(6, 12), flat, atol=1e-6)


def test_a_weight_without_a_gradient_rests() -> None:
    weight = weight_of(4, 4)
    before = weight.detach().clone()
    Muon([weight], lr=0.5).step()
    assert torch.equal(weight.detach(), before)


def test_decay_shrinks_a_weight_whose_gradient_is_nothing() -> None:
    weight = weight_of(4, 4)
    before = weight.detach().clone()
    stepped(weight, torch.zeros(4, 4), lr=0.1, weight_decay=0.5)
    assert torch.allclose(weight.detach(), before * 0.95)


def test_momentum_carries_on_where_the_gradient_turns_for_a_moment() -> None:
    torch.manual_seed(8)
    weight, gradient = weight_of(6, 6), torch.randn(6, 6)
    muon = Muon([weight], lr=0.1, weight_decay=0.0, momentum=0.95)
    for _ in range(20):
        weight.grad = gradient.clone()
        muon.step()
    before = weight.detach().clone()
    weight.grad = -0.2 * gradient
    muon.step()
    assert ((weight.detach() - before) * gradient).sum() < 0


def test_the_momentum_lies_where_other_processes_see_it() -> None:
    weight = weight_of(4, 4)
    muon = Muon([weight])
    assert muon.state[weight]["momentum"].is_shared()
    weight.grad = torch.ones(4, 4)
    place = muon.state[weight]["momentum"].data_ptr()
    muon.step()
    assert muon.state[weight]["momentum"].data_ptr() == place, "updated in place, not replaced"
    assert torch.allclose(muon.state[weight]["momentum"], torch.full((4, 4), 0.05))
