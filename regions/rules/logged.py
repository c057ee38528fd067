"""Which of the things that happen to regions stand in the open log, and under what words."""

from gi_registry.lib.texts import Word


class Logged(Word):
    BOUNDARY_PUBLISHED = "region.boundary_published", "产地范围公布", "Boundary of a region published"
    BOUNDARY_ENDED = "region.boundary_ended", "产地范围终止", "Boundary of a region ended"
