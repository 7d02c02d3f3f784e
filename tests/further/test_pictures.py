"""The contrastive term: by hand, and that it brings utterances to their pictures."""

import pytest
import torch

from vgsnb.further import pictures


def test_contrast_by_hand():
    every, similar = torch.tensor([[2.0, 0.0, 1.0], [1.0, -1.0, 3.0]]), torch.tensor([[2.0, 1.0], [1.0, 3.0]])
    found = torch.tensor([2.0, 0.0, 1.0]).logsumexp(0) - 2 + torch.tensor([1.0, -1.0, 3.0]).logsumexp(0) - 3
    said = torch.tensor([2.0, 1.0]).logsumexp(0) - 2 + torch.tensor([1.0, 3.0]).logsumexp(0) - 3
    assert float(pictures.contrast(every, similar, torch.tensor([0, 2]))) == pytest.approx(
        float(found / 2 + said / 2) / 2
    )


def test_another_caption_of_the_same_picture_is_no_wrong_answer():
    similar = torch.tensor([[2.0, 9.0, 0.0], [9.0, 2.0, 0.0], [0.0, 0.0, 2.0]])
    every = torch.eye(9)[:3] * 20
    known = pictures.contrast(every[[0, 0, 2]], similar, torch.tensor([0, 0, 2]))
    unknown = pictures.contrast(every, similar, torch.tensor([0, 1, 2]))
    assert float(known) < 0.2 < 2 < float(unknown)


def test_padding_is_not_heard_and_scales_are_those_of_a_sphere():
    torch.manual_seed(0)
    branch = pictures.PictureBranch(6, torch.rand(4, 10), seed=1).eval()
    h, rows, frames = torch.randn(3, 6, 8), torch.tensor([0, 3, 2]), torch.tensor([5, 8, 6])
    changed = h.clone()
    changed[0, :, 5:] = 100
    for one, other in zip(branch(h, frames, rows), branch(changed, frames, rows), strict=True):
        torch.testing.assert_close(one, other)
        assert float(one.detach().abs().max()) <= 1 / pictures.TEMPERATURE + 1e-4
    assert branch.seen.norm(dim=1).tolist() == pytest.approx([10**0.5 / 2] * 4)
    assert "seen" not in branch.state_dict()  # a checkpoint need not keep what is stored elsewhere


def test_the_bank_keeps_where_pictures_last_lay_and_an_own_picture_is_compared_as_it_is_now():
    torch.manual_seed(0)
    branch, rows = pictures.PictureBranch(6, torch.rand(5, 10), seed=1), torch.tensor([3, 1])
    h, frames, before = torch.randn(2, 6, 8), torch.tensor([8, 8]), branch.bank.clone()
    every, similar = branch(h, frames, rows)
    torch.testing.assert_close(every[torch.arange(2), rows], similar.diagonal())
    assert torch.equal(branch.bank[[0, 2, 4]], before[[0, 2, 4]])
    assert not torch.isclose(branch.bank[rows], before[rows]).all()  # some of what is seen is dropped in training
    (grad,) = torch.autograd.grad(every[0, 3], branch.from_picture.weight)
    assert grad.abs().sum() > 0
    assert not branch.bank.requires_grad
    kept = branch.bank.clone()
    branch.eval()(h, frames, torch.tensor([0, 2]))
    assert torch.equal(branch.bank, kept)


def test_utterances_learn_to_find_their_pictures():
    torch.manual_seed(0)
    seen = torch.rand(40, 12) * (torch.rand(40, 12) > 0.6)  # few are above zero, as after a ReLU
    h = (seen @ torch.randn(12, 8))[:, :, None] + 0.1 * torch.randn(40, 8, 9)
    branch, frames = pictures.PictureBranch(8, seen, seed=1), torch.full((40,), 9)
    optimiser, losses = torch.optim.Adam(branch.parameters(), 0.01), []
    for _ in range(300):
        rows = torch.randperm(40)[:16]
        loss = pictures.contrast(*branch(h[rows], frames[rows], rows), rows)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    found = branch.eval()(h, frames, torch.arange(40))[0].argmax(1)
    assert sum(losses[-10:]) < sum(losses[:10]) / 2
    assert float((found == torch.arange(40)).float().mean()) > 0.5


def test_same_seed_same_branch():
    one, other, third = (pictures.PictureBranch(6, torch.rand(4, 10), seed) for seed in (1, 1, 2))
    assert torch.equal(one.from_picture.weight, other.from_picture.weight)
    assert not torch.equal(one.from_picture.weight, third.from_picture.weight)
