"""The tables of all models: detection, localisation and tagging, with chance, perfect ears and intervals.

Names and fractions are those of the summaries in ``runs/<preset>/summary``: a row a system and seed, a column a
measure, and for each measure ``<measure>_low`` and ``<measure>_high``, its 95 % interval from resampling pictures.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgsnb import devices, evaluation, files, released, steps
from vgsnb.evaluation import chance, confusions, intervals
from vgsnb.evaluation.intervals import Values
from vgsnb.evaluation.localisation import MEASURES, oracle
from vgsnb.further import PARTS, chosen, concerning
from vgsnb.further.localisation import methods_for, own_method
from vgsnb.models import KeywordModel
from vgsnb.released import counting
from vgsnb.settings import PAPER, Settings, merge
from vgsnb.speech.workers import spread
from vgsnb.vocabulary import RELATED

EARS = "perfect-ears"  # a student of the same tags that is given the caption's words: uses text
BETTER = "better teacher"  # in the name of an objective: its tags are others
LEADING = "CNN-Attend"  # the papers' best architecture: it places in the best pair, and its scores are permuted
PERMUTED = "permuted"  # the detections and rankings of CNN-Attend dealt anew to the utterances
STEP = 0.02  # seconds between two values of a curve
CHANCE = ("chance-random", "chance-middle")
NAMED = ("architecture", "method", "supervision", "seed", "theta", "recipe", "n_utterances", "corpus")
# What the departures of the released code are measured on, where a preset has the architecture.
AS_RELEASED = {"CNN-Attend": ("attention", "masked-in", "masked-out"), "PSC": ("score-aggregation",)}
WORTH = ("f1", "p10", "oracle_accuracy", "actual_f1", "spotting_p10")
# What goes further is measured on these, and on the methods that its parts bring; the last is the papers' best.
FURTHER = {"CNN-Attend": ("attention", "masked-in"), "PSC": ("score-aggregation",)}
NOT_JUDGED: dict[str, object] = {"dev_loss": float("nan"), "dev_tag10": float("nan")}
REACHED = (*MEASURES, "precision", "recall", "f1", "p10", "related_accuracy")
Row = dict[str, object]
Placer = tuple[Settings, str, str, int, str]  # a recipe, with architecture, supervision, seed and method


def at_threshold_of_2021(settings: Settings, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Localisation by each architecture's own method and detection of the BoW models at that paper's θ = 0.4.

    The rows that Tables 1 and 2 of Olaleye and Kamper (2021) have; none at a preset without BoW models.
    """
    earlier = replace(settings, numbers=merge(settings.numbers, {"evaluation": {"threshold": 0.4}}, "2021"))
    placed, found = list[Row](), list[Row]()
    for architecture, _ in [system for system in _systems(settings) if system[1] == "BoW"]:
        method = own_method(steps.trained(earlier, architecture, "BoW", seed).model)
        scores = steps.scores(earlier, architecture, "BoW", seed, "test")
        places = steps.places(earlier, architecture, "BoW", seed, method)
        placed.append(_localisation_row(earlier, architecture, method, "BoW", seed, scores, places))
        found.append(_detection_row(earlier, architecture, "BoW", seed, scores))
    return pd.DataFrame(placed), pd.DataFrame(found)


def leading(settings: Settings) -> str:
    """CNN-Attend, or the first architecture of a preset that lacks it."""
    names = settings["systems"]["architectures"]
    return LEADING if LEADING in names else str(names[0])


def detection(settings: Settings, seed: int) -> pd.DataFrame:
    """Detection and spotting of every model on the test data, perfect ears and permuted scores below them."""
    scores = {system: steps.scores(settings, *system, seed, "test") for system in _systems(settings)}

    def make() -> pd.DataFrame:
        rows = [_detection_row(settings, *system, seed, found) for system, found in scores.items()]
        ears = steps.perfect_ears_of(settings)[0][list(steps.scored_keywords(settings))]
        rows.append(_detection_row(settings, EARS, "VGS", seed, ears))
        for supervision in settings["systems"]["supervisions"]:
            rows.append(_permuted_row(settings, supervision, seed, scores[leading(settings), supervision]))
        return pd.DataFrame(rows)

    models = [steps.trained(settings, *system, seed).folder.name for system in _systems(settings)]
    numbers = {"models": models, "keywords": settings["keywords"], "evaluation": settings["evaluation"]}
    numbers |= {"recipe": settings.recipe, "departures": settings["departures"], **_parts(settings)}
    modules = ["vgsnb.evaluation", "vgsnb.summary"]
    return steps.table(settings, f"detection-{seed}", numbers, modules, make)


def _systems(settings: Settings) -> list[tuple[str, str]]:
    systems = settings["systems"]
    return [(name, supervision) for supervision in systems["supervisions"] for name in systems["architectures"]]


def _detection_row(settings: Settings, architecture: str, supervision: str, seed: int, scores: pd.DataFrame) -> Row:
    theta, present = settings["evaluation"]["threshold"], steps.bag_of_words(settings, "test")
    found = scores.loc[present.index]

    def measure(weights: pd.DataFrame) -> Values:
        return evaluation.detection(found, present, theta, weights) | evaluation.spotting(found, present, weights)

    return _name(settings, architecture, supervision, seed, len(found)) | with_intervals(settings, measure)


def _permuted_row(settings: Settings, supervision: str, seed: int, scores: pd.DataFrame) -> Row:
    theta, present = settings["evaluation"]["threshold"], steps.bag_of_words(settings, "test")
    flat = chance.permuted_scores(scores)

    def measure(weights: pd.DataFrame) -> Values:
        found = chance.permuted_detection(scores, present, theta, weights=weights)
        return found | evaluation.spotting(flat, present, weights)

    return _name(settings, PERMUTED, supervision, seed, len(scores)) | with_intervals(settings, measure)


def with_intervals(
    settings: Settings, measure: Callable[[pd.DataFrame], Values], least: float | pd.Series = 0.0
) -> Row:
    """The values of a measure as columns of a row, with ``<measure>_low`` and ``<measure>_high`` over pictures.

    ``least`` is the lowest value that it, or each, can have.
    """
    return with_bounds(*measured(settings, measure), least)


def with_differences(
    settings: Settings, measure: Callable[[pd.DataFrame], Values], base: tuple[pd.Series, pd.DataFrame]
) -> Row:
    """The same columns, and ``<measure>_difference`` to ``base``, what ``measured`` gave for another system."""
    return _beside(*measured(settings, measure), base)


def _beside(value: pd.Series, values: pd.DataFrame, base: tuple[pd.Series, pd.DataFrame]) -> Row:
    away = (value - base[0]).add_suffix("_difference")
    return with_bounds(value, values) | with_bounds(away, (values - base[1]).add_suffix("_difference"), least=-1.0)


def measured(settings: Settings, measure: Callable[[pd.DataFrame], Values]) -> tuple[pd.Series, pd.DataFrame]:
    """The values of a measure, and those in every resample of the pictures; the same resamples for all systems."""
    images, numbers = steps.utterances(settings, "test").set_index("utterance_id")["image_id"], settings["evaluation"]
    return intervals.measured(measure, images, numbers["resamples"], numbers["seed"])


def with_bounds(
    value: pd.Series, values: pd.DataFrame, least: float | pd.Series = 0.0, most: float | pd.Series = 1.0
) -> Row:
    """What ``measured`` gave as columns of a row: each value, ``<measure>_low`` and ``<measure>_high``."""
    table = intervals.bounds(value, values, least=least, most=most)
    return dict(pd.concat([table["value"], *(table[bound].add_suffix(f"_{bound}") for bound in ("low", "high"))]))


def voices(settings: Settings, seed: int) -> pd.DataFrame:
    """F1 and average precision on the same test captions: unseen voices beside voices of the training data.

    Empty where the corpus does not have the captions in both.
    """
    rows = list[Row]()
    if steps.utterances(settings, "test-seen").empty:
        return pd.DataFrame(rows)
    for architecture, supervision in _systems(settings):
        row = _name(settings, architecture, supervision, seed, len(steps.utterances(settings, "test")))
        for split in ("test", "test-seen"):
            scores = steps.scores(settings, architecture, supervision, seed, split)
            present = steps.bag_of_words(settings, split)
            found = evaluation.detection(scores, present, settings["evaluation"]["threshold"])
            ranked = evaluation.spotting(scores, present)
            row |= {f"f1 {split}": found["f1"], f"average_precision {split}": ranked["average_precision"]}
        rows.append(row)
    return pd.DataFrame(rows)


def development(settings: Settings, seed: int) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Name, scores and words said on the development data, a model at a time. Uses text."""
    present = steps.bag_of_words(settings, "dev")
    for architecture, supervision in _systems(settings):
        yield f"{architecture} {supervision}", steps.scores(settings, architecture, supervision, seed, "dev"), present


def localisation(settings: Settings, architecture: str, supervision: str, seed: int) -> pd.DataFrame:
    """The three localisation tasks of one model by every method, with the two chance rows below."""
    return pd.read_parquet(_localised(settings, architecture, supervision, seed) / "table.parquet")


def resamples(settings: Settings, seed: int) -> pd.DataFrame:
    """The localisation measures of every model in every resample of the pictures, for intervals of differences.

    A row a resample, the same pictures for all; the columns are named ``(architecture, method, supervision, metric)``.
    """
    found = dict[tuple[str, ...], pd.Series]()
    for architecture, supervision in _systems(settings):
        values = pd.read_parquet(_localised(settings, architecture, supervision, seed) / "resamples.parquet")
        for name, column in values.items():
            method, metric = str(name).split()
            found[architecture, method, supervision, metric] = column
    return pd.DataFrame(found)


def _localised(settings: Settings, architecture: str, supervision: str, seed: int) -> Path:
    """The folder with ``table.parquet``, and ``resamples.parquet``: a column a method and metric, a row a resample."""
    scores = steps.scores(settings, architecture, supervision, seed, "test")
    model = steps.trained(settings, architecture, supervision, seed)

    def make(folder: Path) -> None:
        placed = {
            name: steps.places(settings, architecture, supervision, seed, name) for name in methods_for(model.model)
        }
        rows, draws = list[Row](), list[pd.DataFrame]()
        tasks = {name: _tasks(settings, scores, places, name) for name, places in placed.items()}
        tasks |= {name: _tasks_of(settings, scores, right) for name, right in _chance(settings).items()}
        for name, (measure, utterances) in tasks.items():
            value, values = measured(settings, measure)
            rows.append(_name(settings, architecture, supervision, seed, utterances, name) | with_bounds(value, values))
            draws.append(values.add_prefix(f"{name} "))
        pd.DataFrame(rows).to_parquet(folder / "table.parquet")
        pd.concat(draws, axis=1).to_parquet(folder / "resamples.parquet")

    names = ("keywords", "masking", "evaluation", "departures")
    numbers: dict[str, object] = {name: settings[name] for name in names}
    numbers |= {"model": model.folder.name, "recipe": settings.recipe, **_parts(settings)}
    modules = ["vgsnb.evaluation", "vgsnb.localisation", "vgsnb.summary"]
    return steps.step(settings, f"localisation-{architecture}-{supervision}-{seed}", numbers, modules, make)


def _chance(settings: Settings) -> dict[str, pd.DataFrame]:
    present, words = steps.bag_of_words(settings, "test"), steps.heard(settings).words
    durations = steps.utterances(settings, "test").set_index("utterance_id")["duration"]
    middle = evaluation.right_table(chance.middle_places(durations, present), words, present)
    return dict(zip(CHANCE, (chance.random_right(words, durations, present), middle), strict=True))


def _localisation_row(
    settings: Settings,
    architecture: str,
    method: str,
    supervision: str,
    seed: int,
    scores: pd.DataFrame,
    places: pd.DataFrame,
) -> Row:
    measure, utterances = _tasks(settings, scores, places, method)
    name = _name(settings, architecture, supervision, seed, utterances, method)
    return name | with_intervals(settings, measure)


def _name(settings: Settings, architecture: str, supervision: str, seed: int, utterances: int, method: str = "") -> Row:
    """Which system a row is about, and what it was measured on."""
    placed = {"method": method} if method else {}
    theta, corpus = settings["evaluation"]["threshold"], steps.corpus(settings).about["name"]
    system = {"architecture": architecture, **placed, "supervision": supervision, "seed": seed, "theta": theta}
    return {**system, "recipe": settings.recipe, "n_utterances": utterances, "corpus": corpus}


Measure = Callable[[pd.DataFrame], Values]


def _tasks(settings: Settings, scores: pd.DataFrame, places: pd.DataFrame, method: str) -> tuple[Measure, int]:
    """The three tasks as a measure, counted as the paper or as the recipe says; and over how many utterances."""
    ids = steps.localised_utterances(settings, method)
    words, present = steps.heard(settings).words, steps.bag_of_words(settings, "test").loc[ids]
    if not released.concerning(settings["departures"], "counting"):
        return _tasks_of(settings, scores, evaluation.right_table(places, words, present))
    theta, found = settings["evaluation"]["threshold"], scores.loc[ids]
    return lambda weights: counting.localisation(found, present, places, words, theta, weights), len(ids)


def _tasks_of(settings: Settings, scores: pd.DataFrame, right: pd.DataFrame) -> tuple[Measure, int]:
    theta, present = settings["evaluation"]["threshold"], steps.bag_of_words(settings, "test").loc[right.index]
    found = scores.loc[right.index]
    return lambda weights: evaluation.localisation(found, present, right, theta, weights), len(right)


def all_localisation(settings: Settings, seed: int) -> pd.DataFrame:
    """Every model and method, the best pair of detector and localiser, and perfect ears."""
    tables = [localisation(settings, *system, seed) for system in _systems(settings)]
    pairs = [best_pair(settings, supervision, seed) for supervision in settings["systems"]["supervisions"]]
    ears, places = steps.perfect_ears_of(settings)
    ears = ears[list(steps.scored_keywords(settings))]
    row = _localisation_row(settings, EARS, "attribution", "VGS", seed, ears, places)
    return pd.concat([*tables, pd.DataFrame([*pairs, row])], ignore_index=True)


def by_seed(settings: Settings) -> pd.DataFrame:
    """Localisation, detection and spotting of CNN-Attend (``leading``) trained with each seed of the preset.

    A row a method, supervision and seed, without intervals: how far seeds differ is what it is for.
    """
    rows = list[Row]()
    for supervision, seed in product(settings["systems"]["supervisions"], settings["systems"]["seeds"]):
        system = (settings, leading(settings), supervision, seed)
        found, present = steps.scores(*system, "test"), steps.bag_of_words(settings, "test")
        found, theta = found.loc[present.index], settings["evaluation"]["threshold"]
        heard = evaluation.detection(found, present, theta) | evaluation.spotting(found, present)
        placed = localisation(*system)
        models = placed[~placed["method"].isin(CHANCE)].to_dict("records")
        rows += [{name: row[name] for name in (*NAMED, *MEASURES)} | heard for row in models]
    return pd.DataFrame(rows)


def best_pair(settings: Settings, supervision: str, seed: int, method: str = "masked-in") -> Row:
    """Detect with one model, place with another (Section V-B of Olaleye et al. 2022).

    The detector is the architecture with the lowest development loss against its own targets, which needs no text for
    visual models; the localiser is CNN-Attend (``leading``) with ``method``, the paper's best.
    """
    localiser = leading(settings)
    losses = {
        name: steps.trained(settings, name, supervision, seed).history["dev_loss"].min()
        for name in settings["systems"]["architectures"]
    }
    detector = min(losses, key=lambda name: losses[name])
    scores = steps.scores(settings, detector, supervision, seed, "test")
    places = steps.places(settings, localiser, supervision, seed, method)
    return _localisation_row(settings, f"{detector} + {localiser}", method, supervision, seed, scores, places)


def departures(variants: Mapping[str, Settings], seed: int) -> pd.DataFrame:
    """What each departure of the released code is worth on the same test pictures: a row a system and recipe.

    ``variants`` are the settings of each recipe by its name, the paper's among them. Beside each of ``WORTH`` and its
    interval stands its difference to the paper's recipe, ``<measure>_difference`` with its paired interval. A recipe
    that cannot change a result of a system has no row there.
    """
    paper = variants[PAPER]
    known, supervisions = paper["systems"]["architectures"], paper["released"]["supervisions"]
    systems = [
        (settings, architecture, supervision, seed, method)
        for architecture, supervision in product([name for name in AS_RELEASED if name in known], supervisions)
        for method in AS_RELEASED[architecture]
        for settings in variants.values()
        if settings.recipe == PAPER or _changes(settings, architecture, method)
    ]
    _measure_all(systems, WORTH)
    return pd.DataFrame([_beside_paper(*system, _worth(paper, *system[1:])) for system in systems])


def _changes(settings: Settings, architecture: str, method: str) -> bool:
    parts = released.PARTS
    return bool(released.concerning(settings["departures"], *parts, architecture=architecture, method=method))


def _beside_paper(
    settings: Settings,
    architecture: str,
    supervision: str,
    seed: int,
    method: str,
    base: tuple[pd.Series, pd.DataFrame],
    names: Sequence[str] = WORTH,
) -> Row:
    """The measures ``names`` of one system, and their differences to ``base``, those of the paper's recipe."""
    value, values = _worth(settings, architecture, supervision, seed, method, names)
    utterances = len(steps.localised_utterances(settings, method))
    return _name(settings, architecture, supervision, seed, utterances, method) | _beside(value, values, base)


def _measure_all(systems: Iterable[Placer], names: Sequence[str]) -> None:
    """Let ``_worth`` make what it has not measured yet, as many systems at a time as there are processors."""
    found = list(systems)
    for _ in spread(partial(_measure, names=names), found, devices.workers(len(found))):
        pass


def _measure(system: Placer, names: Sequence[str]) -> None:
    _worth(*system, names)


def _worth(
    settings: Settings, architecture: str, supervision: str, seed: int, method: str, names: Sequence[str] = WORTH
) -> tuple[pd.Series, pd.DataFrame]:
    """The measures ``names`` of one system (M,), and those in every resample (R, M)."""
    model = steps.trained(settings, architecture, supervision, seed)

    def make(folder: Path) -> None:
        scores = steps.scores(settings, architecture, supervision, seed, "test")
        places = steps.places(settings, architecture, supervision, seed, method)
        value, values = measured(settings, _of_all(settings, scores, places, method, names))
        pd.concat([value.to_frame().T, values], ignore_index=True).to_parquet(folder / "table.parquet")

    numbers = {name: settings[name] for name in ("keywords", "masking", "evaluation", "departures")}
    numbers |= {"model": model.folder.name, "method": method, "measures": list(names), **_parts(settings)}
    modules = ["vgsnb.evaluation", "vgsnb.released.localisation", "vgsnb.released.counting", "vgsnb.summary"]
    name = f"worth-{architecture}-{supervision}-{seed}-{method}"
    table = pd.read_parquet(steps.step(settings, name, numbers, modules, make) / "table.parquet")
    return table.iloc[0], table.iloc[1:].reset_index(drop=True)


def _of_all(
    settings: Settings, scores: pd.DataFrame, places: pd.DataFrame, method: str, names: Sequence[str]
) -> Measure:
    """Those of all measures that ``names`` lists, of the scores and places of one system."""
    tasks, _ = _tasks(settings, scores, places, method)
    theta, present = settings["evaluation"]["threshold"], steps.bag_of_words(settings, "test")
    found, everywhere = scores.loc[present.index], present.astype(float)
    placed = present.loc[steps.localised_utterances(settings, method)]
    forms = {word: {word, *RELATED.get(word, ())} for word in steps.keywords(settings)}
    related = evaluation.right_table(places, steps.heard(settings).words, placed, forms)

    def measure(weights: pd.DataFrame) -> Values:
        detected = evaluation.detection(found, present, theta, weights)
        ranked = evaluation.spotting_localisation(found, present, everywhere, weights)  # no place is wrong: spotting
        near = oracle(placed, related, weights)["oracle_accuracy"]
        known = {**detected, "p10": ranked["p10"], "related_accuracy": near, **tasks(weights)}
        return {name: known[name] for name in names}

    return measure


def _parts(settings: Settings) -> Row:
    """What the parts of a recipe add to the numbers of its tables: without any nothing."""
    parts = settings["further"]["parts"]
    return {"further": chosen(parts, settings["further"])} if parts else {}


def further(variants: Sequence[Settings], seeds: Sequence[int]) -> pd.DataFrame:
    """What goes further than the paper: a row a recipe, architecture, method and seed, with VGS supervision.

    ``variants`` are the settings of each recipe, the paper's first.

    The columns of the localisation summary, detection and spotting, and ``related_accuracy``: oracle accuracy where a
    place inside a word of ``vgsnb.vocabulary.RELATED`` is right too. Then differences, as in ``departures``, to the
    paper's recipe with the same seed and the method ``against``; ``dev_loss`` and ``dev_tag10``, against the soft tags
    of development, by which a recipe can be chosen without text, NaN where the tags are another tagger's; and
    ``objective``, of which there is a row of perfect ears each. A recipe that cannot change a result of a system has no
    row there.
    """
    systems = [
        (variant, architecture, "VGS", seed, method)
        for seed in seeds
        for architecture in FURTHER
        if architecture in variants[0]["systems"]["architectures"]
        for variant in variants
        for method in _methods(variant, architecture)
    ]
    _measure_all(systems, REACHED)
    rows = [_further_row(variants[0], system) for system in systems]
    objectives = dict[str, Settings]()
    for variant in variants:
        objectives.setdefault(_objective(variants[0], variant), variant)
    ears = [_ears_row(variant, seeds[0]) | {"objective": name} for name, variant in objectives.items()]
    return pd.DataFrame([*rows, *ears])


def _methods(settings: Settings, architecture: str) -> list[str]:
    """The methods by which a recipe can change a result of ``architecture``; of the paper's recipe all.

    Units detect and place in their own way, which is not mixed with another. An ensemble is not masked: for each of its
    members that would take as long as for one model.
    """
    parts, usual = settings["further"]["parts"], FURTHER[architecture]
    if "units" in parts:
        return ["units"] if concerning(["units"], architecture=architecture) else []
    changed = [name for name in usual if concerning(parts, architecture=architecture, method=name)]
    brought = [PARTS[name].brings for name in concerning(parts, architecture=architecture)]
    return [*(changed if parts else usual), *filter(None, brought)]


def _further_row(paper: Settings, system: Placer) -> Row:
    settings, architecture, supervision, seed, method = system
    against = method if method in FURTHER[architecture] else _best_of_paper(paper, architecture)
    base = _worth(paper, architecture, supervision, seed, against, REACHED)
    row = _beside_paper(*system, base, REACHED)
    found = NOT_JUDGED if _other_teacher(paper, settings) else _without_text(settings, architecture, seed)
    return row | {"against": against, **found, "objective": _objective(paper, settings)}


def _best_of_paper(paper: Settings, architecture: str) -> str:
    """The last of the methods of ``FURTHER``, the papers' best, that is asked for places in all test utterances."""
    whole = len(steps.bag_of_words(paper, "test"))
    every = [name for name in FURTHER[architecture] if len(steps.localised_utterances(paper, name)) == whole]
    return every[-1]


def _without_text(settings: Settings, architecture: str, seed: int) -> Row:
    """How well a system's scores, before calibration, agree with the soft tags of development.

    ``dev_loss`` is their binary cross-entropy, NaN for units, whose scores say by how much a tag is raised and not what
    it is; ``dev_tag10`` the mean tag of the ten utterances that each keyword's scores put first.
    """
    judged = steps.targets(settings, "VGS", "dev")
    found = steps.uncalibrated(settings, architecture, "VGS", seed, "dev").loc[judged.index, judged.columns]
    first = found.rank(ascending=False, method="first") <= 10
    agreement: Row = {"dev_tag10": float(judged.where(first).mean().mean())}
    if "units" in settings["further"]["parts"]:
        return NOT_JUDGED | agreement
    likely = found.clip(1e-7, 1 - 1e-7)
    loss = -(judged * np.log(likely) + (1 - judged) * np.log(1 - likely)).to_numpy().mean()
    return agreement | {"dev_loss": float(loss)}


def _objective(paper: Settings, settings: Settings) -> str:
    names = steps.objective_of(settings)
    rivals = " against rivals" if settings["further"]["units"]["rivalry"] else ""
    aim = f"association{rivals}" if "units" in names else "cross-entropy"
    taught = [BETTER] if _other_teacher(paper, settings) else []
    return ", ".join((aim, *(name for name in names if name != "units"), *taught))


def _other_teacher(paper: Settings, settings: Settings) -> bool:
    """Whether a recipe learns from other tags than the paper's: its losses against them cannot be compared."""
    return bool(settings["photo_tagger"] != paper["photo_tagger"])


def _ears_row(settings: Settings, seed: int) -> Row:
    scores, places = steps.perfect_ears_of(settings)
    scores, method = scores[list(steps.scored_keywords(settings))], "attribution"
    found = with_intervals(settings, _of_all(settings, scores, places, method, REACHED))
    return _name(settings, EARS, "VGS", seed, len(scores), method) | found


def aims(found: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """What this corpus size should reach, and what it reaches: ``aim, least, ours, met, corpus``.

    NaN and not met where a preset has no CNN-Attend of that supervision.
    """
    ears = placed.query(f"architecture == '{EARS}'").iloc[0]
    same = placed[placed["n_utterances"] == ears["n_utterances"]]  # a method may be asked about fewer
    bow, vgs = (same.query(f"architecture == '{LEADING}' and supervision == '{name}'") for name in ("BoW", "VGS"))
    bow, vgs = (table.set_index("method").reindex([*CHANCE, "attention", "masked-in"]) for table in (bow, vgs))
    guess = vgs.loc[list(CHANCE), "oracle_accuracy"].max()
    heard, seen = (table.loc[["attention", "masked-in"]].max(numeric_only=True) for table in (bow, vgs))
    f1 = found.query("supervision == 'BoW'").set_index("architecture")["f1"].reindex([LEADING]).item()
    ranked = found.query("supervision == 'VGS'").set_index("architecture")["p10"].reindex([LEADING, EARS])
    rows = [
        ("CNN-Attend with BoW: detection F1", 0.75, f1),
        ("CNN-Attend with BoW: oracle accuracy, attention or masked-in", 0.60, heard["oracle_accuracy"]),
        ("CNN-Attend with VGS: oracle accuracy, attention or masked-in", 0.35, seen["oracle_accuracy"]),
        ("… as a multiple of the better chance row", 3.0, seen["oracle_accuracy"] / guess),
        ("CNN-Attend with VGS: P@10 of spotting over that of perfect ears", 0.5, ranked[LEADING] / ranked[EARS]),
        ("… of spotting localisation", 0.5, seen["spotting_p10"] / ears["spotting_p10"]),
    ]
    table = pd.DataFrame(rows, columns=["aim", "least", "ours"])
    met = np.asarray(table["ours"]) >= np.asarray(table["least"])
    return table.assign(met=met, corpus=placed["corpus"].iloc[0])


def named(
    table: pd.DataFrame,
    settings: Settings,
    architecture: str,
    supervision: str,
    seed: int,
    utterances: int,
    method: str,
) -> pd.DataFrame:
    """``table`` with the columns that say which system it is about and what that was measured on."""
    columns: dict[str, Any] = _name(settings, architecture, supervision, seed, utterances, method)
    return table.assign(**columns)


def shown_keywords(present: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """As many keywords as ``names``: those of them that are scored (columns of ``present``), then the most frequent."""
    frequent = present.sum().sort_values(ascending=False, kind="stable").index
    return list(dict.fromkeys([*(name for name in names if name in present), *frequent]))[: len(names)]


def curves(
    settings: Settings,
    model: KeywordModel,
    figure: str,
    panels: Sequence[tuple[str, str, float]],
    method: str,
) -> pd.DataFrame:
    """What a figure of score maps shows, in numbers alone: ``figure, panel, keyword, method, what, time, value``.

    A panel is an utterance, a keyword and its detection score. Times are in seconds. The rows of ``what``:

    - ``score``, every 20 ms: the localisation score; ``loudness``, every 20 ms: the waveform's, 1 at its loudest;
    - ``border``: of a word, whichever; ``said``: the keyword's own times, from ``time`` to ``value``;
    - ``place``: where the score is highest, 1 where that is right; ``detection``: the score of the whole utterance.
    """
    tables = [
        _curve(settings, model, utterance, keyword, score, method).assign(panel=number, keyword=keyword)
        for number, (utterance, keyword, score) in enumerate(panels, 1)
    ]
    columns = ["figure", "panel", "keyword", "method", "what", "time", "value"]
    every = pd.concat(tables) if tables else pd.DataFrame(columns=columns)
    return every.assign(figure=figure, method=method)[columns].reset_index(drop=True)


def _curve(
    settings: Settings, model: KeywordModel, utterance: str, keyword: str, detected: float, method: str
) -> pd.DataFrame:
    samples, rate = steps.corpus(settings).audio(utterance)
    alpha, times = steps.map_over_time(settings, model, utterance, [keyword], method)
    words = steps.corpus(settings).words.query("utterance_id == @utterance")
    said, place = words[words["word"] == keyword], float(confusions.peaks(alpha[0], times)[0])
    blocks = samples[: len(samples) // int(STEP * rate) * int(STEP * rate)].reshape(-1, int(STEP * rate))
    middles, loud = (np.arange(len(blocks)) + 0.5) * STEP, np.sqrt((blocks**2).mean(axis=1))
    right = bool(((said["start"] <= place) & (place <= said["end"])).any())
    borders = np.unique(words[["start", "end"]])
    rows = {
        "score": (middles, [float(f"{value:.4g}") for value in np.interp(middles, times, alpha[0])]),
        "loudness": (middles, (loud / max(loud.max(), 1e-9)).round(3)),
        "border": (borders, np.full(len(borders), np.nan)),
        "said": (said["start"], said["end"].round(3)),
        "place": ([place], [float(right)]),
        "detection": ([np.nan], [round(detected, 4)]),
    }
    tables = [pd.DataFrame({"what": what, "time": time, "value": value}) for what, (time, value) in rows.items()]
    return pd.concat(tables).round({"time": 3})


def write(settings: Settings, **tables: pd.DataFrame) -> None:
    """Write each table to ``runs/<preset>/summary/<name>.csv``, with the corpus that it is of as a column."""
    for name, table in tables.items():
        named = table if "corpus" in table else table.assign(corpus=steps.corpus(settings).about["name"])
        with files.whole_file(settings.folder / "summary" / f"{name}.csv") as path:
            named.to_csv(path, index=False)
