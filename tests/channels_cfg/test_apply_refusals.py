"""What the channel file may not say: each refusal names the place and the reason."""

import pytest
from django.core.management import CommandError, call_command

from channels_cfg.models import Channel
from tests.channels_cfg.channel_files import CAMS, apply, channels, file, one

pytestmark = pytest.mark.django_db


def refusal(text: str) -> str:
    with pytest.raises(CommandError) as refused:
        apply(text)
    assert not Channel.objects.exists()
    return str(refused.value).removesuffix("\nNothing was changed.")


def status(written: str) -> str:
    return file(one(f"callbacks: {{mt_status: {written}}}"))


STATUS = "channels[0].callbacks.mt_status"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty; it must hold channels"),
        ("- a", "must hold channels"),
        ("chanels: []", "chanels: unknown; allowed here: channels"),
        ("channels: {}", "channels: must be a list"),
        ("channels: [", "not YAML: line 1, column 12: expected the node content"),
        ("channels: []\nchannels: []", "not YAML: line 1, column 1: channels stands"),
        ("channels: [a]", "channels[0]: must hold key, name"),
        ("channels: [{name: x}]", "channels[0]: a channel needs its key"),
        ("channels: [{key: c1}]", "channels[0].provider: a new channel needs its"),
        ("channels: [{key: c1, provider: x}]", "[0].provider: there is no provider x"),
        (file(one(key="C_1")), "channels[0].key: Use lower-case letters, digits"),
        (file(one(), one()), "channels[1].key: c1 stands here twice"),
        (file(one("colour: red")), "channels[0].colour: unknown; allowed here: key"),
        (file(one()).replace("whatsapp", "WA"), "channels[0].type: Use one word in"),
        (file(one("active: maybe")), "channels[0].active: must be true or false"),
        (file(one("name: on")), "channels[0].name: must be a text; write it in quotes"),
        (file(one("account: {id: x}")), "account.id: unknown; cams knows cust_space_"),
        (file(one("account: [x]")), "channels[0].account: must be a mapping of names"),
        (file(one("addresses: [{}]")), "channels[0].addresses[0]: must be a text"),
    ],
)
def test_file_of_another_shape_is_refused(text: str, told: str) -> None:
    assert told in refusal(text)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{pth: x}", ".pth: unknown; allowed here: path, enabled, auth, allow_from"),
        ("{version: V2}", ".version: unknown; allowed here: path, enabled"),
        ("{path: a//b}", ".path: Use segments of A-Z a-z 0-9 . _ - ~"),
        ("{path: /a}", ".path: Use segments"),
        ("{path: a/}", ".path: Use segments"),
        ("{path: ä}", ".path: Use segments"),
        ("{path: a/../b}", ".path: A segment of one or two dots means a folder"),
        ("[{path: a}, {path: a}]", "[1].path: a is a path of this channel already"),
        ("{allow_from: [10.0.0.0/33]}", ".allow_from: 10.0.0.0/33 is neither an ad"),
        (
            "{allow_from: [10.0.0.1/8]}",
            ".allow_from: 10.0.0.1/8 is an address within 10",
        ),
        ("{allow_from: home}", ".allow_from: home is neither an address nor a netw"),
    ],
)
def test_callback_path_that_cannot_be_is_refused(written: str, told: str) -> None:
    assert f"{STATUS}{told}" in refusal(status(written))


@pytest.mark.parametrize(
    ("auth", "told"),
    [
        ("{haeder: {}}", ": unknown; allowed here: header, basic, signing, verify"),
        ("{header: {name: X-Key}}", ".header.value: a header needs a value, and none"),
        ("{header: {name: X-Key, value: []}}", ".header.value: a header needs a val"),
        ("{header: {name: X-Key, value: ''}}", ".header.value: is empty"),
        ("{header: {name: X-Key, value: }}", ".header.value: must be a text"),
        (
            "{header: {name: X-Key, value: {stored: true}}}",
            ".header.value: a header ne",
        ),
        (
            "{header: {value: v}}",
            ".header.name: a header value needs the header's name",
        ),
        ("{header: {name: 'X Key', value: v}}", ".header.name: X Key cannot carry a s"),
        (
            "{header: {name: Host, value: v}}",
            ".header.name: Host cannot carry a secret",
        ),
        ('{header: {name: X-Key, value: "a\\nb"}}', ".header.value: only printable A"),
        ("{header: {name: X-Key, value: geheim-für-uns}}", ".header.value: only pri"),
        ("{header: {name: X-Key, value: {env: NOT_SET}}}", ": NOT_SET is not set in t"),
        (
            "{header: {name: X-Key, value: {file: /nowhere}}}",
            ": cannot read /nowhere: ",
        ),
        ("{header: {name: X-Key, value: {vault: x}}}", ".vault: unknown; allowed here"),
        ("{basic: {username: u}}", ".basic.password: a user name needs a password"),
        ("{basic: {username: 'a:b', password: p}}", ".basic.username: a user name can"),
    ],
)
def test_proof_that_would_prove_nothing_is_refused(auth: str, told: str) -> None:
    reason = refusal(status(f"{{auth: {auth}}}"))

    assert f"{STATUS}.auth" in reason
    assert told in reason


def test_header_and_password_cannot_share_the_authorization_header() -> None:
    header = "header: {name: authorization, value: v}"
    auth = f"{{{header}, basic: {{username: u, password: p}}}}"

    assert "Authorization is taken" in refusal(status(f"{{auth: {auth}}}"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "queue_name: Alicom-Queue-1-ChatAppStatus, ",
            "",
            "queues.mt_status.queue_name",
        ),
        ("Alicom-Queue-1-ChatAppStatus", "a/b", "'a/b' cannot be the name of a queue"),
        (
            "enabled: true}\n    queue_",
            "consumers: 99}\n    queue_",
            "between 1 and 16",
        ),
        (
            "      access_key_secret: hush\n",
            "",
            "queue_account.access_key_secret: a que",
        ),
        ("      access_key_id: LTAI1\n", "", "queue_account.access_key_id: This field"),
        (
            "http://127.0.0.1:9002",
            "ftp://x",
            "queue_account.queue_endpoint: ftp://x is",
        ),
        (
            "http://127.0.0.1:9001",
            "https://x/y",
            "queue_account.token_endpoint: https:",
        ),
        ("provider: cams", "provider: 8x8", "queues.mt_status: 8x8 has queues of no t"),
        ("queues:\n", "queues:\n      any: {}\n", "channels[0].queues.any: unknown"),
    ],
)
def test_queue_that_cannot_be_pulled_is_refused(old: str, new: str, told: str) -> None:
    assert old in CAMS
    assert told in refusal(CAMS.replace(old, new))


def test_queue_without_an_account_is_refused() -> None:
    told = refusal(CAMS[: CAMS.index("    queue_account")])

    assert "channels[0].queue_account: a queue is switched on: token_endpoint, " in told


def test_every_problem_is_told_at_once() -> None:
    told = refusal(file(one("callbacks: {any: {path: a//b}}"), one(key="C2")))

    assert "channels[0].callbacks.any.path: " in told
    assert "channels[1].key: " in told


def test_channel_cannot_change_its_provider() -> None:
    apply(file(one()))

    with pytest.raises(CommandError, match=r"provider: is cams for good"):
        apply(file(one(provider="8x8")))


def test_address_of_another_channel_of_the_type_is_refused() -> None:
    mine = one("addresses: ['+86 131']")
    apply(file(mine).replace("whatsapp", "viber"))

    with pytest.raises(CommandError, match=r"\[1\].addresses: 86131 is a business add"):
        apply(file(mine, one(key="c2", rest="addresses: [86131]")))


def test_file_that_cannot_be_read_is_one_sentence() -> None:
    with pytest.raises(CommandError, match="Cannot read /nowhere: No such file"):
        call_command("channels", "apply", "/nowhere")


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (status("{path: guess-me}"), "whoever guesses guess-me can push here"),
        (file(one()), "nothing can arrive: no callback path and no queue is switched"),
        (file(one()).replace("whatsapp", "fax"), "fax is not a type we know of cams"),
        (file(one("callbacks: {any: {}}")), "cams has a URL for each receipt type"),
        (
            file(one("callbacks: {template_audit: {}}")).replace("whatsapp", "line"),
            "template audits are known for viber and whatsapp only",
        ),
        (
            file(one("callbacks: {any: {}}", provider="meta")),
            "callbacks.any.auth.signing: meta signs what it pushes: without the signing",
        ),
        (CAMS.replace("127.0.0.1:9001", "token.example"), "plain HTTP shows the temp"),
    ],
)
def test_doubtful_wish_is_done_with_a_warning(text: str, warning: str) -> None:
    lines, told = channels("apply", text)

    assert "new channel" in lines[0]
    assert warning in told


@pytest.mark.parametrize("kind", ["whatsapp", "viber"])
def test_usual_channel_is_made_without_a_warning(kind: str) -> None:
    text = file(one("callbacks: {template_audit: {}}")).replace("whatsapp", kind)

    assert channels("apply", text)[1] == ""
