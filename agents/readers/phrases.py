"""Phrases that mail programs put into a body, by language: labels, marks, closings.

All in casefolded form, without the colon. A new language is a few more entries here.
"""

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    label: field
    for field, labels in {
        "from": ("from", "von", "de", "da", "van", "expéditeur", "remitente", "absender"),
        "date": (
            *("date", "sent", "date sent", "sent on", "datum", "gesendet", "gesendet am", "data"),
            *("envoyé", "envoyé le", "date d'envoi", "enviado", "enviada", "enviado em"),
            *("enviada em", "enviado el", "fecha", "verzonden", "inviato"),
        ),
        "to": ("to", "an", "à", "a", "para", "pour", "aan", "destinataire", "empfänger"),
        "cc": ("cc", "kopie", "kopie (cc)", "copie à", "copie", "cópia", "bcc", "cci", "cco"),
        "subject": ("subject", "betreff", "objet", "assunto", "asunto", "oggetto", "onderwerp"),
        "reply_to": (
            *("reply-to", "reply to", "antwort an", "répondre à", "responder a", "responder para"),
        ),
        "message_id": ("message-id", "nachrichten-id"),
        "other": (
            *("importance", "wichtigkeit", "priorité", "importância", "importancia", "priority"),
            *("attachments", "anlagen", "pièces jointes", "anexos", "adjuntos", "return-path"),
            *("content-type", "mime-version", "x-mailer", "received", "sender", "delivered-to"),
        ),
    }.items()
    for label in labels
}
"""What a header block calls its lines: label to field."""

FORWARD_MARKS: frozenset[str] = frozenset(
    {
        "forwarded message",
        "forwarded by me",
        "weitergeleitete nachricht",
        "weitergeleitete e-mail",
        "message transféré",
        "message réexpédié",
        "mensagem encaminhada",
        "mensagem reencaminhada",
        "mensaje reenviado",
        "messaggio inoltrato",
        "doorgestuurd bericht",
    }
)
"""Stand between dashes above a forwarded message."""

BEGIN_MARKS: frozenset[str] = frozenset(
    {
        "begin forwarded message",
        "anfang der weitergeleiteten nachricht",
        "anfang der weitergeleiteten e-mail",
        "début du message réexpédié",
        "début du message transféré",
        "início da mensagem encaminhada",
        "início da mensagem reencaminhada",
        "inicio del mensaje reenviado",
        "inizio messaggio inoltrato",
        "begin doorgestuurd bericht",
    }
)
"""Apple's sentence above a forwarded message; it ends in a colon."""

END_MARKS: frozenset[str] = frozenset(
    {"end forwarded message", "end of forwarded message", "ende der weitergeleiteten nachricht"}
)
"""Stand between dashes below a forwarded message."""

ORIGINAL_MARKS: frozenset[str] = frozenset(
    {
        "original message",
        "original appointment",
        "ursprüngliche nachricht",
        "originalnachricht",
        "urspr. nachricht",
        "message d'origine",
        "message original",
        "mensagem original",
        "mensaje original",
        "messaggio originale",
        "oorspronkelijk bericht",
    }
)
"""Outlook's mark, between dashes, above a message that was forwarded or answered."""

FORWARD_PREFIXES: frozenset[str] = frozenset(
    {"fwd", "fw", "wg", "tr", "enc", "rv", "rt", "reenv", "wtr", "i", "doorst", "fwd (fwd)"}
)
REPLY_PREFIXES: frozenset[str] = frozenset({"re", "aw", "antw", "res", "rép", "rif", "r", "ref"})

ATTRIBUTION_STARTS: tuple[str, ...] = ("on ", "am ", "le ", "em ", "el ", "il ", "op ", "no dia ")
ATTRIBUTION_VERBS: tuple[str, ...] = (
    *(" wrote", " writes", " schrieb", " schrieb am", " a écrit", " écrit", " escreveu"),
    *(" escribió", " ha scritto", " schreef", ">wrote"),
)
"""A line such as "On Monday Tom wrote:" starts and ends like this."""

CLOSINGS: frozenset[str] = frozenset(
    phrase.casefold()
    for phrase in (
        *("best", "best regards", "best wishes", "all the best", "kind regards", "kindest regards"),
        *("warm regards", "warmest regards", "regards", "with regards", "many regards"),
        *("with kind regards", "with best regards", "with best wishes", "warmly", "cordially"),
        *("sincerely", "yours sincerely", "sincerely yours", "yours faithfully", "yours truly"),
        *("yours", "respectfully", "cheers", "thanks", "many thanks", "thank you", "thx"),
        *("thanks again", "thank you again", "thanks in advance", "thank you in advance", "love"),
        *("thank you very much", "thanks a lot", "thanks so much", "thank you so much"),
        *("with thanks", "thanks and regards", "thanks and best regards", "talk soon", "take care"),
        *("speak soon", "see you", "see you soon", "ta", "xx", "hugs", "bye", "br", "rgds", "kr"),
        *("thanks & regards", "thanks and kind regards", "have a nice day", "have a great day"),
        *("viele grüße", "viele grüsse", "liebe grüße", "liebe grüsse", "beste grüße", "grüße"),
        *("schöne grüße", "herzliche grüße", "herzliche grüsse", "freundliche grüße", "gruß"),
        *("mit freundlichen grüßen", "mit freundlichen grüssen", "freundliche grüsse", "mfg"),
        *("mit freundlichem gruß", "mit besten grüßen", "mit herzlichen grüßen", "vg", "lg"),
        *("herzlich", "danke", "vielen dank", "besten dank", "herzlichen dank", "dein", "deine"),
        *("beste grüsse", "grüsse", "viele liebe grüße", "bis bald", "danke und viele grüße"),
        *("cordialement", "bien cordialement", "très cordialement", "bien à vous", "bien à toi"),
        *("salutations", "meilleures salutations", "sincères salutations", "amicalement", "bises"),
        *("merci", "merci beaucoup", "merci d'avance", "à bientôt", "cdt", "amitiés"),
        *("cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos", "abraço"),
        *("os melhores cumprimentos", "atenciosamente", "atentamente", "obrigado", "obrigada"),
        *("muito obrigado", "muito obrigada", "um abraço", "abraços", "beijinhos", "grato", "att"),
        *("com cumprimentos", "saudações", "cordiais saudações", "até breve", "beijos"),
        *("saludos", "un saludo", "saludos cordiales", "un cordial saludo", "cordialmente"),
        *("gracias", "muchas gracias", "un abrazo", "abrazos", "saludos atentos", "hasta pronto"),
        *("reciba un cordial saludo", "cordiali saluti", "grazie", "saluti", "groeten"),
        *("met vriendelijke groet", "vriendelijke groeten", "groetjes", "distinti saluti"),
    )
)
"""Formulas that end a mail, alone on their line or before the name."""

PHONE_MARKS: tuple[str, ...] = (
    *("sent from my ", "sent from outlook", "sent from yahoo", "sent from proton", "sent via "),
    *("sent with ", "sent from mail for windows", "get outlook for ", "sent from gmail mobile"),
    *("von meinem ", "gesendet von ", "gesendet mit ", "diese nachricht wurde von meinem "),
    *("outlook für ", "holen sie sich outlook", "envoyé de mon ", "envoyé depuis mon "),
    *("envoyé à partir d", "obtenez outlook", "télécharger outlook", "enviado do meu "),
    *("enviado a partir do ", "enviado desde mi ", "enviado de mi ", "enviado através d"),
    *("enviado via ", "obter o outlook", "obtenha o outlook", "obtener outlook", "inviato da "),
    *("verzonden vanaf mijn ", "envoyé avec ", "enviado con ", "enviado com "),
)
"""How a phone's or a program's own line below a mail begins."""

DISCLAIMERS: tuple[str, ...] = (
    *("confidential", "privileged", "intended recipient", "intended solely", "disclaimer"),
    *("vertraulich", "confidentiel", "confidencial", "think before you print", "views are those"),
    *("registered in england", "registered office", "amtsgericht", "handelsregister"),
)
"""Words of the small print below a signature."""

GREETINGS: tuple[str, ...] = (
    *("hi ", "hi,", "hello", "hey", "dear ", "good morning", "good afternoon", "good evening"),
    *("hallo", "liebe", "sehr geehrte", "guten ", "moin", "servus", "bonjour", "bonsoir", "cher "),
    *("chère ", "salut", "olá", "ola ", "oi ", "caro ", "cara ", "prezad", "bom dia", "boa tarde"),
    *("hola", "estimad", "querid", "buenos ", "buenas "),
)
"""How a letter begins."""
