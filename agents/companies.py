"""What a company is called, when a letter only shows where it writes from, and which is meant."""

import re
from collections.abc import Iterable

from memory.records.change import Version
from memory.records.customer import Customer
from memory.records.kept import normal
from memory.records.letter import Letter

_PUBLIC_HOSTS = """
gmail googlemail outlook hotmail live yahoo icloud me mac proton protonmail gmx web aol fastmail
mail posteo tutanota zoho yandex msn
"""
_PUBLIC = frozenset(_PUBLIC_HOSTS.split())
"""Mail hosts that say nothing about a company."""

_TRADE_WORDS = """
academy accounting agency apartments architects architecture art arts associates audio bakery
bar barbers beauty bikes bistro books bookshop boutique brewery build builders building cafe
capital care catering ceramics charity church cleaning clinic club coach coaching coffee college
company construction consult consulting cosmetics creative crew dance deli dental design designs
digital distillery dogs editorial education electric electrical energy engineering estate
estates events factory farm farms fashion festival film films finance fitness florist flowers
foods foundation furniture gallery garden gardens garage glass group guesthouse gym hair health
homes hostel hotel house housing immo institute interiors jewellery kitchen labs laundry law
lawyers legal lettings logistics management market marketing massage media medical mill motors
museum music nursery optics paint partners pet pets pharma pharmacy photo photography physio
pianos pizza plumbing pottery press print printing productions properties property publishing
realty recording records rentals repair repairs restaurant retreat salon school security
services shoes shop skincare software soap solar solutions spa sports stables store studio
studios surf surgery systems tailors taxi tea tech technologies textiles theatre therapy tools
tours toys trade trading training transport travel travels trust vet vets villas vineyard web
weddings windows wine wines winery wood workshop works yoga
"""
_TRADES = tuple(sorted(_TRADE_WORDS.split(), key=len, reverse=True))
"""Words that a company's name often ends with, longest first."""


def company_of(letter: Letter) -> str | None:
    """The writer's company: from the signature, else from the mail domain; None for a person."""
    written = _from_signature(letter)
    domain = domain_of(letter)
    label = domain.split(".")[0] if domain else ""
    if written and (not label or _squeezed(written).startswith(_squeezed(label)[:4])):
        return written
    if not label:
        return written
    spelled = _spelled(label, f"{letter.subject}\n{letter.text}\n{letter.signature}")
    return spelled or written or _split(label)


def domain_of(letter: Letter) -> str | None:
    """The domain the writer's company owns; None for a public mail host or no address."""
    email = letter.author.email
    if not email:
        return None
    domain = email.rpartition("@")[2].lower()
    return None if domain.split(".")[0] in _PUBLIC else domain


def named(name: str, customers: Iterable[Version]) -> tuple[Version, ...]:
    """The customers with all these words in their name; the exact one alone if there is."""
    asked = normal(name).split()
    found = [(normal(Customer.model_validate(one.data).name), one) for one in customers]
    exact = [one for title, one in found if title.split() == asked]
    return tuple(exact[:1] or [one for title, one in found if set(asked) <= set(title.split())])


def _from_signature(letter: Letter) -> str | None:
    """A signature's line that is neither person, role nor number: "Bluefin Cafe"."""
    name = (letter.author.name or "").lower()
    for line in letter.signature.splitlines():
        line = line.split("|")[0].split("·")[0].strip(" ,-*_")
        words = line.split()
        if not 1 < len(words) <= 5 or line.lower() == name or re.search(r"[@\d/:]", line):
            continue
        last = re.sub(r"[^a-z]", "", words[-1].lower())
        if last in _TRADES or last in ("ltd", "gmbh", "llc", "inc", "sa", "lda", "bv", "ab"):
            return line.rpartition(", ")[2] or line
    return None


def _spelled(label: str, text: str) -> str | None:
    """The company's name as the letter itself writes it, if its letters make up the domain."""
    wanted = _squeezed(label)
    words = re.findall(r"[^\W\d_][\w'&.-]*", text)
    for start in range(len(words)):
        for length in (2, 3, 4):
            run = words[start : start + length]
            if (
                len(run) == length
                and run[0][0].isupper()
                and run[-1][0].isupper()
                and _squeezed("".join(run)) == wanted
            ):
                return " ".join(run)
    return None


def _split(label: str) -> str:
    """A domain's first part as a name: "bluefincafe" is Bluefin Cafe."""
    parts = [part for part in re.split(r"[-_]", label) if part]
    if len(parts) == 1:
        for trade in _TRADES:
            if label.endswith(trade) and len(label) - len(trade) >= 3:
                parts = [label.removesuffix(trade), trade]
                break
    return " ".join(part.capitalize() for part in parts)


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
