"""The losses against their formulas, pair by pair; the bound on norms; inputs scaled by training data alone."""

import numpy as np
import pytest
import torch

from vgsnb.wordlearning.networks import LOSSES, MARGIN, SHARPNESS, CrossNet, bound_norms, company, cosines


@pytest.fixture
def found() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.rand(3, 4, 7) * 2 - 1


SAME = torch.tensor([[1, 1, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 1, 1, 1, 1]], dtype=torch.bool)


def test_cos_cos2_is_the_mean_over_pairs_of_either_kind(found: torch.Tensor) -> None:
    together, apart = [], []
    for picture in range(3):
        for word in range(7):
            for value in found[picture, :, word].tolist():
                (together if SAME[picture, word] else apart).append(
                    (1 - value) / 2 if SAME[picture, word] else value**2
                )
    expected = (np.mean(together) + np.mean(apart)) / 2
    assert float(LOSSES["cos-cos2"](found, SAME)) == pytest.approx(expected, abs=1e-6)


def test_margin_compares_every_pair_that_belongs_together_with_every_other(found: torch.Tensor) -> None:
    rows = []
    for picture in range(3):
        values = [
            max(0.0, MARGIN - float(found[picture, region, own]) + float(found[picture, region, other]))
            for region in range(4)
            for own in range(7)
            for other in range(7)
            if SAME[picture, own] and not SAME[picture, other]
        ]
        rows.append(np.mean(values))
    assert float(LOSSES["margin"](found, SAME)) == pytest.approx(np.mean(rows), abs=1e-6)


def test_best_region_is_a_margin_both_ways(found: torch.Tensor) -> None:
    near = np.log(np.exp(SHARPNESS * found.numpy()).sum(axis=1)) / SHARPNESS
    words, pictures = [], []
    for picture in range(3):
        for own in range(7):
            if SAME[picture, own]:
                words += [
                    max(0.0, MARGIN - near[picture, own] + near[picture, other])
                    for other in range(7)
                    if not SAME[picture, other]
                ]
                pictures += [
                    max(0.0, MARGIN - near[picture, own] + near[other, own]) for other in range(3) if other != picture
                ]
    expected = np.mean(words) + np.mean(pictures)
    assert float(LOSSES["best-region"](found, SAME)) == pytest.approx(expected, abs=1e-5)


def test_info_nce_is_a_softmax_over_pictures_and_one_over_the_words_of_others(found: torch.Tensor) -> None:
    strength = np.exp(SHARPNESS * found.double().numpy()).sum(axis=1)  # (P, N)
    named, told = [], []
    for picture in range(3):
        for own in range(7):
            if SAME[picture, own]:
                right, others = strength[picture, own], strength[picture][~SAME[picture].numpy()].sum()
                named.append(-np.log(right / strength[:, own].sum()))
                told.append(-np.log(right / (right + others)))
    expected = np.mean(named) + np.mean(told)
    assert float(LOSSES["info-nce"](found, SAME)) == pytest.approx(expected, rel=1e-5)


def test_company_is_a_softmax_over_pairs_of_words() -> None:
    torch.manual_seed(2)
    heard = torch.randn(7, 5).double()
    unit = (heard / heard.norm(dim=1, keepdim=True)).numpy()
    strength, rows = np.exp(SHARPNESS * unit @ unit.T), []
    for word in range(7):
        others = [other for other in range(7) if other != word]
        own = [other for other in others if (SAME[:, word] & SAME[:, other]).any()]
        if own:
            rows.append(-np.log(strength[word, own].sum() / strength[word, others].sum()))
    assert len(rows) == 6  # the word that is alone in its picture has no company
    assert float(company(heard, SAME)) == pytest.approx(np.mean(rows))
    assert float(company(heard[2:3], SAME[:, 2:3])) == 0


@pytest.mark.parametrize("name", LOSSES)
def test_losses_fall_when_pairs_come_closer(name: str) -> None:
    good = SAME[:, None].float().expand(3, 4, 7)
    assert float(LOSSES[name](good, SAME)) < 0.01 < float(LOSSES[name](1 - good, SAME))


@pytest.mark.parametrize("name", LOSSES)
def test_one_picture_with_words_of_others_has_a_loss(name: str, found: torch.Tensor) -> None:
    value = LOSSES[name](found[:1].requires_grad_(), SAME[:1])
    value.backward()
    assert torch.isfinite(value)


def test_norms_are_bounded_and_small_ones_stay() -> None:
    network = CrossNet(5, (2, 3), hidden=(4,), embedding=3)
    with torch.no_grad():
        network.pictures[1].weight.mul_(100)
        small = network.speech[2].weight.div_(100).clone()
    bound_norms(network, 6.0)
    assert network.pictures[1].weight.norm(dim=1).tolist() == pytest.approx([6.0] * 3, rel=1e-4)
    assert torch.equal(network.speech[2].weight, small)


def test_inputs_are_scaled_as_training_data_are() -> None:
    torch.manual_seed(1)
    seen, heard = 5 + 3 * torch.randn(200, 5), torch.randn(200, 2, 3)
    network = CrossNet(5, (2, 3), hidden=(4,), embedding=3)
    network.expect(seen, heard)
    scaled = network.pictures[0](seen)
    assert scaled.mean(dim=0).abs().max() < 1e-4
    assert (scaled.std(dim=0) - 1).abs().max() < 1e-4
    assert torch.allclose(network.pictures[0](seen[:1] + 3), scaled[:1] + 3 / seen.std(dim=0), atol=1e-5)


def test_cosines_are_those_of_numpy() -> None:
    rng = np.random.default_rng(0)
    seen, heard = rng.normal(size=(4, 6)).astype(np.float32), rng.normal(size=(5, 6)).astype(np.float32)
    expected = seen @ heard.T / np.linalg.norm(seen, axis=1)[:, None] / np.linalg.norm(heard, axis=1)
    assert cosines(torch.from_numpy(seen), torch.from_numpy(heard)).numpy() == pytest.approx(expected, abs=1e-5)
