"""Score aggregation: the last layer has a channel for each keyword (section III-B3 of Olaleye et al. 2022)."""

from torch import Tensor

from vgsnb.models import KeywordModel


def alpha(model: KeywordModel, features: Tensor, lengths: Tensor, rows: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
    """Activations ``h_{w,t}`` (P, T') of keyword ``words[p]`` in utterance ``rows[p]``, which Eq. 10 pools; twice.

    ``features`` (B, T, D) of ``lengths`` (B,) frames. They are logits, of either sign.
    """
    h, _ = model.encoder(features, lengths)
    found = h[rows, words]
    return found, found
