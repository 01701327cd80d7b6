"""The words and signs of money, as tables: add a line to teach one."""

from collections.abc import Mapping

from memory.wording.phrases import word_set

DOLLARS = word_set(
    "USD CAD AUD NZD SGD HKD TWD JMD BBD BSD BZD FJD GYD KYD LRD NAD SRD TTD XCD MXN ARS CLP "
    "COP UYU"
)
"""Currencies that their own people write with a bare "$"."""
KRONES = frozenset({"SEK", "NOK", "DKK", "ISK"})
RUPEES = word_set("INR PKR LKR NPR MUR SCR")
POUNDS = word_set("GBP EGP GIP FKP SHP LBP SDG SSP SYP")
FRANCS = word_set("CHF XOF XAF XPF RWF BIF GNF KMF DJF CDF")
YENS = frozenset({"JPY", "CNY"})
PESOS = word_set("MXN ARS CLP COP UYU PHP DOP CUP")
DINARS = word_set("RSD KWD JOD BHD TND IQD DZD LYD MKD")
SHILLINGS = frozenset({"KES", "TZS", "UGX", "SOS"})
REALS = frozenset({"BRL"})
RIYALS = word_set("SAR QAR OMR YER IRR")
CROWNS = frozenset({"CZK", *KRONES})

FAMILIES: Mapping[str, tuple[frozenset[str], str]] = {
    "$": (DOLLARS, "USD"),
    "dollar": (DOLLARS, "USD"),
    "dollars": (DOLLARS, "USD"),
    "buck": (DOLLARS, "USD"),
    "bucks": (DOLLARS, "USD"),
    "£": (POUNDS, "GBP"),
    "pound": (POUNDS, "GBP"),
    "pounds": (POUNDS, "GBP"),
    "¥": (YENS, "JPY"),
    "円": (YENS, "JPY"),
    "￥": (YENS, "JPY"),
    "kr": (KRONES, "SEK"),
    "crown": (CROWNS, "CZK"),
    "crowns": (CROWNS, "CZK"),
    "rs": (RUPEES, "INR"),
    "rupee": (RUPEES, "INR"),
    "rupees": (RUPEES, "INR"),
    "fr": (FRANCS, "CHF"),
    "franc": (FRANCS, "CHF"),
    "francs": (FRANCS, "CHF"),
    "peso": (PESOS, "MXN"),
    "pesos": (PESOS, "MXN"),
    "dinar": (DINARS, "RSD"),
    "dinars": (DINARS, "RSD"),
    "shilling": (SHILLINGS, "KES"),
    "shillings": (SHILLINGS, "KES"),
    "riyal": (RIYALS, "SAR"),
    "riyals": (RIYALS, "SAR"),
}
"""Words for several currencies: the owner's if it is one of them, else the usual one."""

SIGNS: Mapping[str, str] = {
    "€": "EUR",
    "₹": "INR",
    "₩": "KRW",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "₦": "NGN",
    "₱": "PHP",
    "₪": "ILS",
    "₫": "VND",
    "฿": "THB",
    "₡": "CRC",
    "₲": "PYG",
    "₵": "GHS",
    "₸": "KZT",
    "₼": "AZN",
    "₾": "GEL",
}

LETTERED_SIGNS: Mapping[str, str] = {
    "r": "BRL",
    "us": "USD",
    "u": "USD",
    "c": "CAD",
    "ca": "CAD",
    "cdn": "CAD",
    "a": "AUD",
    "au": "AUD",
    "nz": "NZD",
    "s": "SGD",
    "sg": "SGD",
    "hk": "HKD",
    "nt": "TWD",
    "mx": "MXN",
    "j": "JMD",
}
"""Letters in front of a "$"."""

NAMES: Mapping[str, str] = {
    "euro": "EUR",
    "euros": "EUR",
    "quid": "GBP",
    "sterling": "GBP",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "rmb": "CNY",
    "rand": "ZAR",
    "rands": "ZAR",
    "real": "BRL",
    "reais": "BRL",
    "reals": "BRL",
    "zł": "PLN",
    "zl": "PLN",
    "zloty": "PLN",
    "zlotys": "PLN",
    "zloties": "PLN",
    "złoty": "PLN",
    "złotych": "PLN",
    "kč": "CZK",
    "koruna": "CZK",
    "korunas": "CZK",
    "forint": "HUF",
    "forints": "HUF",
    "lei": "RON",
    "krona": "SEK",
    "kronor": "SEK",
    "krone": "NOK",
    "kroner": "NOK",
    "sfr": "CHF",
    "shekel": "ILS",
    "shekels": "ILS",
    "baht": "THB",
    "ringgit": "MYR",
    "won": "KRW",
    "dirham": "AED",
    "dirhams": "AED",
    "lira": "TRY",
    "naira": "NGN",
    "hryvnia": "UAH",
    "rubles": "RUB",
    "roubles": "RUB",
}

EVERYDAY_CODES = word_set(
    "eur usd gbp chf sek nok dkk isk pln czk huf ron bgn cad aud nzd jpy cny inr zar brl mxn "
    "sgd hkd krw twd thb myr idr php vnd ils aed sar ngn kes egp uah"
)
"""ISO codes that also count in lower case; others (all, try, top, cup) are English words."""

CENTS: Mapping[str, str] = {
    "cent": "",
    "cents": "",
    "ct": "",
    "¢": "",
    "pence": "GBP",
    "penny": "GBP",
    "pennies": "GBP",
    "öre": "SEK",
    "øre": "DKK",
    "groszy": "PLN",
    "centavos": "",
    "rappen": "CHF",
    "paise": "INR",
}
"""Hundredths and the currency they are of, empty for that of the owner."""

CENTLESS = word_set("JPY KRW VND CLP ISK HUF")
"""Whose owners mean dollars when they say cents."""

DOT_GROUPS = word_set("BRL ARS CLP COP UYU DKK IDR VND TRY ISK PYG RSD MKD BAM")
"""Currencies written 1.000 at home, so that "R$ 3.000" can only be three thousand."""

MULTIPLIERS: Mapping[str, int] = {
    "k": 1000,
    "thousand": 1000,
    "grand": 1000,
    "lakh": 100_000,
    "lakhs": 100_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "mio": 1_000_000,
    "mil": 1_000_000,
    "million": 1_000_000,
    "crore": 10_000_000,
    "crores": 10_000_000,
    "b": 1_000_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
}
GLUED_MULTIPLIERS = word_set("k m b mn bn mil")
"""These must touch their figure: "5 m" is five metres."""

PER_UNITS: Mapping[str, str] = {
    "hour": "hour",
    "hr": "hour",
    "h": "hour",
    "hrs": "hour",
    "day": "day",
    "d": "day",
    "night": "day",
    "week": "week",
    "wk": "week",
    "w": "week",
    "month": "month",
    "mo": "month",
    "mth": "month",
    "year": "year",
    "yr": "year",
    "annum": "year",
    "piece": "piece",
    "pc": "piece",
    "item": "piece",
    "unit": "piece",
    "each": "piece",
    "head": "piece",
    "person": "piece",
    "guest": "piece",
    "page": "piece",
    "word": "piece",
    "session": "piece",
    "visit": "piece",
    "class": "piece",
    "lesson": "piece",
    "photo": "piece",
    "image": "piece",
    "copy": "piece",
    "bottle": "piece",
    "box": "piece",
    "ticket": "piece",
    "kg": "piece",
    "kilo": "piece",
    "km": "piece",
    "mile": "piece",
    "sqm": "piece",
    "seat": "piece",
    "user": "piece",
    "mug": "piece",
    "dog": "piece",
    "half": "day",
}
"""What "a", "per" and "/" may be followed by."""

PER_ADVERBS: Mapping[str, str] = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
    "annual": "year",
    "each": "piece",
    "apiece": "piece",
    "pcm": "month",
    "pm": "month",
    "pa": "year",
    "pp": "piece",
    "ph": "hour",
    "pw": "week",
}
"""What may follow an amount: "220 monthly", "350 each"."""

PER_RATES: Mapping[str, str] = {
    "hourly": "hour",
    "hour": "hour",
    "daily": "day",
    "day": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annual": "year",
}
"""What may stand in front: "hourly is 85", "my day rate is 400"."""

ABOUT_WORDS = word_set(
    "around about approx approximately roughly circa ca c. ~ ≈ up max maximum maybe nearly "
    "almost under over < > ≤ ≥ least most say like some between"
)
"""Words in front of an amount that is not exact."""
ABOUT_FILLERS = word_set("to of . than at")
"""Words that may stand between those and the amount: "up to", "more than"."""

COUNTERS = word_set(
    "page pages room no nr number invoice inv chapter step version v unit flat apt apartment "
    "lesson lessons size table order project phase section line item level option suite gate "
    "platform floor act part q week kw ref case ticket po vol volume issue route bus train "
    "figure fig tel phone call mobile fax zip code box street road avenue grade class track "
    "job lot door top highway isbn vat iban nip port slide article paragraph"
)
"""A number behind one of these counts or names something; it is no money."""

UNITS_OF_THINGS = word_set(
    "% ° kg g mg lb lbs oz km m cm mm mi ft sqm ml l cl kb mb gb tb px dpi x h hr hrs min "
    "mins sec am pm st nd rd th kwh kw w v a hz kilo kilos meters metres miles"
)

MONEY_CUES = word_set(
    "pay pays paid paying cost costs costing charge charges charged price prices priced quote "
    "quoted bill billed invoice invoiced fee rate budget total amount sum owe owes owed "
    "transfer transferred spent spend deposit refund refunded earned hourly upfront due "
    "balance worth tip tipped bought buy received got"
)
"""Words that make a bare four-digit figure money rather than a year."""

AFTER_MONEY = word_set(
    "fee deposit charge tip refund retainer discount bonus surcharge budget "
    "down upfront total net gross plus minus extra off more less back cash already today "
    "tomorrow yesterday tonight ish flat excl incl including excluding all over under into "
    "onto until yes ok okay deal max now upfront vat tax tip on top"
)
"""Words that may follow a bare amount."""
