"""Kalimantan Timur as a schematic map of our own drawing: who borders on whom, cities enlarged so that they can be hit.

Not to scale and not a statement on borders. Plane coordinates, x to the right, y up, 0 to 100; keys are Kemendagri
codes.
"""

from typing import Any

Point = tuple[float, float]
OUTLINES: dict[str, list[Point]] = {
    "64.11": [(4, 88), (26, 98), (52, 98), (50, 76), (44, 66), (24, 62), (8, 70)],
    "64.03": [(52, 98), (92, 92), (97, 78), (74, 70), (50, 76)],
    "64.08": [(50, 76), (74, 70), (97, 78), (95, 62), (84, 58), (76, 52), (62, 50), (44, 66)],
    "64.07": [(8, 70), (24, 62), (44, 66), (40, 46), (26, 34), (12, 42), (6, 56)],
    "64.02": [(44, 66), (62, 50), (76, 52), (80, 44), (74, 34), (58, 30), (40, 46)],
    "64.09": [(40, 46), (58, 30), (55, 20), (46, 22), (38, 34)],
    "64.01": [(26, 34), (40, 46), (38, 34), (46, 22), (50, 8), (36, 2), (22, 14)],
    "64.71": [(58, 30), (74, 34), (72, 22), (55, 20)],
    "64.72": [(60, 46), (71, 46), (71, 37), (60, 37)],
    "64.74": [(78, 54), (90, 54), (90, 45), (80, 45)],
}
LABELS: dict[str, Point] = {
    "64.11": (28, 82),
    "64.03": (73, 84),
    "64.08": (69, 64),
    "64.07": (24, 51),
    "64.02": (52, 54),
    "64.09": (46, 35),
    "64.01": (34, 22),
    "64.71": (65, 26),
    "64.72": (65.5, 41.5),
    "64.74": (84.5, 49.5),
}


# As people here call them, where a picture has no room for the whole name.
SHORT_NAMES = {"64.11": "Mahulu", "64.08": "Kutim", "64.07": "Kubar", "64.02": "Kukar", "64.09": "PPU"}


def features(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """GeoJSON features; each row of `rows` names its `code` and becomes the properties of that region."""
    return [
        {
            "type": "Feature",
            "properties": row,
            "geometry": {"type": "Polygon", "coordinates": [[*OUTLINES[row["code"]], OUTLINES[row["code"]][0]]]},
        }
        for row in rows
        if row["code"] in OUTLINES
    ]
