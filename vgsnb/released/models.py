"""Models with the released code's parts: frozen queries, an encoder that does not mask its padding, log-sum-exp.

Which parts a model has is written with its sizes into ``model.yaml``. ``vgsnb.models.load_model`` refuses such a model,
because a size that is called ``departures`` is none; the one here loads both kinds.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional

from vgsnb import models
from vgsnb.models import KeywordModel
from vgsnb.models.encoders import Encoder, Stage, frame_mask
from vgsnb.models.pooling import Attention, LogMeanExp
from vgsnb.released.departures import concerning

FRAMES = 800


class UnmaskedEncoder(Encoder):
    """An encoder to which every utterance is ``frames`` long: cut, or filled up with zeros that are its own frames."""

    def __init__(self, stages: Sequence[Stage], frames: int) -> None:
        super().__init__(stages)
        self.frames = frames

    def forward(self, features: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Encode ``features`` (B, T, D) of ``lengths`` (B,) frames into ``h`` (B, K, T'), all frames of which count."""
        own = features.masked_fill(~frame_mask(lengths, features.shape[1])[..., None], 0.0)
        filled = functional.pad(own, (0, 0, 0, self.frames - features.shape[1]))  # a negative padding cuts
        return super().forward(filled, torch.full_like(lengths, self.frames))


class LogSumExp(LogMeanExp):
    """``1/r · log sum_t exp(r h_t)``: log-mean-exp without the division by the number of frames."""

    def forward(self, h: Tensor, lengths: Tensor) -> Tensor:
        """Pool ``h`` (B, W, T) over each utterance's own frames into (B, W)."""
        return super().forward(h, lengths) + self.surplus(lengths)[:, None]

    def surplus(self, lengths: Tensor) -> Tensor:
        """What a score over ``lengths`` (B,) frames is higher by than log-mean-exp, (B,)."""
        return lengths.float().log() / self.r


class SummingModel(KeywordModel):
    """A model with log-sum-exp. Before anything is learned, a keyword is likely over ``frames`` frames, not over one.

    Started as the others are, PSC must first lower every score, and that makes it deaf: on a tenth of Flickr8k its
    development loss stayed at the prior's (.258) for all 12 epochs, and came to .242 from this start.
    """

    frames = 1.0  # of an utterance in the mean: whoever trains the model knows it

    def expect(self, shares: Tensor) -> None:
        """As the others do, less what the sum over ``frames`` adds to a score."""
        super().expect(shares)
        bias = cast(Tensor, cast(Stage, self.encoder.stages[-1]).conv.bias)
        with torch.no_grad():
            bias -= cast(LogSumExp, self.pooling).surplus(torch.tensor(self.frames)).to(bias.device)


def _freeze_queries(model: KeywordModel, padding: int) -> KeywordModel:
    queries = cast(Attention, model.pooling).queries
    with torch.no_grad():
        queries.mul_(queries.shape[1] ** 0.5)  # they were drawn with the inverse of this as standard deviation
    queries.requires_grad_(False)
    return model


def _unmask_padding(model: KeywordModel, padding: int) -> KeywordModel:
    model.encoder = UnmaskedEncoder([cast(Stage, stage) for stage in model.encoder.stages], padding)
    return model


def _pool_sums(model: KeywordModel, padding: int) -> KeywordModel:
    pooling = LogSumExp(cast(LogMeanExp, model.pooling).r)
    return SummingModel(model.name, model.keywords, model.sizes, (model.encoder, pooling, model.classifier))


REPLACE: dict[str, Callable[[KeywordModel, int], KeywordModel]] = {
    "frozen-queries": _freeze_queries,
    "unmasked-padding": _unmask_padding,
    "log-sum-exp": _pool_sums,
}


def build(
    name: str,
    keywords: Sequence[str],
    seed: int = 0,
    departures: Iterable[str] = (),
    padding: int = FRAMES,
    **sizes: Any,
) -> KeywordModel:
    """As ``vgsnb.models.build``, with the parts of the released code that ``departures`` name.

    Those that do not concern the architecture, or no model, change nothing; without any it is the paper's model. What
    is not padding starts from the same weights. ``padding`` is the length of every utterance in frames.
    """
    model = models.build(name, keywords, seed, **sizes)
    chosen = concerning(departures, "model", architecture=name)
    for departure in chosen:
        model = REPLACE[departure](model, padding)
    if chosen:
        model.sizes |= {"departures": list(chosen), "padding": padding}
    return model


def departures_of(model: KeywordModel) -> tuple[str, ...]:
    """The departures that ``model`` was built with."""
    return tuple(model.sizes.get("departures", ()))


def load_model(folder: Path) -> KeywordModel:
    """The model of either kind that was saved into ``folder``; ``UserError`` for files that are broken or differ."""
    return models.load_model(folder, build)
