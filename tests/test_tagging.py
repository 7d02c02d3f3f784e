import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from vgsnb import tagging
from vgsnb.errors import UserError

WORDS = ("red", "green")


def blobs(n: int, seed: int) -> tuple[np.ndarray, pd.DataFrame]:
    """Noisy pictures with a red spot, a green one, both or neither, and what they show."""
    rng = np.random.default_rng(seed)
    shown = rng.random((n, 2)) < 0.4
    pictures = rng.integers(60, 160, (n, 24, 24, 3))
    for i in range(n):
        for channel in np.flatnonzero(shown[i]):
            y, x = rng.integers(2, 14, 2)
            pictures[i, y : y + 8, x : x + 8] = np.eye(3, dtype=int)[channel] * 235
    names = pd.Index([f"p{seed}-{i}" for i in range(n)], name="image_id")
    return pictures.astype(np.uint8), pd.DataFrame(shown, names, list(WORDS)).astype("float32")


def small() -> tagging.PictureTagger:
    return tagging.PictureTagger(WORDS, channels=(8, 16))


def trained(folder: Path, seed: int = 0) -> tagging.PictureTagger:
    torch.manual_seed(seed)
    tagger = small()
    tagging.train_tagger(
        tagger, *blobs(240, 1), *blobs(60, 2), folder, epochs=8, learning_rate=0.01, batch_size=32, seed=seed
    )
    return tagger


def test_a_tagger_learns_what_it_can_see_and_comes_back_from_disk(tmp_path: Path) -> None:
    tagger = trained(tmp_path)
    pictures, shown = blobs(80, 3)
    tags = tagging.soft_tags(tagger, pictures, shown.index.tolist())
    assert tags.shape == (80, 2)
    assert tags.to_numpy().min() >= 0
    assert tags.to_numpy().max() <= 1
    assert tagging.average_precisions(tags, shown)["average_precision"].min() > 0.85
    again = tagging.soft_tags(tagging.load_tagger(tmp_path), pictures, shown.index.tolist())
    pd.testing.assert_frame_equal(tags, again)


def test_tags_do_not_depend_on_the_other_pictures(tmp_path: Path) -> None:
    tagger = trained(tmp_path)
    pictures, shown = blobs(20, 4)
    together = tagging.soft_tags(tagger, pictures, shown.index.tolist())
    alone = tagging.soft_tags(tagger, pictures[5:6], shown.index[5:6].tolist())
    np.testing.assert_allclose(together.iloc[5:6], alone, atol=1e-5)


def test_training_is_the_same_twice(tmp_path: Path) -> None:
    one, other = trained(tmp_path / "a", 5).state_dict(), trained(tmp_path / "b", 5).state_dict()
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_targets_are_any_or_a_share_of_a_pictures_captions() -> None:
    said = pd.DataFrame({"dog": [1, 0, 0, 1], "ball": [0, 0, 0, 1]}, index=["u1", "u2", "u3", "u4"]).astype(bool)
    images = pd.Series({"u4": "q", "u3": "p", "u2": "p", "u1": "p", "u5": "p"})
    any_of = tagging.picture_targets(said, images)
    assert any_of.loc["p"].tolist() == [1, 0]
    assert any_of.loc["q"].tolist() == [1, 1]
    assert tagging.picture_targets(said, images, "fraction").loc["p", "dog"] == pytest.approx(1 / 3)
    with pytest.raises(UserError, match="any, fraction"):
        tagging.picture_targets(said, images, "most")


def test_cross_fitting_never_tags_with_a_network_that_saw_the_captions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, shown = blobs(20, 6)
    values = np.arange(20.0)[:, None]
    used = dict[Path, set[float]]()

    def note(
        tagger: tagging.Tagger, inputs: np.ndarray, _: object, dev: np.ndarray, __: object, folder: Path, **___: object
    ) -> None:
        assert folder not in used
        used[folder] = {*inputs.ravel(), *dev.ravel()}
        folder.mkdir(parents=True)
        (folder / tagging.WEIGHTS).touch()

    def tag(folder: Path, inputs: np.ndarray, ids: list[str], device: object = None) -> pd.DataFrame:
        saw = [values for place, values in used.items() if place.parent == folder]
        assert len(saw) == 2
        assert set.union(*saw).isdisjoint(inputs.ravel())
        return pd.DataFrame(inputs, index=ids)

    monkeypatch.setattr(tagging, "train_tagger", note)
    monkeypatch.setattr(tagging, "mean_tags", tag)
    for _ in range(2):  # the second call finds all taggers
        found = tagging.cross_fit(small, values, shown, tmp_path, folds=4, members=2)
        assert found.index.tolist() == shown.index.tolist()
        assert found[0].tolist() == list(range(20))
    assert len(used) == 8
    with pytest.raises(UserError, match="2 folds"):
        tagging.cross_fit(small, values, shown, tmp_path, folds=2)


def test_tags_of_several_taggers_are_averaged(tmp_path: Path) -> None:
    values = np.random.default_rng(0).random((5, 6), np.float32)
    for number, place in enumerate(("a", "b/c")):
        torch.manual_seed(number)
        tagging.save_tagger(tagging.ActivationTagger(("dog", "cat"), 6, (4,)), tmp_path / place)
    ones = [tagging.soft_tags(tagging.load_tagger(tmp_path / place), values, list("vwxyz")) for place in ("a", "b/c")]
    assert not np.allclose(*ones)
    np.testing.assert_allclose(tagging.mean_tags(tmp_path, values, list("vwxyz")), (ones[0] + ones[1]) / 2)


def test_activation_tagger_begins_from_the_prior_and_may_take_roots() -> None:
    torch.manual_seed(0)
    values = torch.rand(64, 10) * 9
    plain, root = (tagging.ActivationTagger(("dog", "cat"), 10, (8, 8), 0.0, scale).eval() for scale in tagging.SCALES)
    plain.expect(torch.tensor([0.2, 0.01]))
    tags = torch.sigmoid(plain(values)).mean(0)
    assert tags.tolist() == pytest.approx([0.2, 0.01], rel=0.9)
    torch.testing.assert_close(root(values), root(9 * values))  # on a sphere
    assert not torch.allclose(plain(values), plain(9 * values))
    with pytest.raises(UserError, match="none, root"):
        tagging.ActivationTagger(("dog",), 10, scale="log")


def test_content_words_are_the_common_ones_after_the_keywords() -> None:
    texts = ["a dog runs to the ball", "The dog 's red ball", "a dog", "ball games"]
    assert tagging.content_words(texts, 5, ["snow", "red"]) == ["snow", "red", "dog", "ball", "runs"]


def test_average_precision_counted_by_hand() -> None:
    names = list("abcd")
    tags = pd.DataFrame({"dog": [0.9, 0.8, 0.7, 0.1], "cat": [0.5, 0.4, 0.3, 0.2]}, index=names)
    said = pd.DataFrame({"dog": [1, 0, 0.2, 0], "cat": [0, 0, 0, 0]}, index=names[::1])
    table = tagging.average_precisions(tags, said.loc[names[::-1]])
    assert table["keyword"].tolist() == ["dog"]
    assert table["average_precision"].iloc[0] == pytest.approx((1 + 2 / 3) / 2)
    assert table["prevalence"].iloc[0] == 0.5


def test_reliability_counted_by_hand() -> None:
    tags = pd.DataFrame({"dog": [0.05, 0.15, 0.95], "cat": [0.1, 1.0, 0.97]}, index=list("abc"))
    said = pd.DataFrame({"dog": [0, 1, 1], "cat": [0, 1, 0]}, index=list("abc"))
    table = tagging.reliability(tags, said)
    assert table["low"].tolist() == pytest.approx([0, 0.1, 0.9])
    assert table["count"].tolist() == [1, 2, 3]
    assert table["share"].tolist() == pytest.approx([0, 0.5, 2 / 3])
    assert table["tag"].tolist() == pytest.approx([0.05, 0.125, (0.95 + 1 + 0.97) / 3])


def test_varied_pictures_stay_pictures() -> None:
    pictures = torch.from_numpy(blobs(6, 7)[0])
    torch.manual_seed(0)
    one, other = tagging.vary(pictures), tagging.vary(pictures)
    assert one.shape == pictures.shape
    assert torch.isfinite(one).all()
    assert not torch.equal(one, other)
    assert abs(float(one.mean() - pictures.float().mean())) < 30


def test_what_is_wrong_with_a_stored_tagger_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"model\.yaml is missing"):
        tagging.load_tagger(tmp_path)
    tagging.save_tagger(small(), tmp_path)
    about = (tmp_path / "model.yaml").read_text()
    (tmp_path / "model.yaml").write_text(about.replace("- 16", "- 12"))
    with pytest.raises(UserError, match="another tagger"):
        tagging.load_tagger(tmp_path)
    (tmp_path / "model.yaml").write_text(about)
    whole = (tmp_path / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="cut short"):
        tagging.load_tagger(tmp_path)


def test_rows_must_match(tmp_path: Path) -> None:
    pictures, shown = blobs(10, 8)
    with pytest.raises(UserError, match="10 pictures and targets for 9"):
        tagging.train_tagger(small(), pictures, shown[:9], pictures, shown, tmp_path, epochs=1)


@pytest.mark.skipif("VGSNB_DATA" not in os.environ, reason="VGSNB_DATA does not name a folder with flickr8k: not tried")
def test_the_papers_tagger_on_stored_activations_of_photographs(tmp_path: Path) -> None:
    from vgsnb.vision.backbones import read_activations

    folder = Path(os.environ["VGSNB_DATA"]) / "flickr8k"
    words = (folder / "semantic" / "keywords.txt").read_text().split()
    captions = pd.read_csv(folder / "Flickr8k.token.txt", sep="\t", names=["id", "text"])
    images = captions["id"].str.split(".jpg#").str[0]
    tokens = captions["text"].str.lower().str.split().map(set)
    said = pd.DataFrame({word: tokens.map(lambda found, word=word: word in found) for word in words})
    values = read_activations(folder / "vgg16_fc7_fp16.npz")
    targets = tagging.picture_targets(said, images)
    chosen = [name for name in values.index if name in targets.index][:1600]
    train, dev, test = chosen[:1200], chosen[1200:1400], chosen[1400:]
    tagger = tagging.ActivationTagger(words, hidden=(256,))
    inputs = {name: values.loc[part].to_numpy() for name, part in (("train", train), ("dev", dev), ("test", test))}
    tagging.train_tagger(
        tagger, inputs["train"], targets.loc[train], inputs["dev"], targets.loc[dev], tmp_path, epochs=4
    )
    table = tagging.average_precisions(tagging.soft_tags(tagger, inputs["test"], test), targets.loc[test])
    assert table["average_precision"].mean() > 2 * table["prevalence"].mean()


def test_fewer_pictures_than_half_a_batch_are_one_batch(tmp_path):
    history = tagging.train_tagger(
        tagging.ActivationTagger(("a",), 4, hidden=[3]),
        *(np.ones((5, 4), np.float32), pd.DataFrame({"a": [0.0, 1, 0, 1, 1]})) * 2, tmp_path, epochs=2, batch_size=64,
    )  # fmt: skip
    assert history["train_loss"].notna().all()
