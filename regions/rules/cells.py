"""Hexagons of the H3 grid: the size in which a place is told to those who may not know it exactly.

A cell is its H3 index, a positive number that fits a signed bigint. H3 speaks latitude first; everything here speaks
longitude first, as the rest of the project does. https://h3geo.org/docs/core-library/restable
"""

import h3.api.basic_int as h3

# Hexagons lie across the border of the province by up to their own width (11 km at resolution 5), so their extent is
# wider than that of what they count. Degrees east and north.
CELLS_EXTENT = (110.0, 34.3, 114.8, 41.0)


def cell_at(longitude: float, latitude: float, resolution: int) -> int:
    """The cell that holds a place. Resolution 5 is about 253 km2, resolution 6 about 36 km2."""
    return h3.latlng_to_cell(latitude, longitude, resolution)


def name_of(cell: int) -> str:
    """The index in hex, as H3 libraries write it."""
    return h3.int_to_str(cell)


def outline_of(cell: int) -> list[tuple[float, float]]:
    """The closed ring of a cell, longitude first, counter-clockwise. Far from the 180th meridian, as Shanxi is."""
    ring = [(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell)]
    return [*ring, ring[0]]
