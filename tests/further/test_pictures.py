"""The contrastive term: by hand, and that it brings utterances to their pictures."""

import pytest
import torch

from vgsnb.further import pictures


def test_contrast_by_hand():
    similar = torch.tensor([[2.0, 0.0], [1.0, 3.0]])
    rows = (torch.tensor([2.0, 0.0]).logsumexp(0) - 2 + torch.tensor([1.0, 3.0]).logsumexp(0) - 3) / 2
    columns = (torch.tensor([2.0, 1.0]).logsumexp(0) - 2 + torch.tensor([0.0, 3.0]).logsumexp(0) - 3) / 2
    assert float(pictures.contrast(similar, torch.tensor([5, 6]))) == pytest.approx(float((rows + columns) / 2))


def test_another_caption_of_the_same_picture_is_no_wrong_answer():
    similar = torch.tensor([[2.0, 9.0, 0.0], [9.0, 2.0, 0.0], [0.0, 0.0, 2.0]])
    known, unknown = (pictures.contrast(similar, torch.tensor(names)) for names in ([4, 4, 5], [3, 4, 5]))
    assert float(known) < 0.2 < 2 < float(unknown)
    assert torch.isfinite(known)


def test_padding_is_not_heard_and_scales_are_those_of_a_sphere():
    torch.manual_seed(0)
    branch = pictures.PictureBranch(6, 10, seed=1).eval()
    h, vectors, frames = torch.randn(3, 6, 8), pictures.scaled(torch.rand(3, 10)), torch.tensor([5, 8, 6])
    changed = h.clone()
    changed[0, :, 5:] = 100
    torch.testing.assert_close(branch(h, frames, vectors), branch(changed, frames, vectors))
    assert vectors.norm(dim=1).tolist() == pytest.approx([10**0.5 / 2] * 3)
    assert float(branch(h, frames, vectors).detach().abs().max()) <= 1 / pictures.TEMPERATURE + 1e-4


def test_utterances_learn_to_find_their_pictures():
    torch.manual_seed(0)
    seen = torch.rand(40, 12) * (torch.rand(40, 12) > 0.6)  # few are above zero, as after a ReLU
    h = (seen @ torch.randn(12, 8))[:, :, None] + 0.1 * torch.randn(40, 8, 9)
    branch, frames = pictures.PictureBranch(8, 12, seed=1), torch.full((40,), 9)
    optimiser = torch.optim.Adam(branch.parameters(), 0.01)
    before = float(pictures.contrast(branch(h, frames, pictures.scaled(seen)), torch.arange(40)).detach())
    for _ in range(150):
        loss = pictures.contrast(branch(h, frames, pictures.scaled(seen)), torch.arange(40))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    found = branch.eval()(h, frames, pictures.scaled(seen)).argmax(1)
    assert float(loss.detach()) < before / 2
    assert float((found == torch.arange(40)).float().mean()) > 0.5


def test_same_seed_same_branch():
    one, other, third = (pictures.PictureBranch(6, 10, seed) for seed in (1, 1, 2))
    assert torch.equal(one.seen.weight, other.seen.weight)
    assert not torch.equal(one.seen.weight, third.seen.weight)
