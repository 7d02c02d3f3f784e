"""The departures by name: what the released code does, what the paper says, and whom it concerns.

Four things that the released code does are not in the list: it stretches the frames of the pooled encoders to the
utterance by linear interpolation (which concerns neither CNN-Attend nor PSC); it takes P@N over the number found
"sometimes" (nobody knows when); it drops stop-words (none of the 67 keywords is one); and it leaves the queries out of
its checkpoints (a model that is loaded would not be the one that was trained).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from vgsnb.errors import require_known

PADDING = 8.0  # seconds: 800 frames of 10 ms
ALL = "all"
ATTENTION = ("CNN-Attend", "CNN-PoolAttend")
PARTS = ("model", "training", "words", "places", "counting")


@dataclass(frozen=True)
class Departure:
    """Where the released ``code`` does otherwise than the ``paper``, in a sentence each, and in which part.

    ``part`` is one of ``PARTS``. ``architectures`` and ``methods`` are those it changes anything for; empty: all.
    """

    part: str
    code: str
    paper: str
    architectures: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()

    def concerns(self, architecture: str | None, method: str | None) -> bool:
        """Whether it can change a result of ``architecture`` by ``method``; None stands for any."""
        wanted = ((architecture, self.architectures), (method, self.methods))
        return all(not names or name is None or name in names for name, names in wanted)


DEPARTURES = {
    "frozen-queries": Departure(
        "model",
        "Keyword queries are drawn from N(0, 1) and never trained.",
        "They are trained with everything else.",
        architectures=ATTENTION,
    ),
    "unmasked-padding": Departure(
        "model",
        "Every utterance is cut or zero-padded to 8 s, and pooling runs over the padding too.",
        "Pooling runs over the utterance.",
    ),
    "log-sum-exp": Departure(
        "model",
        "PSC pools by log-sum-exp: scores grow with the length.",
        "PSC pools by log-mean-exp (Eq. 10).",
        architectures=("PSC",),
    ),
    "swapped-spec-augment": Departure(
        "training",
        "SpecAugment takes time for frequency and frequency for time, on development data too.",
        "SpecAugment as its authors describe it; in training.",
    ),
    "transcript-selection": Departure(
        "training",
        "The epoch with the best F1 at θ = 0.4 against the words of the development captions is kept.",
        "The best epoch on development data; ours by the loss against its own targets.",
    ),
    "last-peak": Departure(
        "places",
        "Score aggregation and Grad-CAM take the last local peak; without a peak there is no place.",
        "The place is the highest score (Eq. 5).",
        methods=("score-aggregation", "grad-cam"),
    ),
    "piled-masks": Departure(
        "places",
        "Masked-out covers every segment up to the current one.",
        "It covers one segment (Eq. 9).",
        methods=("masked-out",),
    ),
    "moved-segments": Departure(
        "places",
        "Masked-in cuts a segment out, moves it to the beginning and fills 8 s up with zeros.",
        "The segment stays where it stands (Eq. 8).",
        methods=("masked-in",),
    ),
    "counting": Departure(
        "counting",
        "Occurrences are counted; a keyword found at a wrong place is no miss; spotting looks at the last occurrence.",
        "A keyword in an utterance counts once, whichever occurrence is found.",
    ),
    "dropped-words": Departure(
        "words",
        "Words with an apostrophe are not said, and utterances without alignment are not there.",
        "The caption's words; a possessive is its noun.",
    ),
}


def expand(names: Iterable[str]) -> tuple[str, ...]:
    """The departures that ``names`` name, in the order of the list; ``all`` stands for every one."""
    wanted = set(names)
    for name in wanted:
        require_known("departure", name, [ALL, *DEPARTURES])
    return tuple(name for name in DEPARTURES if ALL in wanted or name in wanted)


def concerning(
    names: Iterable[str], *parts: str, architecture: str | None = None, method: str | None = None
) -> tuple[str, ...]:
    """Those of ``names`` that belong to one of ``parts`` and can change a result of ``architecture`` by ``method``."""
    known = ((name, DEPARTURES[name]) for name in expand(names))
    return tuple(name for name, about in known if about.part in parts and about.concerns(architecture, method))
