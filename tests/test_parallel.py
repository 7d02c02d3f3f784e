"""German counterparts of English keywords, from made-up sentence pairs."""

import os
from pathlib import Path

import pandas as pd
import pytest

from vgsnb import languages, parallel

PAIRS = [
    ("Two dogs run.", "Zwei Hunde rennen."),
    ("A dog sleeps.", "Ein Hund schläft."),
    ("A dog runs.", "Ein Hund rennt."),
    ("Three dogs sit on the beach.", "Drei Hunde sitzen am Strand."),
    ("Dogs on a beach.", "Hunde an einem Strand."),
    ("A bicycle on the street.", "Ein Fahrrad auf der Straße."),
    ("A bike on the road.", "Ein Fahrrad auf der Straße."),
    ("A black bike.", "Ein schwarzes Fahrrad."),
    ("A man with a helmet on a bicycle.", "Ein Mann mit Helm auf einem Fahrrad."),
    ("A helmet.", "Ein Helm."),
    ("A man sits.", "Ein Mann sitzt."),
    ("A woman is sitting.", "Eine Frau sitzt."),
    ("A black street.", "Eine schwarze Straße."),
    ("A road and another road.", "Eine Straße und noch eine Straße."),
    ("A long road.", "Eine lange Straße."),
    ("A black cat.", "Eine schwarze Katze."),
    ("A black helmet.", "Ein schwarzer Helm."),
]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    pairs = pd.DataFrame(PAIRS * 10, columns=["english", "german"])  # ten times: rules ask for several pairs
    keywords = ["dogs", "bike", "black", "street", "road", "sits", "sitting", "beach", "ocean"]
    return parallel.counterparts(pairs, keywords).set_index("keyword")


def test_a_plural_keeps_its_plural_forms_and_other_keywords_their_inflections(table: pd.DataFrame) -> None:
    assert table.loc["hunde", "forms"] == "hunde"
    assert table.loc["hunde", "written"] == "Hunde"
    assert set(table.loc["schwarz", "forms"].split()) == {"schwarz" + end for end in ("", "e", "en", "er", "es", "em")}
    assert table.loc["schwarz", "written"] == "schwarz"


def test_keywords_with_one_counterpart_are_one(table: pd.DataFrame) -> None:
    assert table.loc["straße", "english"] == "street road"
    assert set(table.loc["sitzen", "english"].split()) == {"sits", "sitting"}
    assert set(table.loc["sitzen", "forms"].split()) == {"sitzt", "sitzen"}
    assert "ocean" not in " ".join(table["english"])


def test_the_dictionary_has_other_words_for_it_and_no_company(table: pd.DataFrame) -> None:
    assert set(table.loc["fahrrad", "words"].split()) == {"bike", "bicycle"}  # "helmet" is of Helm
    assert table.loc["hunde", "words"] == "dogs"
    assert table.loc["strand", "words"] == "beach"


def test_counts_are_those_of_the_pairs(table: pd.DataFrame) -> None:
    assert table.loc["hunde", "pairs"] == 30
    assert table.loc["hunde", "dice"] == 1.0
    assert table.loc["fahrrad", "pairs"] == 20
    assert table.loc["fahrrad", "dice"] == pytest.approx(2 * 20 / (20 + 40), abs=5e-4)


def test_rare_and_loose_counterparts_are_left_out() -> None:
    few = pd.DataFrame(PAIRS, columns=["english", "german"])
    assert parallel.counterparts(few, ["dogs"]).empty
    loose = pd.DataFrame([("A beach.", "Sand."), ("A dog.", "Sand."), ("A cat.", "Sand.")] * 30)
    assert parallel.counterparts(loose.set_axis(["english", "german"], axis=1), ["beach"])["dice"].tolist() == [0.5]
    looser = pd.DataFrame([("A beach.", "Sand."), *[("A dog.", "Sand.")] * 3] * 30)
    assert parallel.counterparts(looser.set_axis(["english", "german"], axis=1), ["beach"]).empty


def test_the_order_of_the_pairs_does_not_matter(table: pd.DataFrame) -> None:
    turned = pd.DataFrame(PAIRS[::-1] * 10, columns=["english", "german"])
    again = parallel.counterparts(
        turned, ["dogs", "bike", "black", "street", "road", "sits", "sitting", "beach", "ocean"]
    )
    assert again.set_index("keyword")[["english", "pairs", "dice"]].equals(table[["english", "pairs", "dice"]])


@pytest.mark.skipif("VGSNB_DATA" not in os.environ, reason="VGSNB_DATA does not name a folder with flickr8k: not tried")
def test_the_stored_keywords_come_from_flickr8k_by_the_rule(tmp_path: Path) -> None:
    pairs = parallel.read_pairs(Path(os.environ["VGSNB_DATA"]) / "flickr8k")
    assert len(pairs) > 5000
    parallel.counterparts(pairs).to_csv(tmp_path / "again.csv", index=False)
    assert (tmp_path / "again.csv").read_text() == languages.CSV.read_text()
