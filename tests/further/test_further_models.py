"""The registry of parts, models that have some, and that they come back from their folder."""

import pytest
import torch

import vgsnb
from vgsnb import models
from vgsnb.errors import UserError
from vgsnb.further import CHANGES, FRAMES, PARTS, POOLINGS, chosen, concerning, expand
from vgsnb.further.models import TwoHeads, build, heads, load_model, parts_of, shares_over_time
from vgsnb.further.pooling import AutoPool, LinearSoftmax, TopK
from vgsnb.models import save_model
from vgsnb.settings import load_settings

WORDS = ("ball", "dog", "water")
SIZES = {
    "PSC": {"features": 5, "channels": [8] * 2, "kernels": [5] * 3},
    "CNN-Attend": {"features": 5, "channels": [8] * 2, "kernels": [5] * 3, "output": 16, "hidden": 16},
}
BUILT = [*(("PSC", part) for part in POOLINGS), ("CNN-Attend", "two-heads")]
SPEECH, LENGTHS = torch.randn(2, 40, 5, generator=torch.Generator().manual_seed(0)), torch.tensor([40, 25])


def small(name, *parts, **numbers):
    return build(name, WORDS, 1, parts, **numbers, **SIZES[name]).eval()


def test_every_part_says_what_it_is_and_takes_numbers_that_the_presets_have():
    numbers = load_settings("quick")["further"]
    assert numbers["parts"] == []
    for about in PARTS.values():
        assert about.number in (2, 3, 4, 5, 7, 8)
        assert set(about.changes) <= set(CHANGES)
        assert about.what.endswith(".")
        assert set(about.numbers) <= set(numbers)
        assert set(about.methods) <= set(FRAMES)
    numbers = [about.number for about in PARTS.values()]
    assert numbers == sorted(numbers)  # in the order of the list


def test_parts_are_chosen_by_what_they_change_and_keep_their_numbers_alone():
    assert expand(["smoothed", "calibrated"]) == ("calibrated", "smoothed")
    names = ["calibrated", "top-k", "smoothed", "crops", "ensemble"]
    assert concerning(names, "training", architecture="CNN-Attend") == ("crops",)
    assert concerning(names, "training", architecture="PSC") == ("top-k", "crops")
    assert concerning(names, "scores") == ("calibrated", "ensemble")
    assert concerning(names, "places", method="masked-in") == ()
    assert concerning(names, architecture="PSC", method="score-aggregation") == tuple(names)
    numbers = {"parts": ["crops"], "crop": [1.0, 2.0], "crop_share": 0.5, "smoothing": 0.3}
    assert chosen(["crops"], numbers) == {"parts": ["crops"], "crop": [1.0, 2.0], "crop_share": 0.5}
    with pytest.raises(UserError, match="part 'crop'; choose one of: calibrated"):
        expand(["crop"])
    with pytest.raises(UserError, match="not by linear-softmax and top-k: keep one"):
        expand(["top-k", "linear-softmax"])


@pytest.mark.parametrize("name", SIZES)
def test_without_parts_of_its_own_it_is_the_papers_model(name, tmp_path):
    ours, theirs = small(name, "smoothed", "crops"), models.build(name, WORDS, 1, **SIZES[name])
    assert all(torch.equal(value, ours.state_dict()[key]) for key, value in theirs.state_dict().items())
    assert ours.sizes == theirs.sizes
    save_model(ours, tmp_path)
    assert parts_of(load_model(tmp_path)) == ()


@pytest.mark.parametrize(("name", "part"), BUILT)
def test_a_model_with_a_part_comes_back_and_differs_from_the_papers(name, part, tmp_path):
    model = small(name, part, "smoothed", top=7, temperature=4.0)
    model.expect(torch.tensor([0.1, 0.2, 0.3]))
    save_model(model, tmp_path)
    found = vgsnb.load_model(tmp_path).eval()
    assert parts_of(found) == (part,)
    assert torch.equal(found(SPEECH, LENGTHS), model(SPEECH, LENGTHS))
    assert not torch.equal(heads(found, *found.encoder(SPEECH, LENGTHS))[-1], small(name)(SPEECH, LENGTHS))
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(UserError, match="does not hold the weights of the"):
        load_model(tmp_path)


def test_each_pooling_is_the_one_that_is_named():
    found = [small("PSC", part, top=7, temperature=4.0).pooling for part in POOLINGS]
    assert [type(pooling) for pooling in found] == [LinearSoftmax, AutoPool, TopK]
    assert found[1].log_temperature.exp().tolist() == pytest.approx([4.0] * 3)
    assert found[2].k == 7
    assert type(small("CNN-Attend", "top-k").pooling) is type(small("CNN-Attend").pooling)


def test_two_heads_share_the_encoder_and_attention_alone_scores():
    model, plain = small("CNN-Attend", "two-heads"), small("CNN-Attend")
    assert isinstance(model, TwoHeads)
    assert torch.equal(model(SPEECH, LENGTHS), plain(SPEECH, LENGTHS))
    found = heads(model, *model.encoder(SPEECH, LENGTHS))
    assert torch.equal(found[0], model(SPEECH, LENGTHS))
    assert found[1].shape == (2, 3)
    shares = torch.tensor([0.1, 0.2, 0.6])
    model.expect(shares)
    assert torch.sigmoid(model.frame_head.bias).tolist() == pytest.approx(shares.tolist(), rel=1e-4)
    assert model.classifier.layers[-1].bias.item() == pytest.approx(torch.logit(shares).mean().item())
    alone = torch.autograd.grad(found[1].sum(), [model.encoder.stages[0].conv.weight, model.pooling.queries],
                                allow_unused=True)  # fmt: skip
    assert alone[0].abs().sum() > 0
    assert alone[1] is None


@pytest.mark.parametrize(("name", "part"), [*BUILT, ("PSC", "crops"), ("CNN-Attend", "crops")])
def test_shares_over_time_add_up_to_one_within_the_utterance(name, part):
    model = small(name, part)
    shares = shares_over_time(model, *model.encoder(SPEECH, LENGTHS))
    torch.testing.assert_close(shares.sum(dim=-1), torch.ones(2, 3))
    assert (shares[1, :, 25:] == 0).all()
