"""How names of columns and words of a list are compared. Pure."""

import unicodedata


def folded(word: str) -> str:
    """Full-width, upper case, blanks and underscores make no difference, nor does the mark of what is required."""
    return unicodedata.normalize("NFKC", word).casefold().replace("*", "").strip().replace(" ", "_").replace("-", "_")
