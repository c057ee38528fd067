"""Unit codes: made from a key instead of stored, told from guesses without a database. No Django here, so that a printer
or an auditor can carry the same files (design in docs/keys.md; vectors in tests/vectors/unit_codes.json)."""
