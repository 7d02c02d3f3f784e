"""What the authors' released code does otherwise than their papers, part by part, to measure what each is worth.

This room lies above models, training, localisation and evaluation: it puts parts of its own in the place of theirs, and
they know nothing of it. So the paper's way has no branches, and what was made by it is found again whatever is changed
here. ``departures`` lists them all.
"""

from vgsnb.released.departures import DEPARTURES, PADDING, PARTS, Departure, concerning, expand

__all__ = ["DEPARTURES", "PADDING", "PARTS", "Departure", "concerning", "expand"]
