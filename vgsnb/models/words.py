"""The encoder of single words: one vector for a word that was cut out, whatever its length and place in the window."""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional


class WordEncoder(nn.Module):
    """Features of one word (B, T, D), centred and padded to a fixed T, to vectors (B, E).

    A convolution over all D coefficients and 9 frames, max-pooling by 3, a convolution over 10 frames, the maximum over
    time, a hidden layer; the kernels are those of frames every 10 ms.
    """

    def __init__(
        self,
        dimensions: int,
        channels: int = 128,
        embedding: int = 2048,
        kernels: Sequence[int] = (9, 10),
        pool: int = 3,
    ) -> None:
        super().__init__()
        self.embedding, self.pool = embedding, pool
        self.first = nn.Conv1d(dimensions, channels, kernels[0])
        self.second = nn.Conv1d(channels, channels, kernels[1])
        self.hidden = nn.Linear(channels, embedding)
        self.shortest = kernels[0] - 1 + pool * kernels[1]  # frames that the kernels need

    def forward(self, features: Tensor) -> Tensor:
        """Vectors (B, E)."""
        found = functional.relu(self.first(features.transpose(1, 2)))
        pooled = functional.relu(self.second(functional.max_pool1d(found, self.pool))).amax(dim=2)
        return self.hidden(pooled)
