"""The contract of every architecture with every localisation method that makes sense for it."""

import numpy as np
import pandas as pd
import pytest
import torch

from vgsnb.errors import UserError
from vgsnb.localisation import METHODS, SegmentGrid, localise, masking, methods_for, own_method, score_map
from vgsnb.models import ARCHITECTURES, build
from vgsnb.speech.features import FeatureSettings, FeatureStore

GRID = SegmentGrid(0.03, (0.15, 0.2))
MASKED = ["masked-in", "masked-out"]
SENSIBLE = {
    "PSC": ["score-aggregation", "grad-cam", *MASKED],
    "CNN-Pool": ["grad-cam", *MASKED],
    "CNN-Attend": ["grad-cam", "attention", *MASKED],
    "CNN-PoolAttend": ["grad-cam", "attention", *MASKED],
}
EVERY = pytest.mark.parametrize(("name", "method"), [(name, m) for name, methods in SENSIBLE.items() for m in methods])
SHIFT, HALF_WINDOW = 0.01, 0.0125


def test_every_architecture_has_the_methods_that_make_sense_for_it(trained):
    assert {name: methods_for(model) for name, model in trained.items()} == SENSIBLE
    assert {name: own_method(model) for name, model in trained.items()} == {
        "PSC": "score-aggregation",
        "CNN-Pool": "grad-cam",
        "CNN-Attend": "attention",
        "CNN-PoolAttend": "attention",
    }
    assert set(SENSIBLE) == set(ARCHITECTURES)


@EVERY
def test_a_planted_word_is_found_where_it_was_planted(name, method, trained, spoken):
    """Learned from which words are said, never where; a random place would be right for about one word in four."""
    store, said = spoken
    places = localise(trained[name], store, said[["utterance_id", "keyword"]], method, GRID)
    assert places[["utterance_id", "keyword"]].equals(said[["utterance_id", "keyword"]])
    frame = (places["time"] - HALF_WINDOW) / SHIFT
    assert ((said["start"] <= frame) & (frame < said["end"])).mean() > 0.6


@EVERY
def test_places_do_not_depend_on_what_else_is_asked_or_batched(name, method, trained, spoken):
    store, said = spoken
    pairs = said[["utterance_id", "keyword"]]
    together = localise(trained[name], store, pairs, method, GRID)
    few = pairs.sample(12, random_state=1)
    alone = localise(trained[name], store, few, method, GRID, batch_size=1, memory=50_000)
    expected = together.loc[few.index].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, expected, rtol=1e-4, atol=1e-5)


@EVERY
def test_scores_are_finite_and_in_range_and_places_inside_the_utterance(name, method, trained, spoken):
    store, said = spoken
    places = localise(trained[name], store, said[["utterance_id", "keyword"]], method, GRID)
    lengths = {key: n * SHIFT for key, n in zip(store.ids, store.lengths, strict=True)}
    duration = places["utterance_id"].map(lengths)
    edge = HALF_WINDOW - SHIFT / 2 - 1e-9
    assert places["start"].min() >= edge
    assert (places["end"] <= duration + edge + 2e-9).all()
    np.testing.assert_allclose(places["time"], (places["start"] + places["end"]) / 2)
    assert np.isfinite(places["score"]).all()
    alpha, times = score_map(trained[name], store["u0"], ["low", "high"], method, store.settings, GRID)
    assert alpha.shape == (2, len(times))
    assert np.isfinite(alpha).all()
    assert (np.diff(times) > 0).all()
    if method != "score-aggregation":
        assert alpha.min() >= 0
        assert alpha.max() <= 1
    if method == "attention":
        np.testing.assert_allclose(alpha.sum(axis=1), 1, atol=1e-5)


@EVERY
def test_the_score_map_peaks_where_the_place_is(name, method, trained, spoken):
    store, said = spoken
    pairs = said[["utterance_id", "keyword"]].head(8)
    places = localise(trained[name], store, pairs, method, GRID)
    for row in places.itertuples():
        alpha, times = score_map(trained[name], store[row.utterance_id], [row.keyword], method, store.settings, GRID)
        assert alpha.max() == pytest.approx(row.score, rel=1e-4, abs=1e-6)
        reach = GRID.start_step / 2 if method in MASKED else 0
        assert np.abs(times[alpha[0] > alpha.max() * (1 - 1e-4)] - row.time).min() <= reach + 1e-9


@EVERY
def test_gradients_flow_through_the_scores(name, method, trained, spoken):
    """So that a localiser can be part of a loss: from α to the features and to the first convolution."""
    model, words = trained[name], torch.tensor([0, 2])
    features = torch.from_numpy(spoken[0]["u0"])[None].requires_grad_()
    frames = METHODS[method].frames
    if frames is None:
        segments = GRID.segments(features.shape[1], spoken[0].settings)
        found = masking.segment_logits(model, features[0], words, segments, METHODS[method].keep)
    else:
        found, _ = frames(model, features, torch.tensor([features.shape[1]]), torch.tensor([0, 0]), words)
    gradients = torch.autograd.grad(found.square().sum(), [features, model.encoder.stages[0].conv.weight])
    for gradient in gradients:
        assert torch.isfinite(gradient).all()
        assert gradient.abs().sum() > 0


def listener(name):
    """A model set by hand whose score of "click" rises with the first coefficient of any one frame."""
    sizes = {} if name == "PSC" else {"output": 4, "hidden": 4}
    model = build(name, ["click", "other"], features=3, channels=[4] * (2 if "Pool" in name else 5), **sizes)
    with torch.no_grad():
        for value in model.parameters():
            value.zero_()
        for stage in model.encoder.stages:
            stage.conv.weight[0, 0, stage.conv.kernel_size[0] // 2] = 1
        if hasattr(model.pooling, "queries"):
            model.pooling.queries[0, 0] = 1
        for layer in (layer for layer in model.classifier.modules() if isinstance(layer, torch.nn.Linear)):
            layer.weight[0, 0] = 1
    return model


@EVERY
@pytest.mark.parametrize("frames", [40, 44])
def test_the_place_of_a_click_holds_the_click(name, method, frames):
    """At every frame, those of a last pooled window that is not full included; the middle of a plateau holds it too."""
    clicks, grid = np.eye(frames)[:, :, None] * np.array([5.0, 0, 0]), SegmentGrid(0.01, (0.03, 0.05))
    settings = FeatureSettings(kind="log-mel", mel_bands=3)
    ids, starts = [f"click{at}" for at in range(frames)], np.arange(frames) * frames
    rows = {key: row for row, key in enumerate(ids)}
    store = FeatureStore(None, settings, ids, starts, np.full(frames, frames), clicks.reshape(-1, 3), rows)
    places = localise(listener(name), store, pd.DataFrame({"utterance_id": ids, "keyword": "click"}), method, grid)
    clicked = np.arange(frames) * SHIFT + HALF_WINDOW
    assert (places["start"] - 1e-9 <= clicked).all()
    assert (clicked <= places["end"] + 1e-9).all()
    assert (places["end"] - places["start"]).max() <= (0.05 if method in MASKED else 0.09) + 1e-9


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_grad_cam_is_equations_6_and_7(name, trained, spoken):
    """Against one backward pass a keyword through pooling and classifier, in double precision."""
    model, features = trained[name], torch.from_numpy(spoken[0]["u3"])[None]
    lengths, words = torch.tensor([features.shape[1]]), torch.tensor([2, 0])
    found, order = METHODS["grad-cam"].frames(model, features, lengths, torch.zeros(2, dtype=torch.long), words)
    h, frames = model.encoder(features, lengths)
    h = h.detach().requires_grad_()
    for row, word in enumerate(words):
        score = torch.sigmoid(model.classifier(model.pooling(h, frames)).double())[0, word]
        (gradient,) = torch.autograd.grad(score, h)
        sums = (gradient.mean(dim=2, keepdim=True) * h).sum(dim=1)[0].detach()
        torch.testing.assert_close(found[row].detach(), torch.relu(sums), atol=1e-7, rtol=1e-3)
        assert order[row].argmax() == sums.argmax()
        assert sums.std() > 0


@pytest.mark.parametrize("method", MASKED)
def test_segments_that_a_model_is_equally_sure_of_are_told_apart(method, trained, spoken):
    """σ is exactly 1 (or 0) for every segment once the logits are far from zero; the place must not move."""
    store, said = spoken
    pairs = said[["utterance_id", "keyword"]].head(10)
    before = localise(trained["CNN-Attend"], store, pairs, method, GRID)
    last = trained["CNN-Attend"].classifier.layers[-1]
    with torch.no_grad():
        last.bias += 40 if method == "masked-in" else -40
        after = localise(trained["CNN-Attend"], store, pairs, method, GRID)
        last.bias -= 40 if method == "masked-in" else -40
    assert after["score"].nunique() == 1
    assert (after["time"] == before["time"]).mean() >= 0.8  # a logit of 40 rounds more coarsely


def test_no_pairs_give_no_places(trained, spoken):
    for method in ("attention", "masked-in"):
        none = pd.DataFrame({"utterance_id": [], "keyword": []})
        found = localise(trained["CNN-Attend"], spoken[0], none, method)
        assert found.empty
        assert list(found) == ["utterance_id", "keyword", "score", "time", "start", "end"]


def test_what_does_not_exist_or_does_not_fit_is_refused(trained, spoken):
    store, pairs = spoken[0], spoken[1][["utterance_id", "keyword"]]
    with pytest.raises(UserError, match=r"method of PSC 'attention'; choose one of: score-aggregation, grad-cam, mask"):
        localise(trained["PSC"], store, pairs, "attention")
    with pytest.raises(UserError, match=r"method of CNN-Pool 'masked'.*grad-cam, masked-in, masked-out"):
        score_map(trained["CNN-Pool"], store["u0"], ["low"], "masked", store.settings)
    with pytest.raises(UserError, match=r"keyword of this model 'dog'; choose one of: high, low, middle"):
        localise(trained["PSC"], store, pairs.assign(keyword="dog"), "masked-in")
    with pytest.raises(UserError, match="no features of utterance 'u99'"):
        localise(trained["PSC"], store, pairs.assign(utterance_id="u99"), "masked-in")
    with pytest.raises(UserError, match=r"Utterance u\d+ cannot be masked.*holds no segment of 3\.0 s"):
        localise(trained["PSC"], store, pairs, "masked-in", SegmentGrid(0.1, (3.0,)))
