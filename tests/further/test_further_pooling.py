"""Pooling of frames against sums written out, and that gradients reach what they should."""

import numpy as np
import pytest
import torch

from vgsnb.further.pooling import AutoPool, FramePooling, LinearSoftmax, TopK

H = torch.tensor([[[-1.0, 2.0, 0.5, -3.0, 0.0], [0.1, 0.2, -0.4, 1.5, 9.0]]])
LENGTHS = torch.tensor([4])
P = torch.sigmoid(H[0, :, :4]).numpy()
BY_HAND = {
    "mean": (FramePooling(), P.mean(axis=1)),
    "linear-softmax": (LinearSoftmax(), (P**2).sum(axis=1) / P.sum(axis=1)),
    "auto-pool": (AutoPool(2, 3.0), (np.exp(3 * P) * P).sum(axis=1) / np.exp(3 * P).sum(axis=1)),
    "top-k": (TopK(2), np.sort(P, axis=1)[:, -2:].mean(axis=1)),
    "top of a short one": (TopK(9), P.mean(axis=1)),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_it_is_the_weighted_mean_of_probabilities_over_the_own_frames(name):
    pooling, wanted = BY_HAND[name]
    np.testing.assert_allclose(torch.sigmoid(pooling(H, LENGTHS))[0].detach(), wanted, rtol=1e-5)


@pytest.mark.parametrize("name", BY_HAND)
def test_gradients_reach_own_frames_alone_and_are_numbers(name):
    h = H.clone().requires_grad_()
    BY_HAND[name][0](h, LENGTHS).sum().backward()
    assert torch.isfinite(h.grad).all()
    assert (h.grad[..., 4] == 0).all()
    assert ((h.grad[0, 0, :4] != 0).sum() == 2) == (name == "top-k")


def test_very_sure_frames_stay_finite():
    h = torch.tensor([[[80.0, -80.0, 90.0]]], requires_grad=True)
    for pooling in (LinearSoftmax(), AutoPool(1, 10.0), TopK(1)):
        found = pooling(h, torch.tensor([3]))
        assert torch.isfinite(found).all()
        assert found > 0
        (grad,) = torch.autograd.grad(found.sum(), h)
        assert torch.isfinite(grad).all()


def test_linear_softmax_pushes_weak_frames_down_and_the_temperature_learns():
    h = torch.tensor([[[2.0, -2.0, -2.0]]], requires_grad=True)
    LinearSoftmax()(h, torch.tensor([3])).sum().backward()
    assert h.grad[0, 0, 0] > 0
    assert (h.grad[0, 0, 1:] < 0).all()
    pooling = AutoPool(1, 10.0)
    pooling(h, torch.tensor([3])).sum().backward()
    assert pooling.log_temperature.grad > 0  # sharper is higher
