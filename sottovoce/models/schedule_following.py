"""Dynamic VWAP: the part of an order that should be done when so much of the day's volume has printed.

The order's own average matches the market's when its part done, x, keeps to the part of the volume done, X = V_t/V_T.
Among all schedules the one with the least E∫σ²(X − x)²dt is the forecast x = E[X | what has printed]. V_t is known;
what is still to come is the usual volume of the rest of the window times a level, which the volume so far corrects:
the log of the level is its prior, 0, and the log of (printed/usual) weighted as κ0 and n bins. Both count bins of the
window, so their parts of it serve as well, whatever the bins.

Source: Konishi, J. Financial Markets 5 (2002), for the loss; Markov, Vilenskaia and Rashkovich, "Quintet volume
projection", for the level and κ0 (0.3 to 0.8 of the bins there are); Humphery-Jenner, J. Banking & Finance 35 (2011),
for staying near the historical curve and returning to it once most of the day has printed.
"""

from __future__ import annotations

from math import log

from sottovoce.models.volume_update import early_update

PRIOR_PART = 0.55
"""κ0: what the usual volume is worth, as a part of the window's time; the middle of 0.3 to 0.8."""

RETURN_FROM = 0.8
"""Part of the usual curve from which the schedule returns to it, reaching it at the end."""

LEVEL_MOST = 8.0
"""A window is not believed to trade more than eight times or less than an eighth of its usual volume."""


def level_of(printed: float, usual: float, gone: float, prior_part: float = PRIOR_PART) -> float:
    """How busy the rest of a window should be, in multiples of its usual volume.

    Args: printed: shares so far; usual: shares usual by now, >= 0; gone: part of the window's time, >= 0. Nothing
        printed, or nothing usual yet, leaves the level at 1.
    """
    if printed <= 0 or usual <= 0:
        return 1.0
    implied = min(max(printed / usual, 1.0 / LEVEL_MOST), LEVEL_MOST)
    return early_update(1.0, log(implied), gone, prior_part)


def volume_done(printed: float, soon: float, later: float, level: float) -> float:
    """E[V/V_T] at a moment ahead: what printed and what should until then, over that and what should come later.

    Args: printed: shares, >= 0; soon, later: usual shares until the moment and after it, >= 0; level: > 0.
    Returns: 0 to 1; 1 where nothing is to come.
    """
    done = printed + level * soon
    whole = done + level * later
    return done / whole if whole > 0 else 1.0


def near_curve(part: float, curve: float, band: float) -> float:
    """A part of the order held within a band of the curve, which closes over the last fifth of it.

    Args: part, curve: 0 to 1; band: most part of the order ahead of or behind the curve, >= 0.
    """
    room = band * min(1.0, (1.0 - curve) / (1.0 - RETURN_FROM))
    return min(max(part, curve - room, 0.0), curve + room, 1.0)
