"""Refusals that a clinician can act on.

Each carries one sentence that says what is wrong and what to do next. Anything else that is raised in this package
is a bug and surfaces.
"""


class DomainError(Exception):
    """A refusal with a sentence for the clinician. about: the name of the one entry that it is about, where one is.

    rule: the code of the rule that refuses, where one does; its page says why.
    """

    rule = ""

    def __init__(self, sentence: str, *, about: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.about = about


class NotADose(DomainError):
    """The text cannot be read as a dose without guessing."""


class AboveCeiling(DomainError):
    """A prescribed or planned daily total above the monograph's ceiling: refused on every path (T3)."""

    rule = "T3"


class NotMakeable(DomainError):
    """The chosen products cannot make a dose; the sentence names the product that would (E1)."""

    rule = "E1"


class PlanImpossible(DomainError):
    """No plan of the asked kind exists; the sentence names the step or the input that prevents it."""


class MalformedCase(DomainError):
    """A case file that cannot be read; the sentence begins with the name of the field."""
