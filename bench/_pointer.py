"""A hand on a mouse: seeded movement with the shape of a person's."""

import math
import random

STEP_MS = 8
"""How often a mouse tells where it is: 125 times a second."""
WIDTH, HEIGHT = 1_000, 700

Sample = tuple[int, int, int]


def movement(seed: int, samples: int) -> list[Sample]:
    """So many places of a pointer that moves: (milliseconds since the first, x, y in CSS pixels).

    From target to target in about Fitts's time, with the velocity of minimum jerk, along a slight arc, overshot now and
    then and corrected, with a tremor of a pixel; between targets it rests. A mouse that rests tells nothing, so that
    the times have gaps.
    """
    chance = random.Random(seed)
    found: list[Sample] = []
    now, x, y = 0, WIDTH / 2, HEIGHT / 2
    while len(found) < samples:
        width = chance.choice((16, 40, 90, 180))
        to_x, to_y = chance.uniform(20, WIDTH - 20), chance.uniform(20, HEIGHT - 20)
        if chance.random() < 0.25:
            over = chance.uniform(1.04, 1.12)
            parts = [(x + (to_x - x) * over, y + (to_y - y) * over), (to_x, to_y)]
        else:
            parts = [(to_x, to_y)]
        for part_x, part_y in parts:
            reach = math.hypot(part_x - x, part_y - y)
            lasts = 120 + 140 * math.log2(reach / width + 1)
            bend = chance.uniform(-0.08, 0.08)
            steps = max(2, round(lasts / STEP_MS))
            for step in range(1, steps + 1):
                done = step / steps
                along = done**3 * (10 - 15 * done + 6 * done**2)
                aside = bend * math.sin(math.pi * along)
                at_x = x + (part_x - x) * along - (part_y - y) * aside + chance.gauss(0, 0.4)
                at_y = y + (part_y - y) * along + (part_x - x) * aside + chance.gauss(0, 0.4)
                place = (now + step * STEP_MS, _within(at_x, WIDTH), _within(at_y, HEIGHT))
                if not found or found[-1][1:] != place[1:]:
                    found.append(place)
            now += steps * STEP_MS
            x, y = part_x, part_y
        now += round(chance.lognormvariate(5.4, 0.8) / STEP_MS) * STEP_MS
    begin = found[0][0]
    return [(time - begin, x, y) for time, x, y in found[:samples]]


def _within(value: float, most: int) -> int:
    return min(most - 1, max(0, round(value)))
