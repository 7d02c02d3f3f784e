import numpy as np
import pytest
import torch
from torch.nn import functional

from vgsnb.errors import UserError
from vgsnb.models import ARCHITECTURES, build, load_model, save_model
from vgsnb.models.encoders import Encoder, Stage
from vgsnb.models.pooling import Attention, LogMeanExp, MaxOverTime

WORDS = ("ball", "dog", "water")
SMALL = {
    "PSC": {"channels": [8] * 5},
    "CNN-Pool": {"channels": [8, 8], "output": 12, "hidden": 16},
    "CNN-Attend": {"channels": [8] * 5, "output": 12, "hidden": 16},
    "CNN-PoolAttend": {"channels": [8, 8], "output": 12, "hidden": 16},
}
EVERY = pytest.mark.parametrize("name", ARCHITECTURES)


def small(name, seed=1, **sizes):
    return build(name, WORDS, seed=seed, features=5, **{**SMALL[name], **sizes}).eval()


def padded(utterances):
    lengths = torch.tensor([len(x) for x in utterances])
    return torch.nn.utils.rnn.pad_sequence(utterances, batch_first=True), lengths


def test_the_defaults_are_the_sizes_of_the_paper():
    words = [f"word{number}" for number in range(67)]
    shapes = {name: [tuple(s.conv.weight.shape) for s in build(name, words).encoder.stages] for name in ARCHITECTURES}
    cnn = [(96, 39, 9), *[(96, 96, 11)] * 4]
    cnn_pool = [(64, 39, 9), (256, 64, 11), (1024, 256, 11)]
    assert shapes["PSC"] == [*cnn, (67, 96, 11)]
    assert shapes["CNN-Attend"] == [*cnn, (1000, 96, 11)]
    assert shapes["CNN-Pool"] == shapes["CNN-PoolAttend"] == cnn_pool
    assert [stage.conv.padding for stage in build("PSC", words).encoder.stages] == [(4,), *[(5,)] * 5]
    attend = build("CNN-PoolAttend", words)
    assert attend.pooling.queries.shape == (67, 1024)
    assert attend.classifier.layers[0].weight.shape == (4096, 1024)
    assert build("CNN-Pool", words).classifier[-1].weight.shape == (67, 4096)


@EVERY
def test_the_score_of_an_utterance_does_not_depend_on_its_batch(name):
    """Lengths on and off the strides of max-pooling, and shorter than one pooled frame."""
    generator = torch.Generator().manual_seed(0)
    utterances = [torch.randn(n, 5, generator=generator) for n in (41, 40, 39, 37, 36, 27, 10, 9, 8, 2, 1)]
    features, lengths = padded(utterances)
    features[torch.arange(features.shape[1]) >= lengths[:, None]] = 1e3  # even if the padding is not zero
    model = small(name)
    together = model(features, lengths)
    assert together.shape == (len(utterances), len(WORDS))
    assert together.std(dim=0).min() > 1e-3
    for row, x in enumerate(utterances):
        alone = model(x[None], torch.tensor([len(x)]))[0]
        torch.testing.assert_close(together[row], alone, atol=1e-5, rtol=1e-5)


@EVERY
def test_an_untrained_model_of_full_depth_hears_what_it_is_given(name):
    """With PyTorch's own initialisation PSC and CNN-Attend answer all utterances alike, to within 1e-3."""
    x = torch.randn(8, 200, 39, generator=torch.Generator().manual_seed(1))
    wide = {"channels": [32] * 5 if len(ARCHITECTURES[name].sizes["channels"]) == 5 else [32, 32]}
    logits = build(name, WORDS, seed=3, **wide)(2 * functional.avg_pool1d(x.mT, 5).mT, torch.full((8,), 40))
    assert logits.std(dim=0).mean() > 0.02


@EVERY
def test_gradients_reach_every_parameter(name):
    model = small(name)
    features, lengths = padded([torch.randn(n, 5, generator=torch.Generator().manual_seed(n)) for n in (50, 31)])
    model(features, lengths).square().sum().backward()
    for key, value in model.named_parameters():
        assert value.grad is not None, key
        assert value.grad.abs().sum() > 0, key


@EVERY
def test_gradients_do_not_depend_on_the_batch(name):
    """Those of a batch are the sum of those of its utterances alone: none comes back from padding."""
    utterances = [torch.randn(n, 5, generator=torch.Generator().manual_seed(n)) for n in (41, 30, 9, 2)]

    def gradients(*batches):
        model = small(name)
        for batch in batches:
            model(*padded(batch)).square().sum().backward()
        return {key: value.grad for key, value in model.named_parameters()}

    together, alone = gradients(utterances), gradients(*([x] for x in utterances))
    for key, value in together.items():
        torch.testing.assert_close(value, alone[key], atol=1e-5, rtol=1e-4, msg=key)


@EVERY
def test_the_same_seed_gives_the_same_weights_whatever_was_drawn_before(name):
    first = small(name).state_dict()
    torch.rand(7)
    second, other = small(name).state_dict(), small(name, seed=2).state_dict()
    assert all(torch.equal(first[key], second[key]) for key in first)
    assert not all(torch.equal(first[key], other[key]) for key in first)


@EVERY
def test_a_model_can_start_at_the_share_of_each_keyword(name):
    model = small(name)
    with torch.no_grad():
        [layer for layer in model.modules() if isinstance(layer, torch.nn.Conv1d | torch.nn.Linear)][-1].weight.zero_()
    shares = torch.tensor([0.01, 0.02, 0.1])
    model.expect(shares)
    found = model(torch.randn(1, 30, 5), torch.tensor([30]))[0].sigmoid()
    if name in ("PSC", "CNN-Pool"):
        torch.testing.assert_close(found, shares)
    else:
        assert 0.02 < found[0] == found[1] == found[2] < 0.04


def test_pooled_frames_know_their_centres():
    model = small("CNN-Pool")
    np.testing.assert_array_equal(model.encoder.frame_centres(4), [4, 13, 22, 31])
    np.testing.assert_array_equal(small("PSC").encoder.frame_centres(3), [0, 1, 2])


def test_a_click_comes_out_of_the_encoder_at_its_frame_centre():
    stages = [Stage(1, 1, 3, pool=3), Stage(1, 1, 3, pool=3), Stage(1, 1, 1)]
    for stage in stages:
        torch.nn.init.ones_(stage.conv.weight)
        torch.nn.init.zeros_(stage.conv.bias)
    encoder = Encoder(stages)
    x = torch.zeros(1, 90, 1)
    x[0, 49] = 1
    h, lengths = encoder(x, torch.tensor([90]))
    assert lengths.item() == 10
    assert encoder.frame_centres(10)[int(h[0, 0].argmax())] == 49


def test_pooling_layers_agree_with_their_equations_on_one_utterance():
    h = torch.randn(1, 3, 6, generator=torch.Generator().manual_seed(3))
    n, own = torch.tensor([4]), h[:, :, :4]
    torch.testing.assert_close(LogMeanExp(1.2)(h, n), (1.2 * own).exp().mean(dim=-1).log() / 1.2)
    torch.testing.assert_close(MaxOverTime()(h, n), own.amax(dim=-1))
    attention = Attention(2, 3)
    torch.nn.init.normal_(attention.queries, generator=torch.Generator().manual_seed(4))
    scores = torch.stack([(q[:, None] * own[0]).sum(dim=0).exp() for q in attention.queries])
    weights = scores / scores.sum(dim=1, keepdim=True)
    torch.testing.assert_close(attention.weights(h, n)[0, :, :4], weights)
    assert attention.weights(h, n)[0, :, 4:].abs().sum() == 0
    torch.testing.assert_close(attention(h, n)[0], weights @ own[0].T)


def test_log_mean_exp_does_not_overflow():
    pooled = LogMeanExp(1.2)(torch.tensor([[[500.0, -500.0]]]), torch.tensor([2]))
    assert pooled.item() == pytest.approx(500 - np.log(2) / 1.2)


@EVERY
def test_a_saved_model_comes_back_the_same(name, tmp_path):
    model = small(name)
    save_model(model, tmp_path)
    loaded = load_model(tmp_path)
    features, lengths = padded([torch.randn(30, 5)])
    assert (loaded.name, loaded.keywords, loaded.sizes) == (model.name, model.keywords, model.sizes)
    assert torch.equal(loaded.eval()(features, lengths), model(features, lengths))


def test_unknown_names_and_sizes_are_refused_with_what_there_is():
    with pytest.raises(UserError, match=r"'CNN-Atend'.*PSC, CNN-Pool, CNN-Attend, CNN-PoolAttend"):
        build("CNN-Atend", WORDS)
    with pytest.raises(UserError, match=r"size of PSC 'hidden'.*channels, kernels"):
        build("PSC", WORDS, hidden=3)
    with pytest.raises(UserError, match="6 convolutions"):
        build("PSC", WORDS, kernels=(5, 5))


def test_broken_and_foreign_checkpoints_are_refused(tmp_path):
    save_model(small("PSC"), tmp_path / "psc")
    save_model(small("CNN-Pool"), tmp_path / "pool")
    weights = (tmp_path / "pool" / "model.safetensors").read_bytes()
    (tmp_path / "psc" / "model.safetensors").write_bytes(weights)
    with pytest.raises(UserError, match="another model than the PSC"):
        load_model(tmp_path / "psc")
    (tmp_path / "pool" / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    with pytest.raises(UserError, match="cut short"):
        load_model(tmp_path / "pool")
    (tmp_path / "pool" / "model.safetensors").unlink()
    with pytest.raises(UserError, match=r"no .*model.safetensors"):
        load_model(tmp_path / "pool")
    with pytest.raises(UserError, match=r"nowhere/model.yaml is missing"):
        load_model(tmp_path / "nowhere")
