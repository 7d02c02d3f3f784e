"""Every part of a model that the released code has otherwise, and that it comes back from its folder."""

import pytest
import torch

import vgsnb
from vgsnb import models
from vgsnb.errors import UserError
from vgsnb.models import ARCHITECTURES, save_model
from vgsnb.models.pooling import LogMeanExp
from vgsnb.released import DEPARTURES, concerning, expand
from vgsnb.released.models import LogSumExp, build, departures_of, load_model

WORDS = ("ball", "dog", "water")
SMALL = {
    "PSC": {"channels": [8] * 2, "kernels": [5] * 3},
    "CNN-Pool": {"channels": [8] * 2, "output": 12, "hidden": 16},
    "CNN-Attend": {"channels": [8] * 2, "kernels": [5] * 3, "output": 16, "hidden": 16},
    "CNN-PoolAttend": {"channels": [8] * 2, "output": 12, "hidden": 16},
}


def small(name, *departures, padding=60):
    return build(name, WORDS, 1, departures, padding, features=5, **SMALL[name]).eval()


def speech(frames, seed=0):
    return torch.randn(1, frames, 5, generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
def score(model, features, frames):
    return model(features, torch.tensor([frames]))


def test_every_departure_is_named_by_part_and_all_stands_for_every_one():
    assert expand(["all"]) == tuple(DEPARTURES)
    assert expand(["counting", "frozen-queries"]) == ("frozen-queries", "counting")
    assert concerning(["all"], "model", architecture="PSC") == ("unmasked-padding", "log-sum-exp")
    assert concerning(["all"], "model", architecture="CNN-Attend") == ("frozen-queries", "unmasked-padding")
    assert concerning(["all"], "places", method="masked-in") == ("moved-segments",)
    assert concerning(["all"], "places", method="attention") == ()
    with pytest.raises(UserError, match=r"departure 'frozen-querys'; choose one of: all, frozen-queries"):
        expand(["frozen-querys"])


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_without_departures_the_model_and_its_folder_are_the_papers(name, tmp_path):
    ours, theirs = small(name), models.build(name, WORDS, 1, features=5, **SMALL[name])
    assert all(torch.equal(value, ours.state_dict()[key]) for key, value in theirs.state_dict().items())
    assert ours.sizes == theirs.sizes
    save_model(ours, tmp_path)
    assert "departures" not in (tmp_path / "model.yaml").read_text()
    assert torch.equal(score(load_model(tmp_path).eval(), speech(40), 40), score(theirs.eval(), speech(40), 40))


@pytest.mark.parametrize("name", ["CNN-Attend", "CNN-PoolAttend"])
def test_frozen_queries_are_standard_normal_and_stay_as_they_are(name):
    model = build(name, [f"word{number}" for number in range(67)], departures=["frozen-queries"])
    assert model.pooling.queries.mean().item() == pytest.approx(0, abs=0.02)
    assert model.pooling.queries.std().item() == pytest.approx(1, abs=0.02)
    for departures, moves in (((), True), (("frozen-queries",), False)):
        model = small(name, *departures)
        before = {key: value.clone() for key, value in model.state_dict().items()}
        optimiser = torch.optim.Adam(model.parameters(), lr=0.1)
        model(speech(50), torch.tensor([50])).square().sum().backward()
        optimiser.step()
        assert torch.equal(model.pooling.queries, before["pooling.queries"]) != moves
        assert not torch.equal(
            model.state_dict()["encoder.stages.0.conv.weight"], before["encoder.stages.0.conv.weight"]
        )


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_unmasked_padding_is_heard_and_what_is_longer_is_cut(name):
    """As if the utterance itself went on with zeros; but what a batch is padded with still does not matter."""
    paper, model, x = small(name), small(name, "unmasked-padding"), speech(40)
    longer = torch.cat([x, torch.zeros(1, 20, 5)], dim=1)
    torch.testing.assert_close(score(model, x, 40), score(paper, longer, 60))
    assert (score(model, x, 40) - score(paper, x, 40)).abs().max() > 1e-4
    assert (score(model, x, 40) - score(small(name, "unmasked-padding", padding=90), x, 40)).abs().max() > 1e-5
    torch.testing.assert_close(score(model, torch.cat([x, torch.ones(1, 9, 5)], dim=1), 40), score(model, x, 40))
    torch.testing.assert_close(score(model, speech(80), 80), score(paper, speech(80)[:, :60], 60))


def test_log_sum_exp_is_a_sum_and_grows_with_length():
    h = torch.tensor([[[1.0, 2.0, 3.0, 9.0]]])
    wanted = torch.tensor([1.2, 2.4, 3.6]).exp().sum().log() / 1.2
    torch.testing.assert_close(LogSumExp(1.2)(h, torch.tensor([3]))[0, 0], wanted)
    flat = torch.zeros(2, 1, 8)
    assert LogMeanExp(2.0)(flat, torch.tensor([2, 8])).squeeze().tolist() == [0.0, 0.0]
    assert LogSumExp(2.0)(flat, torch.tensor([2, 8])).squeeze().tolist() == pytest.approx([0.3466, 1.0397], abs=1e-4)
    model, x = small("PSC", "log-sum-exp"), speech(40)
    torch.testing.assert_close(
        score(model, x, 40), score(small("PSC"), x, 40) + torch.tensor(40.0).log() / model.sizes["r"]
    )


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_saved_model_comes_back_with_its_departures(name, tmp_path):
    model = small(name, "all")
    save_model(model, tmp_path)
    loaded = load_model(tmp_path).eval()
    assert departures_of(loaded) == departures_of(model) == concerning(["all"], "model", architecture=name)
    assert torch.equal(score(loaded, speech(40), 40), score(model, speech(40), 40))
    assert [p.requires_grad for p in loaded.parameters()] == [p.requires_grad for p in model.parameters()]
    with pytest.raises(UserError, match="departures"):
        models.load_model(tmp_path)  # which would give another model with the same weights
    assert departures_of(vgsnb.load_model(tmp_path)) == departures_of(model)
    assert departures_of(vgsnb.build(name, WORDS, departures=["all"])) == departures_of(model)


def test_broken_and_foreign_weights_are_refused(tmp_path):
    for name in ("PSC", "CNN-Attend"):
        save_model(small(name, "unmasked-padding"), tmp_path / name)
    path = tmp_path / "PSC" / "model.safetensors"
    path.write_bytes((tmp_path / "CNN-Attend" / "model.safetensors").read_bytes())
    with pytest.raises(UserError, match="weights of the PSC"):
        load_model(tmp_path / "PSC")
    path.unlink()
    with pytest.raises(UserError, match="train the model again"):
        load_model(tmp_path / "PSC")
    with pytest.raises(UserError, match=r"nowhere/model.yaml is missing"):
        load_model(tmp_path / "nowhere")
