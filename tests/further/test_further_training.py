"""What parts do to training: spans, terms, running means, refined targets; and that it can be killed."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn import functional
from words_in_noise import WORDS, words_in_noise

from vgsnb import training
from vgsnb.errors import UserError
from vgsnb.further import crops, terms
from vgsnb.further.models import build
from vgsnb.further.pictures import Pictures
from vgsnb.further.training import Learner, learner_of, objective, refined, terms_of, train
from vgsnb.speech.features import FeatureSettings

SIZES = {
    "PSC": {"channels": [8], "kernels": [5] * 2},
    "CNN-Attend": {"channels": [8], "kernels": [5] * 2, "output": 8, "hidden": 8},
}
NUMBERS = {
    "crop": [0.1, 0.3], "crop_share": 0.5, "averaging": 0.9, "separation": 1.0, "quietness": 1.0, "silence": -1.0,
    "contrast": 0.1,
}  # fmt: skip
COURSE = {"epochs": 3, "batch_size": 8, "learning_rate": 5e-3, "schedule": "constant", "precision": "float32"}
MASKS = {"time_warp": 0, "time_masks": 1, "time_mask": 4, "frequency_masks": 1, "frequency_mask": 2}
TRAINED = [("CNN-Attend", part) for part in ("two-heads", "crops", "averaged", "separated", "quiet", "pictured")]
TRAINED += [("PSC", part) for part in ("linear-softmax", "auto-pool", "top-k", "separated", "quiet")]


@pytest.fixture(scope="module")
def spoken():
    return words_in_noise(column=1, half_silent=True)


def shown(ids):
    """Four utterances a picture, in which twelve numbers are seen."""
    images = pd.Series([f"p{row // 4}" for row in range(len(ids))], index=list(ids))
    seen = np.random.default_rng(2).random((len(ids) // 4, 12))
    return Pictures(images, pd.DataFrame(seen, index=images.unique()))


def fresh(name, *parts):
    return build(name, WORDS, 0, parts, **SIZES[name])


def course(spoken, folder, name, *parts, **changes):
    store, targets = spoken[0], spoken[1].astype("float32")
    model = fresh(name, *parts)
    settings = {**COURSE, "numbers": NUMBERS, "augmentation": MASKS, "pictures": shown(store.ids), **changes}
    found = train(model, store, targets[:32], targets[32:], folder, parts=parts, **settings)
    return model, found.drop(columns="seconds")


def test_without_parts_it_is_the_papers_training(spoken, tmp_path):
    store, targets = spoken[0], spoken[1].astype("float32")
    ours, found = course(spoken, tmp_path / "ours", "CNN-Attend")
    theirs = fresh("CNN-Attend")
    history = training.train(
        theirs, store, targets[:32], targets[32:], tmp_path / "theirs", augmentation=MASKS, **COURSE
    )
    assert found["dev_loss"].tolist() == pytest.approx(history["dev_loss"].tolist(), abs=1e-7)
    for key, value in theirs.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[key], value)


@pytest.mark.parametrize(("name", "part"), TRAINED)
def test_each_part_changes_training_and_a_seed_says_everything(name, part, spoken, tmp_path):
    _, plain = course(spoken, tmp_path / "plain", name)
    model, found = course(spoken, tmp_path / "one", name, part)
    again, repeated = course(spoken, tmp_path / "two", name, part)
    assert (found["dev_loss"] != plain["dev_loss"]).any()
    pd.testing.assert_frame_equal(found, repeated)
    assert all(torch.equal(value, again.state_dict()[key]) for key, value in model.state_dict().items())
    assert not (tmp_path / "one" / training.CHECKPOINT).exists()
    scores = training.predict(model, spoken[0], spoken[1].index[32:].tolist()).to_numpy(copy=True)
    kept = torch.from_numpy(scores), torch.tensor(spoken[1][32:].to_numpy(), dtype=torch.float32)
    assert functional.binary_cross_entropy(*kept).item() == pytest.approx(found["dev_loss"].min(), rel=1e-4)


def test_a_killed_training_with_every_part_ends_as_if_nothing_had_happened(spoken, tmp_path, monkeypatch):
    parts = ("two-heads", "crops", "averaged", "separated", "quiet", "pictured")
    whole, wanted = course(spoken, tmp_path / "whole", "CNN-Attend", *parts)
    calls, predict = [], training.logits

    def killed(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return predict(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(training, "logits", killed)
        with pytest.raises(KeyboardInterrupt):
            course(spoken, tmp_path / "killed", "CNN-Attend", *parts)
    assert (tmp_path / "killed" / training.CHECKPOINT).is_file()
    resumed, found = course(spoken, tmp_path / "killed", "CNN-Attend", *parts)
    pd.testing.assert_frame_equal(found, wanted)
    assert all(torch.equal(value, resumed.state_dict()[key]) for key, value in whole.state_dict().items())


def test_the_running_mean_begins_with_the_weights_and_forgets_them():
    model = fresh("CNN-Attend")
    learner = Learner(model, 0.5)
    weight = model.pooling.queries
    with torch.no_grad():
        for value in (1.0, 2.0, 4.0):
            weight.fill_(value)
            learner.step()
    # the first is taken as it is; then by 1 − 2/11 and 1 − 3/12, as long as that forgets more than 1 − decay
    wanted = 1 + (9 / 11) * (2 - 1)
    wanted += 0.75 * (4 - wanted)
    mean = learner.average.module.pooling.queries
    assert mean.unique().item() == pytest.approx(wanted)
    assert not mean.requires_grad
    with torch.no_grad():
        for _ in range(100):
            learner.step()
        weight.fill_(0.0)
        learner.step()
    assert mean.unique().item() == pytest.approx(2.0)  # half of 4
    with pytest.raises(UserError, match=r"decay of 1\.0: give one from 0"):
        Learner(model, 1.0)


def test_spans_lie_within_the_utterance_and_are_as_long_as_asked_for():
    lengths, generator = torch.tensor([50, 8, 30] * 100), torch.Generator().manual_seed(0)
    starts, widths = crops.spans(lengths, 5, 20, generator)
    assert (starts >= 0).all()
    assert (starts + widths <= lengths).all()
    assert widths[::3].unique().tolist() == list(range(5, 21))
    assert widths[1::3].max() == 8
    assert (starts + widths == lengths).any()


def test_a_span_is_cut_out_or_everything_else_is_silenced():
    features = torch.arange(1.0, 21.0).reshape(2, 10, 1).repeat(1, 4, 1)
    starts, widths = torch.tensor([2, 5]), torch.tensor([3, 1])
    found = crops.cut(features, starts, widths)
    assert found.shape == (2, 32, 1)
    assert found[..., 0].unique(dim=1).shape[1] > 1
    assert found[0, :4, 0].tolist() == [3, 4, 5, 0]
    assert found[1, :2, 0].tolist() == [16, 0]
    kept = crops.silenced(features, starts, widths)
    assert kept[0, :6, 0].tolist() == [0, 0, 3, 4, 5, 0]
    assert kept.count_nonzero().item() == 4


def test_a_share_of_the_batches_is_changed_in_both_ways():
    features, lengths = torch.ones(2, 64, 1), torch.tensor([64, 50])
    generator = torch.Generator().manual_seed(0)
    found = [crops.crop(features, lengths, generator, shortest=5, longest=20, share=0.4) for _ in range(200)]
    same = sum(changed is features for changed, _ in found)
    shorter = sum(frames is not lengths for _, frames in found)
    assert 100 < same < 140
    assert 25 < shorter < 55
    assert all(changed is features or changed.sum() <= 40 for changed, _ in found)


def test_overlap_is_paid_by_words_that_come_together_alone():
    together = terms.company(pd.DataFrame({"a": [0, 0.2, 1, 1], "b": [0, 0, 0.8, 1], "c": [1, 1, 0, 0], "d": [1] * 4}))
    assert together[0, 1] > 0.9
    assert together[0, 1] == together[1, 0]
    assert (together[2:] == 0).all()  # apart, and never changing
    assert together.diagonal().tolist() == [0] * 4
    same = torch.zeros(1, 4, 6)
    same[0, :, 2] = 1
    apart = same.clone()
    apart[0, 1] = apart[0, 1].roll(1)
    assert terms.overlap(same, together).item() == pytest.approx(1)
    assert terms.overlap(apart, together).item() == 0
    assert terms.overlap(same, torch.zeros(4, 4)).item() == 0
    moved = apart.clone()
    moved[0, 2] = moved[0, 2].roll(2)
    assert terms.overlap(moved, together).item() == 0


def test_silence_is_where_the_energy_is_low():
    features = torch.zeros(1, 4, 39)
    features[0, :, 0] = torch.tensor([-2.0, -0.5, 1.0, -1.5])
    silent = terms.silent_frames(features, FeatureSettings(), -1.0)
    assert silent.tolist() == [[True, False, False, True]]
    shares = torch.tensor([[[0.5, 0.2, 0.2, 0.1], [0.0, 0.5, 0.5, 0.0]]])
    assert terms.in_silence(shares, silent).item() == pytest.approx(0.3)
    bands = features[..., :1].repeat(1, 1, 8) + torch.tensor([1.0, -1.0] * 4)
    assert terms.silent_frames(bands, FeatureSettings(kind="log-mel", mel_bands=8), -1.0).equal(silent)


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("part", ["separated", "quiet"])
def test_terms_are_paid_for_and_their_gradients_reach_what_looks(name, part, spoken):
    store, model = spoken[0], fresh(name)
    targets = pd.DataFrame({"high": [0.0, 1, 1, 0], "low": [0.0, 1, 0.9, 0.1]})
    paid = terms_of([part], targets, store.settings, torch.device("cpu"), NUMBERS)
    features, lengths = store.batch(store.ids[:4])
    batch = training.Utterances(store.ids[:4], features.float(), lengths, torch.tensor(targets.to_numpy()).float())
    learner = Learner(model)
    plain, found = objective(learner, batch), objective(learner, batch, paid=paid)
    assert 0 < (found - plain).item() <= 1
    looking = model.pooling.queries if name == "CNN-Attend" else model.encoder.stages[-1].conv.weight
    (grad,) = torch.autograd.grad(found - plain, looking)
    assert grad.abs().sum() > 0
    half = terms_of(
        [part], targets, store.settings, torch.device("cpu"), {**NUMBERS, "separation": 0.5, "quietness": 0.5}
    )
    assert (objective(learner, batch, paid=half) - plain).item() == pytest.approx((found - plain).item() / 2, rel=1e-3)


def test_two_heads_pay_the_mean_of_both_and_both_learn(spoken):
    store, model = spoken[0], fresh("CNN-Attend", "two-heads")
    features, lengths = store.batch(store.ids[:4])
    batch = training.Utterances(
        store.ids[:4], features.float(), lengths, torch.tensor(spoken[1][:4].to_numpy()).float()
    )
    found = objective(Learner(model), batch)
    first = training.cross_entropy(model, batch)
    h, frames = model.encoder(batch.features, lengths)
    second = functional.binary_cross_entropy_with_logits(
        model.frame_pooling(model.frame_head(h), frames), batch.targets
    )
    assert found.item() == pytest.approx((first + second).item() / 2)
    found.backward()
    grads = [model.frame_head.weight.grad, model.pooling.queries.grad, model.encoder.stages[0].conv.weight.grad]
    assert all(grad.abs().sum() > 0 for grad in grads)


def test_the_contrast_with_pictures_is_paid_for_and_reaches_the_encoder_but_not_what_is_kept(spoken):
    store, model = spoken[0], fresh("CNN-Attend", "pictured")
    plain, pictures = fresh("CNN-Attend"), shown(store.ids)
    learner = learner_of(model, ["pictured"], NUMBERS, pictures, seed=1)
    assert learner.kept.state_dict().keys() == plain.state_dict().keys()
    ids = list(store.ids[:16:2])
    features, lengths = store.batch(ids)
    batch = training.Utterances(ids, features.float(), lengths, torch.tensor(spoken[1].loc[ids].to_numpy()).float())
    rows = pictures.rows(ids)
    assert rows.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    without, half, whole = (objective(learner.eval(), batch, rows, strength=share) for share in (0.0, 0.5, 1.0))
    assert (whole - without).item() == pytest.approx(2 * (half - without).item(), rel=1e-4)
    (grad,) = torch.autograd.grad(whole - without, model.encoder.stages[0].conv.weight)
    assert grad.abs().sum() > 0
    with pytest.raises(UserError, match="pictured training needs pictures: give which"):
        learner_of(model, ["pictured"], NUMBERS, None, seed=1)


def test_refined_targets_are_a_mixture_in_the_order_of_the_tags():
    tags = pd.DataFrame({"a": [0.0, 1.0], "b": [0.5, 0.5]}, ["u", "v"]).astype("float32")
    own = pd.DataFrame({"b": [0.9, 0.1], "a": [0.2, 0.4]}, ["v", "u"])
    found = refined(tags, own, 0.25)
    assert found.loc["u"].tolist() == pytest.approx([0.1, 0.4])
    assert found.loc["v"].tolist() == pytest.approx([0.8, 0.6])
    assert (found.dtypes == "float32").all()
    pd.testing.assert_frame_equal(refined(tags, own, 0.0), tags)
    with pytest.raises(UserError, match=r"share of 1\.5 from the first"):
        refined(tags, own, 1.5)


def test_spans_the_wrong_way_round_are_refused(spoken, tmp_path):
    with pytest.raises(UserError, match=r"Spans of \[0\.3, 0\.1\] s are none"):
        course(spoken, tmp_path, "PSC", "crops", numbers={**NUMBERS, "crop": [0.3, 0.1]})
