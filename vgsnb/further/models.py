"""Models with parts of their own: PSC that pools frames otherwise, CNN-Attend with a second head.

Which parts a model has is written with its sizes into ``model.yaml``, as for the parts of the released code; the
``load_model`` here loads every kind.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from vgsnb import models
from vgsnb.errors import UserError
from vgsnb.further.parts import POOLINGS, concerning
from vgsnb.further.pooling import AutoPool, FramePooling, LinearSoftmax, TopK
from vgsnb.models import KeywordModel
from vgsnb.models.architectures import initialise
from vgsnb.models.encoders import frame_mask
from vgsnb.models.pooling import Attention, LogMeanExp
from vgsnb.released.models import build as build_released

TOP = 15  # frames of 20 ms: 0.3 s
TEMPERATURE = 10.0


class TwoHeads(KeywordModel):
    """CNN-Attend with a frame head: a channel for each keyword on the same encoder, pooled by linear softmax.

    Alone it scores utterances by its attention, as the paper's does; ``heads`` gives both.
    """

    def __init__(self, model: KeywordModel, seed: int) -> None:
        super().__init__(model.name, model.keywords, model.sizes, (model.encoder, model.pooling, model.classifier))
        self.frame_head = nn.Conv1d(model.sizes["output"], len(model.keywords), 1)
        self.frame_pooling = LinearSoftmax()
        initialise(self.frame_head, seed)

    def expect(self, shares: Tensor) -> None:
        """Set the last bias of both heads so that each keyword is as likely as ``shares`` (W,) says."""
        biases = torch.logit(shares.float(), eps=1e-4)
        with torch.no_grad():
            cast(nn.Linear, [*self.classifier.modules()][-1]).bias.copy_(biases.mean())
            cast(Tensor, self.frame_head.bias).copy_(biases)


def heads(model: KeywordModel, h: Tensor, frames: Tensor) -> list[Tensor]:
    """The logits (B, W) of each head of ``model`` from what its encoder gives, the one that it scores with first."""
    found = [model.classifier(model.pooling(h, frames)).float()]
    if isinstance(model, TwoHeads):
        found.append(model.frame_pooling(model.frame_head(h), frames))
    return found


def frame_scores(model: KeywordModel, h: Tensor, frames: Tensor, method: str) -> Tensor:
    """Scores (B, W, T) of every keyword in every encoded frame, by one of ``vgsnb.further.FRAMES``.

    Of attention its weights, which add up to one over an utterance's own ``frames`` (B,); of the others logits.
    """
    if method == "attention" and isinstance(model.pooling, Attention):
        return model.pooling.weights(h, frames)
    if method == "frame-head" and isinstance(model, TwoHeads):
        return model.frame_head(h).float()
    if method == "score-aggregation" and isinstance(model.pooling, FramePooling | LogMeanExp):
        return h.float()
    raise UserError(f"{model.name} has no frame scores for {method}: choose a method that fits the model.")


def frame_method(model: KeywordModel) -> str:
    """By which method a model's frames say most of where a keyword is: a frame head's where there is one."""
    if isinstance(model, TwoHeads):
        return "frame-head"
    return "attention" if isinstance(model.pooling, Attention) else "score-aggregation"


def shares_over_time(model: KeywordModel, h: Tensor, frames: Tensor) -> Tensor:
    """Frame scores (B, W, T) as shares that add up to one over an utterance's own frames, zero on padding."""
    scores = frame_scores(model, h, frames, method := frame_method(model))
    if method == "attention":
        return scores
    return scores.masked_fill(~frame_mask(frames, h.shape[-1])[:, None], -torch.inf).softmax(dim=-1)


def build(
    name: str,
    keywords: Sequence[str],
    seed: int = 0,
    parts: Iterable[str] = (),
    top: int = TOP,
    temperature: float = TEMPERATURE,
    **sizes: Any,
) -> KeywordModel:
    """As ``vgsnb.models.build``, with those of ``parts`` that change the architecture; without any the paper's model.

    What is not replaced starts from the same weights. ``top`` is in frames; ``temperature`` is where ``auto-pool``
    begins.
    """
    model = models.build(name, keywords, seed, **sizes)
    built = [part for part in concerning(parts, "training", architecture=name) if part in (*POOLINGS, "two-heads")]
    for part in built:
        if part == "two-heads":
            model = TwoHeads(model, seed)
        else:
            model.pooling = _pooling(part, len(keywords), top, temperature)
    if built:
        model.sizes = {**model.sizes, "parts": built, "top": top, "temperature": temperature}
    return model


def _pooling(part: str, keywords: int, top: int, temperature: float) -> FramePooling:
    if part == "auto-pool":
        return AutoPool(keywords, temperature)
    return TopK(top) if part == "top-k" else LinearSoftmax()


def parts_of(model: KeywordModel) -> tuple[str, ...]:
    """The parts that ``model`` was built with."""
    return tuple(model.sizes.get("parts", ()))


def load_model(folder: Path) -> KeywordModel:
    """The model of any kind that was saved into ``folder``; ``UserError`` for files that are broken or differ."""
    return models.load_model(folder, _build_any)


def _build_any(name: str, keywords: Sequence[str], **sizes: Any) -> KeywordModel:
    return (build if "parts" in sizes else build_released)(name, keywords, **sizes)
