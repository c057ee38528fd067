"""Deciding, without framework, clock or database: the vocabularies of the register and what may follow what."""
