"""German counterparts of English keywords, from made-up sentence pairs."""

import os
from pathlib import Path

import pandas as pd
import pytest
from small_flickr8k import write_flickr8k

from vgsnb import languages, parallel
from vgsnb.errors import UserError

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
    ("A street.", "Eine Straße."),
    ("The black street.", "Die schwarze Straße."),
    ("A road and another road.", "Eine Straße und noch eine Straße."),
    ("A long road.", "Eine lange Straße."),
    ("The cat of a boy.", "Die Katze von einem Jungen."),
    ("A black cat.", "Eine schwarze Katze."),
    ("A black helmet.", "Ein schwarzer Helm."),
    ("A boy.", "Ein Junge."),
    ("A boy runs.", "Ein Junge rennt."),
    ("A boy sleeps.", "Ein Junge schläft."),
    ("A young woman.", "Eine junge Frau."),
    ("A young cat.", "Ein junges Kätzchen."),
    ("A tennis ball.", "Ein Tennisball."),
    ("A wooden ball.", "Ein Ball aus Holz."),
]
KEYWORDS = ["dogs", "bike", "black", "street", "road", "sits", "sitting", "beach", "boy", "young", "running"]
KEYWORDS += ["tennis", "ball", "ocean"]


def pairs_of(*pairs: tuple[str, str], times: int = 10) -> pd.DataFrame:
    return pd.DataFrame(list(pairs) * times, columns=["english", "german"])  # rules ask for several pairs


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return parallel.counterparts(pairs_of(*PAIRS), KEYWORDS).set_index("keyword")


def test_a_plural_keeps_its_plural_forms(table: pd.DataFrame) -> None:
    assert table.loc["hunde", ["written", "forms", "words"]].tolist() == ["Hunde", "hunde", "dogs"]


def test_adjectives_have_all_their_endings_and_verbs_their_infinitive(table: pd.DataFrame) -> None:
    assert table.loc["schwarz", "forms"] == "schwarz schwarze schwarzem schwarzen schwarzer schwarzes"
    assert table.loc["rennen", ["written", "forms"]].tolist() == ["rennen", "rennen rennt"]


def test_keywords_with_one_counterpart_are_one(table: pd.DataFrame) -> None:
    assert table.loc["straße", ["written", "english"]].tolist() == ["Straße", "street road"]
    assert table.loc["sitzen", ["english", "words"]].tolist() == ["sits sitting", "sits sitting sit"]
    assert "ocean" not in " ".join(table["english"])


def test_the_dictionary_has_other_words_for_it_and_no_company(table: pd.DataFrame) -> None:
    assert table.loc["fahrrad", "words"] == "bike bicycle"  # "helmet" is of Helm
    assert table.loc["strand", "words"] == "beach"


def test_a_form_of_two_keywords_belongs_to_the_likelier(table: pd.DataFrame) -> None:
    forms = table["forms"].str.split().explode()
    assert forms.is_unique
    assert "junge" in table.loc["junge", "forms"].split()  # of four that say it, three say "boy"
    assert table.loc["junge", "english"] == "boy"


def test_a_compound_that_says_more_than_the_keyword_is_no_counterpart(table: pd.DataFrame) -> None:
    assert "tennisball" not in table.index
    assert "tennis" not in " ".join(table["english"])


def test_counts_are_those_of_the_pairs(table: pd.DataFrame) -> None:
    assert table.loc["hunde", ["pairs", "dice"]].tolist() == [30, 1.0]
    assert table.loc["fahrrad", "pairs"] == 20
    assert table.loc["fahrrad", "dice"] == pytest.approx(2 * 20 / (20 + 40))


def test_rare_and_loose_counterparts_are_left_out() -> None:
    assert parallel.counterparts(pairs_of(*PAIRS, times=1), ["dogs"]).empty
    loose = [("A beach.", "Sand."), ("A dog.", "Sand."), ("A cat.", "Sand.")]
    assert parallel.counterparts(pairs_of(*loose, times=30), ["beach"])["dice"].tolist() == [0.5]
    assert parallel.counterparts(pairs_of(*loose, loose[1], times=30), ["beach"]).empty
    assert parallel.counterparts(pairs_of(("A cat.", "Eine Katze.")), ["beach"]).empty
    assert parallel.counterparts(pairs_of(), ["beach"]).empty


def test_the_order_of_the_pairs_does_not_matter(table: pd.DataFrame) -> None:
    again = parallel.counterparts(pairs_of(*PAIRS[::-1]), KEYWORDS).set_index("keyword")
    pd.testing.assert_frame_equal(again, table)


def test_words_of_a_pair_compete_for_their_translation() -> None:
    english = [["wave", "surfer"], ["surfer"], ["wave"]] * 5
    german = [["welle", "surfer"], ["surfer"], ["welle"]] * 5
    tables = [
        pd.DataFrame([(pair, word) for pair, text in enumerate(texts) for word in text], columns=["pair", "word"])
        for texts in (english, german)
    ]
    found = parallel.translations(*tables).set_index(["english", "german"])
    assert found.loc[("wave", "welle"), "probability"] > 0.9
    assert found.loc[("surfer", "welle"), "probability"] < 0.1
    assert found.groupby("english")["probability"].sum().tolist() == pytest.approx([1, 1, 1])
    assert found["expected"].sum() == pytest.approx(20)  # German words


def test_pairs_are_translations_of_the_pictures_of_one_split(tmp_path: Path) -> None:
    folder = write_flickr8k(tmp_path)
    rows = [
        "1_a.jpg\tt1.en\tA dog.",
        "1_a.jpg\tt1.de\tEin Hund.",
        "1_a.jpg\tt2.de.1\tEin Tier.",
        "2_b.jpg\tt1.en\tAlone.",
    ]
    rows += ["6_f.jpg\tt1.en\tA cat.", "6_f.jpg\tt1.de\tEine Katze."]
    (folder / "captions_de.tsv.gz").unlink()
    (folder / "captions_de.tsv").write_text("\n".join(rows), encoding="utf-8")
    assert parallel.read_pairs(folder).to_numpy().tolist() == [["1_a", "A dog.", "Ein Hund."]]
    assert parallel.read_pairs(folder, "test")["german"].tolist() == ["Eine Katze."]
    (folder / "captions_de.tsv").unlink()
    with pytest.raises(UserError, match=r"has no captions_de\.tsv\.gz: put"):
        parallel.read_pairs(folder)


@pytest.mark.skipif("VGSNB_DATA" not in os.environ, reason="VGSNB_DATA does not name a folder with flickr8k: not tried")
def test_the_stored_keywords_come_from_flickr8k_by_the_rule(tmp_path: Path) -> None:
    parallel.write_keywords(Path(os.environ["VGSNB_DATA"]) / "flickr8k", tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_text(encoding="utf-8") == languages.CSV.read_text(encoding="utf-8")
