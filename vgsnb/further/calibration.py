"""Calibration without transcripts: each keyword is detected as often as captions of pictures lead to expect.

One threshold for all keywords punishes rare ones: their soft tags seldom reach 0.5, so their students' scores do not.
What is used: of text, the captions that the tagger learned from, and of these one number a keyword (how large a share
of a picture's captions says it, in the mean over pictures); of speech, the scores of development utterances.
"""

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from vgsnb.errors import UserError

CLOSEST = 1e-12  # to 0 and 1, where logits end


def logits_of(scores: pd.DataFrame) -> pd.DataFrame:
    """The logits of ``scores`` (U, W) in [0, 1]."""
    values = logit(scores.to_numpy(float).clip(CLOSEST, 1 - CLOSEST))
    return pd.DataFrame(values, scores.index, scores.columns)


def shifts(scores: pd.DataFrame, expected: pd.Series, theta: float = 0.5) -> pd.Series:
    """How far each keyword's logits must move for a share ``expected`` (W,) of ``scores`` (U, W) to be above ``theta``.

    The threshold moves to the quantile 1 − expected, between two utterances (Hazen's rule).
    """
    missing = scores.columns.difference(expected.index)
    if len(missing) or not len(scores):
        raise UserError(
            f"Calibration of {len(scores)} utterances lacks the expected share of {', '.join(missing) or 'none'}: give "
            "development utterances, and a share for each keyword."
        )
    shares, values = expected[scores.columns].to_numpy(float), logits_of(scores).to_numpy()
    levels = [np.quantile(column, 1 - share, method="hazen") for column, share in zip(values.T, shares, strict=True)]
    return pd.Series(float(logit(theta)) - np.array(levels), scores.columns, name="shift")


def shifted(scores: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """``scores`` (U, W) in [0, 1] with each keyword's logits moved ``by`` (W,); the order of utterances stays."""
    values = expit(logits_of(scores) + by[scores.columns])
    return pd.DataFrame(values, scores.index, scores.columns)
