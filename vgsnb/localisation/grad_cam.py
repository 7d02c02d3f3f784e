"""Grad-CAM: which filters matter for a keyword, and where they are active (section III-B1 of Olaleye et al. 2022).

Eq. 6 averages the gradient of the score over all frames. Adding a constant to all frames adds it to what each of our
pooling layers gives (maximum, log-mean-exp, attention), so the sum of these gradients is the gradient of the
score with respect to the pooled vector, and nothing need be propagated back through pooling or encoder. One
backward pass through the classifier serves any number of keywords and utterances.
"""

import torch
from torch import Tensor

from vgsnb.models import KeywordModel
from vgsnb.models.pooling import Attention


def alpha(model: KeywordModel, features: Tensor, lengths: Tensor, rows: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
    """Localisation scores α (P, T') of keyword ``words[p]`` in utterance ``rows[p]`` (Eq. 7), and their order.

    ``features`` (B, T, D) of ``lengths`` (B,) frames. α is zero wherever the sum inside the ReLU is negative, which
    can be everywhere; the order is that sum itself, so that a place can be found then too.
    """
    h, frames = model.encoder(features, lengths)
    gradient, logits = _importance(model, model.pooling(h, frames), rows, words)
    importance = h.new_zeros(len(h), len(model.keywords), h.shape[1]).index_put((rows, words), gradient.to(h.dtype))
    order = (importance @ h)[rows, words] / frames[rows, None]
    slope = torch.sigmoid(logits.double()) * torch.sigmoid(-logits.double())  # from the logit to the score of Eq. 6
    return torch.relu(order) * slope.to(order.dtype)[:, None], order


def _importance(model: KeywordModel, pooled: Tensor, rows: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
    """The gradient (P, K) of each pair's logit (P,) with respect to the pooled vector; and the logits."""
    own = (pooled[rows, words][:, None] if isinstance(model.pooling, Attention) else pooled[rows]).detach()
    with torch.enable_grad():
        logits = model.classifier(own.requires_grad_())
        logits = logits[:, 0] if isinstance(model.pooling, Attention) else logits[torch.arange(len(rows)), words]
        (gradient,) = torch.autograd.grad(logits.sum(), own)
    return gradient.reshape(len(rows), -1), logits.detach()
