"""One lively conversation: the picture that the README shows."""

from datetime import datetime, timedelta

from django.utils import timezone

from tests.browser.demo.items import Item, copy_of, told, umid, wrote

PERSON: Item = {
    "msisdn": "+6281234567890",
    "channelUserId": "ID.13491208655302741918",
    "name": "Sari Wulandari",
}
Told = list[tuple[datetime, Item]]


def conversation(now: datetime) -> Told:
    """Return the receipts of a parcel that was not there, until ``now``."""
    # The same hours of a day, whenever it is run, and all of them in the past.
    morning = (now - timedelta(days=1)).replace(hour=9, minute=0, second=0)
    return [*_first(morning), *_answers(morning), *_after(morning)]


def later() -> list[Item]:
    """Return what the conversation goes on with: a reading, and a question."""
    now = timezone.now()
    read = told(PERSON, "courier", now, "read")
    more = wrote(PERSON, "more", now, "text", {"text": "One more question"})
    return [read[1], more[1]]


def _first(morning: datetime) -> Told:
    text = copy_of(
        "Hi Sari, your order 88-2231 was delivered this morning. All well?",
        "order_delivered",
    )
    sent = morning + timedelta(minutes=2, seconds=11)
    return [
        told(PERSON, "order-88-2231", sent, "sent"),
        _delivered("order-88-2231", sent + timedelta(seconds=1.4), text),
        told(PERSON, "order-88-2231", sent + timedelta(minutes=6), "read"),
        wrote(
            PERSON,
            "not-here",
            sent + timedelta(minutes=7, seconds=20),
            "text",
            {"text": "It says delivered, but nothing is here 😕"},
            replyToUmid=umid("order-88-2231"),
        ),
        wrote(
            PERSON,
            "doorstep",
            sent + timedelta(minutes=7, seconds=48),
            "image",
            {"url": "https://media.example.com/doorstep.jpg", "text": "My doorstep"},
        ),
    ]


def _answers(morning: datetime) -> Told:
    asked = morning + timedelta(minutes=14)
    sorry = copy_of("Sorry! We look into it. Is this still where you are?")
    return [
        told(PERSON, "sorry", asked, "sent"),
        _delivered("sorry", asked + timedelta(seconds=0.9), sorry),
        told(PERSON, "sorry", asked + timedelta(seconds=21), "read"),
        wrote(
            PERSON,
            "place",
            asked + timedelta(seconds=58),
            "location",
            {
                "location": {
                    "latitude": -6.2001,
                    "longitude": 106.8166,
                    "name": "Lobby, Jl. Sudirman 12",
                    "address": "Jakarta",
                }
            },
        ),
    ]


def _after(morning: datetime) -> Told:
    offer, courier = morning + timedelta(hours=4), morning + timedelta(hours=5)
    sale = copy_of("Spring sale: 20 % off everything, this week.", "spring_sale")
    text = copy_of("Your courier is 10 minutes away. Reply STOP to end.")
    failed: Item = {
        "errorCode": "1024",
        "errorMessage": "Not delivered: ecosystem limits",
    }
    return [
        told(
            PERSON,
            "sale",
            offer,
            "undelivered",
            status=failed,
            whatsapp={"providerErrorCode": "131049"},
            **sale,
        ),
        # Told in the wrong order: the late step is kept and drawn as such.
        _delivered("courier", courier + timedelta(seconds=3), text),
        told(PERSON, "courier", courier + timedelta(seconds=4), "sent"),
        wrote(
            PERSON,
            "thanks",
            courier + timedelta(minutes=12),
            "text",
            {"text": "It is here now. Thank you! 🙏"},
            replyToUmid=umid("courier"),
        ),
    ]


def _delivered(name: str, at: datetime, text: Item) -> tuple[datetime, Item]:
    status: Item = {"detail": "delivered_to_recipient"}
    return told(PERSON, name, at, "delivered", status=status, **text)
