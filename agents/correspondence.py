"""What every mail of the owner's has in common: the name under it, and whether it is a first."""

from agents.specialist import Work
from memory.records.fact import Fact


async def signed(work: Work) -> str:
    """The name under the mail: as configured, else as the owner introduced themselves."""
    if work.config.mail.signature:
        return work.config.mail.signature
    known = await work.memory.by_key("fact", "me/name")
    name = Fact.model_validate(known.data).value if known else work.config.owner.name
    return name.split(" ")[0] if name else ""


async def written_before(work: Work, email: str) -> bool:
    """Whether a mail went to this address before."""
    found = await work.memory.search(email, limit=20)
    return any(
        one.kind == "message"
        and one.data is not None
        and one.data.get("direction") == "out"
        and one.data.get("address") == email
        for one in found
    )


def from_address(work: Work) -> str:
    """The address that mail leaves from; empty while there is no account."""
    return work.config.mail.from_address if work.config.mail.smtp else ""
