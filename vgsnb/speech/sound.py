"""Reading sound files, with errors that name them."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from vgsnb.errors import UserError


def read_audio(path: Path, rate: int = 16000) -> npt.NDArray[np.float32]:
    """The samples of the sound file ``path``, float32 in [-1, 1].

    Raises:
        UserError: the file is missing, cut short, empty, not mono, or of another rate.
    """
    if not path.is_file():
        raise UserError(f"{path} is missing: put it back, or make the corpus again.")
    try:
        samples, found = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise UserError(f"{path} cannot be read as sound ({error}): make or download it again.") from error
    if found != rate:
        raise UserError(f"{path} has {found} samples a second: resample it to {rate}.")
    if samples.shape[1] != 1:
        raise UserError(f"{path} has {samples.shape[1]} channels: mix it down to one.")
    if not len(samples):
        raise UserError(f"{path} holds no samples: make or download it again, or leave the utterance out.")
    return samples[:, 0]
