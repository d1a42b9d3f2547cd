"""Three ways to take a push."""

from celery import Celery
from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.peers.models import Received

tasks = Celery(
    "peers",
    broker=settings.BROKER.replace("unix://", "redis+socket://").replace(
        "?db=", "?virtual_host="
    ),
)
tasks.conf.task_ignore_result = True
ACK = {"code": 0, "msg": "Success"}


class Nothing(APIView):
    """(a) Take the bytes and answer."""

    def post(self, request: Request) -> Response:
        request._request.read()
        return Response(ACK)


class Plain(APIView):
    """(b) One get_or_create for each receipt, in the request."""

    def post(self, request: Request) -> Response:
        for item in request.data:
            Received.objects.get_or_create(
                message_id=item["MessageId"],
                recipient=item["To"],
                status=item["Status"],
                defaults={"payload": item},
            )
        return Response(ACK)


class Tasks(APIView):
    """(c) One task for each receipt: acknowledged before anything is kept."""

    def post(self, request: Request) -> Response:
        for item in request.data:
            tasks.send_task("peers.keep", [item])
        return Response(ACK)
