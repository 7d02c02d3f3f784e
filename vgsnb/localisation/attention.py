"""Attention: what the model attends to for a keyword is where it is (section III-B4 of Olaleye et al. 2022)."""

from typing import cast

from torch import Tensor

from vgsnb.models import KeywordModel
from vgsnb.models.pooling import Attention


def alpha(model: KeywordModel, features: Tensor, lengths: Tensor, rows: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
    """Attention weights (P, T') of keyword ``words[p]`` in utterance ``rows[p]`` (Eq. 11), given twice.

    ``features`` (B, T, D) of ``lengths`` (B,) frames. They add up to one; on padding they are zero.
    """
    h, frames = model.encoder(features, lengths)
    weights = cast(Attention, model.pooling).weights(h, frames)[rows, words]
    return weights, weights
