"""What is forwarded in the pictures: three mails, a till slip and a voice message."""

import io
from datetime import UTC, datetime

from PIL import Image, ImageDraw, ImageFont

from tests.doubles.forwards import Mailbox, Original
from tests.journeys.test_s1_quote import ENQUIRY

QUESTION = Original(
    author=Mailbox("Rui Costa", "rui@costacarpentry.example"),
    written_at=datetime(2026, 3, 9, 19, 40, tzinfo=UTC),
    subject="Website for a carpenter",
    body="Hello Dana, I need a landing page for my workshop. What would it cost me? Rui",
    message_id="<rc-77@costacarpentry.example>",
)
TIMETABLE = Original(
    author=Mailbox("Anna Meyer", "anna@harboryoga.example"),
    written_at=datetime(2026, 3, 10, 7, 5, tzinfo=UTC),
    subject="New timetable",
    body="Hi Dana, our spring timetable starts in April. Just so you know. See you Monday, Anna",
    message_id="<hy-12@harboryoga.example>",
)
THREE = (ENQUIRY, QUESTION, TIMETABLE)
VOICE = b"OggS" + bytes(range(256)) * 40
_SLIP = (
    ("PAPELARIA FERNANDES", ""),
    ("Rua do Ouro 145, Lisboa", ""),
    ("", ""),
    ("2 x Paper A3 200g", "18.40"),
    ("Ink, black", "24.90"),
    ("", ""),
    ("TOTAL EUR", "43.30"),
    ("Card", "43.30"),
    ("10-03-2026 08:51", ""),
)


def till_slip() -> bytes:
    """A photo of a receipt, as a phone takes it: JPEG, 3:4."""
    image = Image.new("RGB", (480, 460), "#8b7355")
    paper = ImageDraw.Draw(image)
    paper.polygon([(70, 26), (412, 18), (420, 440), (62, 446)], fill="#f7f5ef")
    font = ImageFont.load_default(21)
    for row, (left, right) in enumerate(_SLIP):
        paper.text((92, 52 + 41 * row), left, fill="#333", font=font)
        paper.text((388 - 12 * len(right), 52 + 41 * row), right, fill="#333", font=font)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
