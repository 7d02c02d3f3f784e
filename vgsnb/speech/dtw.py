"""Dynamic time warping: how alike two stretches of speech are when each may be said faster or slower.

Costs as in the one-shot baseline of Eloff et al. (2019): cosine distance between frames, steps (1, 1), (1, 0) and
(0, 1), the summed distance of the best path over the number of frames of both.
"""

import math
from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from vgsnb.errors import UserError
from vgsnb.speech.workers import in_chunks

FloatArray = npt.NDArray[np.float32]


def costs(
    queries: Sequence[FloatArray], others: Sequence[FloatArray], memory: int = 1 << 26, device: str = "cpu"
) -> FloatArray:
    """The cost (Q, R) of aligning each of ``queries`` (n, D) with each of ``others`` (m, D), from 0 to 2.

    Many pairs are aligned together, one diagonal of their distances after another: ``memory`` bytes bound these
    distances, and pairs of like lengths are taken together.

    Raises:
        UserError: a sequence has no frames, or another number of coefficients than the first one.
    """
    _check([*queries, *others])
    found = np.zeros((len(queries), len(others)), np.float32)
    cells = math.prod(max(map(len, some), default=1) for some in (queries, others))
    side = max(1, math.isqrt(memory // (4 * cells)))
    lots = [list(in_chunks(sorted(range(len(x)), key=[*map(len, x)].__getitem__), side)) for x in (queries, others)]
    for rows, columns in product(*lots):
        first, n = _directions([queries[i] for i in rows], device)
        second, m = _directions([others[i] for i in columns], device)
        found[np.ix_(rows, columns)] = _aligned(first, n, second, m).cpu().numpy()
    return found


def _check(sequences: Sequence[FloatArray]) -> None:
    for number, x in enumerate(sequences):
        if x.ndim != 2 or not len(x) or x.shape[1] != sequences[0].shape[1]:
            raise UserError(
                f"Sequence {number} has the shape {x.shape}: give it at least one frame, and as the first one "
                f"{sequences[0].shape[-1]} coefficients in each."
            )


def _directions(sequences: Sequence[FloatArray], device: str) -> tuple[Tensor, Tensor]:
    """Frames of unit length (Q, N, D), padded, and the number of frames of each (Q,)."""
    frames = pad_sequence([torch.from_numpy(np.asarray(x, np.float32)) for x in sequences], batch_first=True)
    return functional.normalize(frames.to(device), dim=2), torch.tensor([len(x) for x in sequences], device=device)


def _aligned(first: Tensor, n: Tensor, second: Tensor, m: Tensor) -> Tensor:
    """Costs (Q, R) of padded sequences (Q, N, D) and (R, M, D) with ``n`` (Q,) and ``m`` (R,) frames."""
    (q, high, _), (r, wide, _) = first.shape, second.shape
    # Pairs come last: a cell of all pairs is one row, and a diagonal, cells (i, k − i), every (M − 1)th row.
    distance = 1 - torch.einsum("qnd,rmd->nmqr", first, second).reshape(high * wide, q * r)
    ends, frames = n.repeat_interleave(r), (n[:, None] + m).flatten()
    found = distance.new_empty(q * r)
    none = distance.new_full((high + 1, q * r), math.inf)  # row i + 1 is the best path so far that ends in row i
    before, last = none.clone(), none
    before[0] = 0.0  # where every path starts
    for k in range(high + wide - 1):
        low, top = max(0, k - wide + 1), min(k, high - 1)
        here = distance[low * (wide - 1) + k : top * (wide - 1) + k + 1 : max(1, wide - 1)]
        best = torch.minimum(torch.minimum(last[low : top + 1], last[low + 1 : top + 2]), before[low : top + 1])
        now = none.clone()
        torch.add(here, best, out=now[low + 1 : top + 2])
        (over,) = torch.nonzero(frames == k + 2, as_tuple=True)
        found[over] = now[ends[over], over]
        before, last = last, now
    return (found / frames).view(q, r)
