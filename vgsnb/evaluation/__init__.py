"""Pure functions on tables: scores, presence and places in, measures out. No torch, no files.

Tables: scores and presence are utterance × keyword (U, W) with utterance ids as index; places are rows of
``utterance_id, keyword, time`` in seconds; words are rows of ``utterance_id, word, start, end``.
"""

from vgsnb.evaluation.detection import detection, detection_by_keyword, sweep
from vgsnb.evaluation.intervals import difference, interval, picture_weights, spread
from vgsnb.evaluation.localisation import (
    actual,
    localisation,
    oracle_accuracy,
    places_right,
    right_table,
    spotting_localisation,
)
from vgsnb.evaluation.spotting import average_precision, spotting, spotting_by_keyword

__all__ = [
    "actual",
    "average_precision",
    "detection",
    "detection_by_keyword",
    "difference",
    "interval",
    "localisation",
    "oracle_accuracy",
    "picture_weights",
    "places_right",
    "right_table",
    "spotting",
    "spotting_by_keyword",
    "spotting_localisation",
    "spread",
    "sweep",
]
