"""Which of the things that happen to the register stand in the open log, and under what words."""

from gi_registry.lib.texts import Word


class Logged(Word):
    """Types of entries; the kind of the object comes first."""

    TITLE_STATUS = "title.status", "保护形式的状态", "Status of a title"
    SPECIFICATION_STATUS = "specification.status", "技术要求的状态", "Status of a specification"
    AUTHORISATION_STATE = "authorisation.state", "用标核准的状态", "State of an authorisation"
