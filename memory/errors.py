"""Everything that can go wrong on purpose.

* Trouble             base; carries a sentence the owner may read
  x Refused           a guard, the owner or the other side said no  -> tell, never retry
  x Stale             it moved on while we waited                    -> show the new state
  x NotFound          there is no such thing                         -> say so
  x Unavailable       the other side did not answer, nothing left    -> retry with backoff
  x Uncertain         it may or may not have happened                -> never retry, ask
* Misconfigured       not a Trouble: nothing may swallow it          -> stop the process
"""

from datetime import timedelta


class Trouble(Exception):
    """Something went wrong that the owner may hear about."""

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What happened, in the owner's words."""
        self.hint = hint
        """The next step, in the owner's words; empty when there is none."""


class Refused(Trouble):
    """A guard, the owner or the other side said no. Never tried again by itself."""


class Stale(Trouble):
    """It moved on while we waited."""


class NotFound(Trouble):
    """There is no such thing."""


class Unavailable(Trouble):
    """The other side did not answer and nothing irreversible happened."""

    def __init__(
        self, sentence: str, *, hint: str = "", retry_after: timedelta | None = None
    ) -> None:
        super().__init__(sentence, hint=hint)
        self.retry_after = retry_after
        """How long the other side asked us to wait; None when it did not say."""


class Uncertain(Trouble):
    """It may or may not have happened. Never tried again without evidence or the owner."""


class Misconfigured(Exception):
    """The configuration is wrong. Carries every fault at once, one sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
