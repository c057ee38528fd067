"""How large a spreadsheet may be, packed and unpacked."""

MAX_ROWS = 50_000
MAX_COLUMNS = 60
# A cell of ours is a name, a number or a list of sites; more is a text that stands in the wrong column.
MAX_CELL = 2_000
# The title, the hints and the header stand above the rows.
HEADER_WITHIN = 10

MAX_MEMBERS = 1_000
MAX_UNPACKED = 200 * 1024 * 1024
# Rows that are all alike shrink two hundredfold in all honesty.
MAX_RATIO = 500
HARMLESS_BYTES = 4 * 1024 * 1024

# What the reading process may take: it is killed by the system beyond that.
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 60
WALL_SECONDS = 180
