"""Everything that is held while nothing may leave."""

from memory.records.shape import Frozen
from memory.records.tally import Tally


class Standstill(Frozen):
    """What a stop holds, counted in the database."""

    tally: Tally = Tally()
    """Everything that was on its way: mails to a list by their parts, all else one by one."""
    bound: str = ""
    """Changes with every new yes: a button means what it was shown for."""
