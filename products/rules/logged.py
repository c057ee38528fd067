"""Which of the things that happen to the register stand in the open log, and under what words."""

from gi_registry.lib.texts import Word


class Logged(Word):
    """Types of entries; the kind of the object comes first."""

    TITLE_STATUS = "title.status", "保护形式的状态", "Status of a title"
    SPECIFICATION_STATUS = "specification.status", "技术要求的状态", "Status of a specification"
    AUTHORISATION_STATE = "authorisation.state", "用标核准的状态", "State of an authorisation"


def title_object(number: str) -> str:
    return f"title:{number}"


def specification_object(number: str) -> str:
    return f"specification:{number}"


def authorisation_object(number: str) -> str:
    return f"authorisation:{number}"
