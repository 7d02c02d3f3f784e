"""The parts by name: what each does, its number in the list of what should beat the papers, and whom it concerns.

The numbers: 1 the baseline put right (the paper's recipe here), 2 calibration, 3 frame-wise pooling, 4 smoothing in
place of masking, 5 training that knows masked input, 6 a better teacher, 7 averaging and the student's own scores,
8 terms that tell apart, 9 pretrained features. 6 and 9 change teacher or features and are no parts. Left out is, of 7,
a ranking loss (its scores have no threshold).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vgsnb.errors import UserError, require_known

CHANGES = ("training", "scores", "places")
FRAMES = ("attention", "score-aggregation", "frame-head")  # the methods that score every frame
POOLINGS = ("linear-softmax", "auto-pool", "top-k")
CLASSIFYING = ("CNN-Pool", "CNN-Attend", "CNN-PoolAttend")  # their encoders give more than a score a keyword
OVER_FRAMES = ("PSC", "CNN-Attend")  # a frame of the encoder is a frame of the features


@dataclass(frozen=True)
class Part:
    """One part: its ``number`` in the list, which of ``CHANGES`` it makes, and ``what`` it does, in a sentence.

    ``numbers`` of the group ``further`` are those that it takes. ``architectures`` and ``methods`` are those it changes
    anything for; empty: all. ``brings`` is a localisation method that there is not without it.
    """

    number: int
    changes: tuple[str, ...]
    what: str
    numbers: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    brings: str = ""

    def concerns(self, architecture: str | None, method: str | None) -> bool:
        """Whether it can change a result of ``architecture`` by ``method``; None stands for any."""
        wanted = ((architecture, self.architectures), (method, self.methods))
        return all(not names or name is None or name in names for name, names in wanted)


PARTS = {
    "calibrated": Part(
        2,
        ("scores",),
        "θ stays; each keyword's scores are shifted until as many development utterances are above it as the tagger's "
        "captions lead to expect.",
    ),
    "units": Part(
        2,
        ("scores", "places"),
        "Sounds that recur in the trained encoder are judged one by one, by how much each raises a tag; the highest "
        "detects, ranks and places.",
        ("units",),
        architectures=("CNN-Attend",),
        brings="units",
    ),
    "linear-softmax": Part(
        3,
        ("training",),
        "PSC pools probabilities, each weighted by itself: Σp²/Σp.",
        architectures=("PSC",),
        methods=("score-aggregation",),
    ),
    "auto-pool": Part(
        3,
        ("training",),
        "PSC pools probabilities, weighted by a softmax over time whose temperature each keyword learns.",
        ("temperature",),
        architectures=("PSC",),
        methods=("score-aggregation",),
    ),
    "top-k": Part(
        3,
        ("training",),
        "PSC takes the mean of each keyword's most probable frames.",
        ("top",),
        architectures=("PSC",),
        methods=("score-aggregation",),
    ),
    "two-heads": Part(
        3,
        ("training",),
        "CNN-Attend gets a frame head beside its attention, pooled by linear softmax; both learn, attention detects "
        "and ranks, the frame head places.",
        architectures=("CNN-Attend",),
        brings="frame-head",
    ),
    "smoothed": Part(
        4,
        ("places",),
        "Scores over time are averaged over a span as long as a word, in place of masked segments.",
        ("smoothing",),
        architectures=OVER_FRAMES,
        methods=FRAMES,
    ),
    "contrasted": Part(
        4,
        ("places",),
        "From a frame's scores, in logits, their mean over all keywords is taken.",
        architectures=OVER_FRAMES,
        methods=FRAMES,
    ),
    "crops": Part(
        5,
        ("training",),
        "A share of the batches is cut to a random span, or silenced outside it as in masked-in.",
        ("crop", "crop_share"),
    ),
    "averaged": Part(
        7,
        ("training",),
        "The weights that are judged and kept are a running mean of those that are trained.",
        ("averaging",),
    ),
    "ensemble": Part(
        7,
        ("scores", "places"),
        "Scores and score maps are the mean of those of models with neighbouring seeds.",
        ("members",),
        architectures=OVER_FRAMES,
        methods=FRAMES,
    ),
    "refined": Part(
        7,
        ("training",),
        "A second student learns from a mixture of the soft tags and the first one's own scores.",
        ("own_share",),
    ),
    "separated": Part(
        8,
        ("training",),
        "Keywords whose tags come together pay for looking at the same frames.",
        ("separation",),
        architectures=OVER_FRAMES,
    ),
    "quiet": Part(
        8,
        ("training",),
        "Looking at silent frames is paid for.",
        ("quietness", "silence"),
        architectures=OVER_FRAMES,
    ),
    "pictured": Part(
        8,
        ("training",),
        "The encoder also learns to tell an utterance's picture from the others of a batch, by what the tagger sees "
        "with; what it learns this by is thrown away.",
        ("contrast",),
        architectures=CLASSIFYING,
    ),
}


def expand(names: Iterable[str]) -> tuple[str, ...]:
    """The parts that ``names`` name, in the order of the list; a model that would pool twice is refused."""
    wanted = set(names)
    for name in wanted:
        require_known("part", name, PARTS)
    if len(both := [name for name in POOLINGS if name in wanted]) > 1:
        raise UserError(f"PSC pools once, and not by {' and '.join(both)}: keep one of them.")
    return tuple(name for name in PARTS if name in wanted)


def concerning(
    names: Iterable[str], *changes: str, architecture: str | None = None, method: str | None = None
) -> tuple[str, ...]:
    """Those of ``names`` that make one of ``changes`` (none given: any) to ``architecture`` by ``method``."""
    known = ((name, PARTS[name]) for name in expand(names))
    return tuple(
        name
        for name, about in known
        if set(changes or CHANGES) & set(about.changes) and about.concerns(architecture, method)
    )


def chosen(parts: Iterable[str], numbers: Mapping[str, Any]) -> dict[str, Any]:
    """``parts`` with those of ``numbers`` (the group ``further``) that they take: what a step is found by."""
    names = list(parts)
    return {"parts": names, **{name: numbers[name] for part in names for name in PARTS[part].numbers}}
