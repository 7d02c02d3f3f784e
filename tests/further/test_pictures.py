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
    branch = pictures.PictureBranch(6, torch.rand(4, 10), seed=1).eval()
    h, rows, frames = torch.randn(3, 6, 8), torch.tensor([0, 3, 2]), torch.tensor([5, 8, 6])
    changed = h.clone()
    changed[0, :, 5:] = 100
    torch.testing.assert_close(branch(h, frames, rows), branch(changed, frames, rows))
    assert branch.seen.norm(dim=1).tolist() == pytest.approx([10**0.5 / 2] * 4)
    assert float(branch(h, frames, rows).detach().abs().max()) <= 1 / pictures.TEMPERATURE + 1e-4
    assert "seen" not in branch.state_dict()  # a checkpoint need not keep what is stored elsewhere


def test_utterances_learn_to_find_their_pictures():
    torch.manual_seed(0)
    seen = torch.rand(40, 12) * (torch.rand(40, 12) > 0.6)  # few are above zero, as after a ReLU
    h = (seen @ torch.randn(12, 8))[:, :, None] + 0.1 * torch.randn(40, 8, 9)
    branch, frames, rows = pictures.PictureBranch(8, seen, seed=1), torch.full((40,), 9), torch.arange(40)
    optimiser = torch.optim.Adam(branch.parameters(), 0.01)
    before = float(pictures.contrast(branch(h, frames, rows), rows).detach())
    for _ in range(150):
        loss = pictures.contrast(branch(h, frames, rows), rows)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    found = branch.eval()(h, frames, rows).argmax(1)
    assert float(loss.detach()) < before / 2
    assert float((found == rows).float().mean()) > 0.5


def test_same_seed_same_branch():
    one, other, third = (pictures.PictureBranch(6, torch.rand(4, 10), seed) for seed in (1, 1, 2))
    assert torch.equal(one.from_picture.weight, other.from_picture.weight)
    assert not torch.equal(one.from_picture.weight, third.from_picture.weight)
