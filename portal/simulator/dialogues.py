"""What people and businesses say to each other, in several languages.

A line begins with who says it and how: ``T`` a template of the business, ``>`` its
free words, ``<`` the person's; ``R`` the person answers the message before, ``B``
presses a button under it; ``I V A D L`` are the person's image, video, audio, document
and location, ``S`` a sticker.
"""

from dataclasses import dataclass
from typing import NamedTuple

_TEXTS: tuple[tuple[str, str], ...] = (
    (
        "en",
        """
        T order_shipped
        < Hi! Roughly what time will it come?
        > Between 10 and 12 tomorrow. You can still choose another day.
        R 10 to 12 is fine, thanks 👍
        T order_delivered
        < Got it. The box is a bit dented though
        I this corner
        > Sorry about that! Is anything inside damaged?
        < No, all good. Thank you!
        """,
    ),
    (
        "en",
        """
        T spring_offer
        B Tell me more
        > Until Sunday everything in the garden section is 20 % off.
        < Does that include the raised beds?
        > Yes, all sizes.
        < Great, I'll come by on Saturday
        """,
    ),
    (
        "en",
        """
        < Hello, I forgot to cancel my appointment for Friday, is it too late?
        > No problem. Shall I look for another day?
        R Tuesday afternoon if you have anything
        > Tuesday 15:30 is free.
        < Perfect
        T appointment_reminder
        B Confirm
        """,
    ),
    (
        "en",
        """
        T login_code
        < I did not ask for a code??
        > Then somebody may have mistyped a number. Without the code nothing can happen.
        < ok, thanks for the quick answer
        """,
    ),
    (
        "de",
        """
        T order_shipped
        < Guten Morgen, kann das Paket auch beim Nachbarn abgegeben werden?
        > Gerne. In welchem Haus wohnt er?
        R Hausnummer 14, zweiter Stock
        L Hausnummer 14
        > Vielen Dank, das ist vermerkt.
        < Super, schönen Tag noch!
        """,
    ),
    (
        "de",
        """
        T appointment_reminder
        B Absagen
        > Schade! Möchten Sie einen neuen Termin?
        < Ja bitte, nächste Woche, möglichst früh
        > Mittwoch, 8:15 Uhr?
        < Passt 😊
        """,
    ),
    (
        "es",
        """
        < Hola, ¿siguen abiertos hoy?
        > ¡Hola! Sí, hasta las 20 h.
        < ¿Y tienen la talla 38 de estos?
        I estos
        > Nos queda un par. ¿Se lo guardamos?
        R Sí, por favor. Paso a las seis
        T order_delivered
        """,
    ),
    (
        "es",
        """
        T spring_offer
        < No quiero recibir más publicidad, gracias
        > Entendido, la hemos dado de baja de las ofertas.
        S
        """,
    ),
    (
        "pt",
        """
        T order_shipped
        < Oi, o código de rastreio não abre
        > Vamos verificar. Pode enviar uma captura de tela?
        I aqui
        > Corrigido, tente de novo por favor.
        R Agora foi, obrigada!
        """,
    ),
    (
        "pt",
        """
        T login_code
        A
        > Recebemos o seu áudio. O código vale por dez minutos.
        < Consegui entrar, valeu
        """,
    ),
    (
        "id",
        """
        T order_shipped
        < Selamat pagi kak, paketnya sudah sampai mana ya?
        > Selamat pagi! Paket sedang diantar, perkiraan tiba sore ini.
        R Oke terima kasih 🙏
        T order_delivered
        V
        < Sudah diterima, bagus sekali
        """,
    ),
    (
        "id",
        """
        T spring_offer
        B Lihat promo
        < Ongkirnya gratis tidak?
        > Gratis ongkir untuk pembelian di atas Rp100.000.
        < Sip
        """,
    ),
    (
        "zh",
        """
        T order_shipped
        < 你好，请问什么时候能送到？
        > 您好，预计明天上午送达。
        R 可以放在门口吗？
        > 可以，已为您备注。
        < 谢谢
        """,
    ),
    (
        "zh",
        """
        < 我想开发票，需要提供什么？
        > 请提供公司名称和税号。
        D 开票资料
        > 收到，发票会在今天内发到您的邮箱。
        < 好的，辛苦了
        T appointment_reminder
        B 确认
        """,
    ),
    (
        "ar",
        """
        T order_shipped
        < مرحبا، هل يمكن تغيير العنوان؟
        > نعم بالتأكيد، أرسل لنا الموقع من فضلك.
        L العنوان الجديد
        > شكرا، تم التحديث.
        R شكرا جزيلا
        """,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template of the business; ``code`` as CAMS has it, ``number`` as 8x8 does."""

    name: str
    code: str
    number: int
    category: str
    text: str


TEMPLATES = {
    each.name: each
    for each in (
        Template(
            name="order_shipped",
            code="820561547132813184",
            number=1405047553933001,
            category="utility",
            text="Your order is on its way.",
        ),
        Template(
            name="order_delivered",
            code="820561547132813185",
            number=1405047553933002,
            category="utility",
            text="Your order was delivered. Is everything all right?",
        ),
        Template(
            name="appointment_reminder",
            code="744c4b5c79c9432497a075bdfca31234",
            number=1405047553933003,
            category="utility",
            text="Your appointment is tomorrow. Please confirm or cancel.",
        ),
        Template(
            name="login_code",
            code="820561547132813187",
            number=1405047553933004,
            category="authentication",
            text="****** is your code. Do not share it.",
        ),
        Template(
            name="spring_offer",
            code="820561547132813188",
            number=1405047553933005,
            category="marketing",
            text="Our spring offers are here.",
        ),
    )
}


class Line(NamedTuple):
    """One line: its sign (see the module) and its words, or the template's name."""

    sign: str
    words: str


def _lines(text: str) -> tuple[Line, ...]:
    stripped = (line.strip() for line in text.strip().splitlines())
    return tuple(Line(line[0], line[2:]) for line in stripped)


def _by_language() -> dict[str, tuple[tuple[Line, ...], ...]]:
    found: dict[str, tuple[tuple[Line, ...], ...]] = {}
    for language, text in _TEXTS:
        found[language] = (*found.get(language, ()), _lines(text))
    return found


DIALOGUES = _by_language()
