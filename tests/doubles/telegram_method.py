"""What one method of the Bot API is: its parameters, and what it answers."""

from pydantic import BaseModel, ConfigDict

from tests.doubles.telegram_account import Account


class Method(BaseModel):
    """One method. Its fields are the parameters that have a meaning here; others are ignored."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="ignore", frozen=True)

    def answer(self, account: Account) -> object:
        """Do it, and return the `result` of the reply.

        Raises:
            BotApiError: Telegram would have refused.
        """
        raise NotImplementedError(type(self).__name__)
