"""The demonstration: invented people, producers and goods over the real register, so that everything can be tried.

Nothing here is imported by the product itself but by its commands and the tour page, and everything goes in through
the rooms' own actions: what the rules refuse cannot be in the demo either.
"""
