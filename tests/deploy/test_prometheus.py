"""Alert rules and dashboard name only what the portal shows, and Prometheus takes them."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from prometheus_client.metrics_core import Metric

from portal.metrics.views import registry
from receipts.metering.catalogue import COUNTED
from tests.skipping import skip_loudly

DEPLOY = Path(settings.BASE_DIR, "deploy")
RULES = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = DEPLOY / "grafana" / "receipt-portal.json"
_NAME = re.compile(r"\b(?:portal_\w+|up)\b")
_SUFFIXES = {
    "counter": ("_total",),
    "histogram": ("_bucket", "_count", "_sum"),
    "gauge": ("",),
}


def rules() -> Iterator[dict[str, object]]:
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        yield from group["rules"]


def queries() -> Iterator[str]:
    board = json.loads(DASHBOARD.read_text())
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]["query"]


def samples(family: Metric) -> Iterator[str]:
    for suffix in _SUFFIXES[family.type]:
        yield family.name + suffix


@pytest.fixture
def known(db: None) -> set[str]:
    """Every name that a scrape may hold."""
    return {name for family in registry.collect() for name in samples(family)}


def test_every_alert_rule_names_metrics_that_exist(known: set[str]) -> None:
    for rule in rules():
        named = set(_NAME.findall(str(rule["expr"])))

        assert named, rule
        assert named <= known | {"up"}, rule["alert"]


def test_every_query_of_the_dashboard_names_metrics_that_exist(known: set[str]) -> None:
    asked = list(queries())

    assert len(asked) >= 40
    for query in asked:
        named = set(_NAME.findall(query))
        assert named, query
        assert named <= known, query


def test_dashboard_shows_every_metric_but_what_only_alerts_need(
    known: set[str],
) -> None:
    shown = {name for query in queries() for name in _NAME.findall(query)}
    told = shown | {name for rule in rules() for name in _NAME.findall(str(rule))}

    assert {_stem(name) for name in known} - {_stem(name) for name in told} == set()


def test_documentation_lists_every_metric(known: set[str]) -> None:
    text = Path(settings.BASE_DIR, "docs", "metrics.md").read_text()

    listed = set(re.findall(r"`(portal_\w+)`", text))
    assert listed == {_stem(name) for name in known}


def _stem(name: str) -> str:
    """Return a histogram's own name; the others as they are."""
    return re.sub(r"_(bucket|sum|count)$", "", name)


def test_labels_of_queries_are_those_of_the_metrics() -> None:
    """Cardinality is bounded by what is listed here: no label that a caller chooses."""
    allowed = {"channel", "kept", "reason", "percent", "by", "kind", "status"}

    assert {label for metric in COUNTED for label in metric.labels} == allowed


def test_each_rule_has_a_severity_and_says_what_is_wrong() -> None:
    found = list(rules())

    assert len({rule["alert"] for rule in found}) == len(found)
    for rule in found:
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}  # type: ignore[index]  # as Prometheus has it
        assert rule["annotations"]["summary"]  # type: ignore[index]  # likewise


def test_prometheus_takes_rules_and_configuration_and_the_rules_fire() -> None:
    promtool = os.environ.get("PROMTOOL") or shutil.which("promtool")
    if promtool is None:
        skip_loudly("PROMTOOL", "alert rules were not checked by Prometheus itself")

    for command in (
        ["check", "config", "prometheus.yml"],
        ["test", "rules", "alerts.test.yml"],
    ):
        done = subprocess.run(
            [str(promtool), *command],
            cwd=RULES.parent,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
