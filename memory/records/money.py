"""Money: whole minor units and a currency."""

from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import get_currency_precision
from pydantic import Field

from memory.records.shape import Frozen


class Money(Frozen):
    """An exact sum, in whole minor units ("1200.00 EUR" is 120000 minor units)."""

    minor: int
    """Whole minor units: cents for EUR, yen for JPY. Negative is allowed."""
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """ISO 4217 code."""

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> "Money":
        """Money from a decimal amount, rounded half-even to the currency's smallest unit."""
        digits = get_currency_precision(currency)
        minor = Decimal(amount).scaleb(digits).to_integral_value(ROUND_HALF_EVEN)
        return cls(minor=int(minor), currency=currency)

    @property
    def amount(self) -> Decimal:
        """The amount in whole currency units."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def __str__(self) -> str:
        """The scripting form, at least two decimals: "1200.00 EUR"."""
        digits = max(2, get_currency_precision(self.currency))
        return f"{self.amount:.{digits}f} {self.currency}"
