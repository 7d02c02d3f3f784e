"""What is known of an utterance besides its words: votes on its meaning, true facts of the scene, translations."""

import gzip
import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest
from small_flickr8k import write

from vgsnb.corpora import Corpus, relevance
from vgsnb.errors import UserError
from vgsnb.scenes.facts import Scene

DOG = Scene("dogs", "dog", 3, None, "snow", "run", coat=("black",), spot="flat", objects=("ball",))
SURFER = Scene("surf", "surfer", 1, None, "ocean", "ridewave", objects=("surfboard",))


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    labels = ['a_1,"a dog runs",dogs|running', 'b_2,"nothing fits, really",']
    counts = ['a_1,"a dog runs",dogs=15|running=3|grass=2', 'b_2,"nothing fits, really",null=1']
    write(tmp_path / relevance.LABELS, "utt_key,transcription,keywords", *labels)
    write(tmp_path / relevance.COUNTS, "utt_key,transcription,counts", *counts)
    return tmp_path


def test_labels_and_counts_of_annotators(judged: Path) -> None:
    relevant, votes = relevance.read_relevance(judged, ["dogs", "running", "grass", "pool"])
    assert relevant.loc["a_1"].tolist() == [True, True, False, False]
    assert votes.loc["a_1"].tolist() == [5, 3, 2, 0]
    assert not relevant.loc["b_2"].any()
    assert not votes.loc["b_2"].any()


def test_broken_labels_are_named(judged: Path) -> None:
    counts = judged / relevance.COUNTS
    write(counts, "utt_key,transcription,counts", "a_1,a dog runs,dogs=many", "b_2,x,")
    with pytest.raises(UserError, match="no keyword=count"):
        relevance.read_relevance(judged, ["dogs"])
    write(counts, "utt_key,transcription,counts", "a_1,a dog runs,dogs=5")
    with pytest.raises(UserError, match="b_2 in one"):
        relevance.read_relevance(judged, ["dogs"])
    write(counts, "utterance,counts", "a_1,dogs=5")
    with pytest.raises(UserError, match="no columns utt_key and counts"):
        relevance.read_relevance(judged, ["dogs"])
    counts.unlink()
    with pytest.raises(UserError, match=r"counts\.csv is missing"):
        relevance.read_relevance(judged, ["dogs"])


def scenes(seed: int = 1) -> Corpus:
    rows = [{"image_id": name, "facts": json.dumps(asdict(scene))} for name, scene in {"d": DOG, "s": SURFER}.items()]
    nothing = pd.DataFrame()
    return Corpus(Path("."), {"parameters": {"seed": seed}}, nothing, nothing, pd.DataFrame(rows))


def test_careful_describers_say_what_is_true_of_a_scene_though_few_say_it() -> None:
    words = ["dogs", "black", "snow", "three", "ball", "ocean", "pool", "white", "grass"]
    votes = relevance.scene_votes(scenes(), ["s", "d"], words)
    assert votes.index.tolist() == ["s", "d"]
    dogs, surfing = votes.loc["d"], votes.loc["s"]
    assert (dogs[["dogs", "black", "snow", "three"]] >= relevance.TRUE_AT).all()
    assert (dogs[["ocean", "pool", "grass"]] == 0).all()
    assert relevance.TRUE_AT <= surfing["ocean"] < 60  # true, and mostly left unsaid
    assert (surfing[["dogs", "snow", "three"]] == 0).all()
    assert ((votes >= 0) & (votes <= relevance.DESCRIBERS)).all(axis=None)


def test_votes_on_a_scene_depend_on_its_name_and_the_seed_alone() -> None:
    alone = relevance.scene_votes(scenes(), ["d"], ["black", "ball"]).loc["d"]
    assert alone.equals(relevance.scene_votes(scenes(), ["s", "d"], ["black", "ball"]).loc["d"])
    assert not alone.equals(relevance.scene_votes(scenes(2), ["d"], ["black", "ball"]).loc["d"])


def test_a_translation_belongs_to_the_caption_with_the_same_words(tmp_path: Path) -> None:
    captions = ["a.jpg#0\tA dog 's ball .", "a.jpg#1\ta dog's ball", "a.jpg#2\tA cat .", "b.jpg#0\tA cat ."]
    write(tmp_path / "Flickr8k.token.txt", *captions)
    rows = ["a.jpg\tt1.en\tA dog's ball.", "a.jpg\tt1.de\tEin Hundeball.", "a.jpg\tt2.de.1\tEin Ball."]
    rows += ["b.jpg\tt1.en\tA cow.", "b.jpg\tt1.de\tEine Kuh.", "c.jpg\tt1.en\tAlone."]
    german = tmp_path / "captions_de.tsv.gz"
    german.write_bytes(gzip.compress("\n".join(rows).encode()))
    found = relevance.reference_translations(tmp_path)
    assert found.to_dict() == {"a_0": "Ein Hundeball.", "a_1": "Ein Hundeball."}
