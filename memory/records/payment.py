"""Money that came in."""

from datetime import datetime
from typing import ClassVar

from memory.records.kept import Kept, normal
from memory.records.money import Money
from memory.records.shape import Text


class Payment(Kept):
    """Money that a customer paid, as the payment provider or the owner told it."""

    kind: ClassVar[str] = "payment"
    home: ClassVar[str] = "bank"

    number: Text
    """What the provider calls it; for one that the owner told of, the message that told it."""
    amount: Money
    paid_at: datetime | None = None
    """Aware; None when nobody said."""
    payer: Text = ""
    """Who paid, as it was told."""
    customer: str | None = None
    """Record id of the customer; None when it is nobody known."""
    invoice: str | None = None
    """Record id of the bill it pays; None when it pays none that is known."""
    reference: Text = ""
    """What the payer wrote with it."""
    note: Text = ""
    confirmed_by: Text = ""
    """The provider's name for it, where the owner had told of it before."""

    def key(self) -> str:
        """What the provider calls it."""
        return normal(self.number)

    def title(self) -> str:
        """The amount and who paid it."""
        return f"{self.amount} from {self.payer}" if self.payer else str(self.amount)

    def words(self) -> str:
        """Amount, payer, reference and note."""
        return " ".join(one for one in (self.title(), self.reference, self.note) if one)
