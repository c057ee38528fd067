"""Deciding about places. Pure: no Django, no clock, no database, so that every rule can be tested and timed alone."""

from regions.rules.boxes import BoxCheck, BoxFinding, DeclaredBox, Envelope, check_box
from regions.rules.cells import CELLS_EXTENT, cell_at, name_of, outline_of
from regions.rules.coordinates import CoordinateSystem, reader_of
from regions.rules.corners import read_corners
from regions.rules.degrees import read_degrees
from regions.rules.names import english_name, initials_of, pinyin_of
from regions.rules.placement import Placement, decide_placement
from regions.rules.places import BoundaryMethod, ChangeShare, DivisionLevel, Extent, extent_of, level_of, parent_of

__all__ = [
    "CELLS_EXTENT",
    "BoundaryMethod",
    "BoxCheck",
    "BoxFinding",
    "ChangeShare",
    "CoordinateSystem",
    "DeclaredBox",
    "DivisionLevel",
    "Envelope",
    "Extent",
    "Placement",
    "cell_at",
    "check_box",
    "decide_placement",
    "english_name",
    "extent_of",
    "initials_of",
    "level_of",
    "name_of",
    "outline_of",
    "parent_of",
    "pinyin_of",
    "read_corners",
    "read_degrees",
    "reader_of",
]
