"""The one way to the worker: by name, after the commit, without an error when the queue is away."""

import ast
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from core import queue
from kaltim_portal.celery import app
from tests.architecture.sources import SOURCES

OTHER_WAYS = {"apply_async", "delay", "send_task"}


def away(*_args: Any, **_options: Any) -> None:
    raise OperationalError("connection refused")


def test_a_queue_that_is_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app, "send_task", away)
    assert queue.send("core.tasks.seal") is False


def test_nothing_is_sent_before_the_commit(
    monkeypatch: pytest.MonkeyPatch, db: None, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[tuple[str, Any]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_options: sent.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        queue.send_after_commit("core.tasks.seal", 1)
        assert not sent
    assert sent == [("core.tasks.seal", (1,))]


def test_what_to_do_when_it_is_away(
    monkeypatch: pytest.MonkeyPatch, db: None, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(current_app, "send_task", away)
    done: list[str] = []
    with django_capture_on_commit_callbacks(execute=True):
        queue.send_after_commit("core.tasks.seal", if_away=lambda: done.append("here"))
    assert done == ["here"]


def test_nobody_goes_another_way() -> None:
    others = [
        f"{path}:{node.lineno}"
        for path, tree in SOURCES.items()
        if path != "core/queue.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in OTHER_WAYS
    ]
    assert not others, "core.queue is the way to the worker"


def test_every_name_is_a_task() -> None:
    app.loader.import_default_modules()
    app_tasks = set(app.tasks)
    wrong = [
        f"{path}:{node.lineno}: {node.value}"
        for path, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ".tasks." in node.value
        if node.value.replace(".", "").replace("_", "").isalnum() and node.value not in app_tasks
    ]
    assert not wrong
