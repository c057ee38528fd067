"""Units of land that people here count in."""

SQUARE_METRES_PER_HECTARE = 10_000
# 1 mu is a fifteenth of a hectare.
SQUARE_METRES_PER_MU = 2000 / 3
