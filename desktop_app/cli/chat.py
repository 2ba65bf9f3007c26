"""Conversing in a terminal: one question and its reply, or turn after turn."""

import json
import sys
from dataclasses import dataclass, field
from typing import Any

import click

from desktop_app.cli.session import Profile, Session, running
from desktop_app.core.conversation import Conversation, Message, MessageState, Statistics
from desktop_app.core.errors import KnownError, Problem
from desktop_app.core.sampling import SamplingSettings, changed
from desktop_app.services.events import (
    Event,
    ModelChanged,
    ModelState,
    PromptProgressed,
    ReplyEnded,
    ReplyGrew,
    SendRejected,
)
from desktop_app.services.host import Services
from desktop_app.system.settings import load_options

LONGEST_PROMPT = 16 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """What the command line asks for.

    Attributes:
        prompt: None converses turn after turn.
        sampling: the values that were given.
    """

    prompt: str | None
    model: str | None = None
    system: str | None = None
    conversation_id: int | None = None
    sampling: dict[str, Any] = field(default_factory=dict)
    context_length: int | None = None
    json: bool = False


def piped_prompt() -> str:
    """Read a prompt from standard input.

    Raises:
        KnownError: there is nothing, or too much, or it is no text.
    """
    try:
        text = sys.stdin.read(LONGEST_PROMPT + 1)
        text.encode()  # in some locales Python lets undecodable bytes pass as lone surrogates
    except UnicodeError as error:
        raise KnownError(Problem("prompt_not_text", "Standard input is not text in UTF-8.")) from error
    if not text.strip():
        raise KnownError(Problem("empty_message", "There is nothing to send: standard input is empty."))
    if len(text) > LONGEST_PROMPT:
        raise KnownError(Problem("message_too_long", "Standard input is too long for one message."))
    return text.strip("\n")


def converse(profile: Profile, request: Request) -> int:
    """Carry out ``main.py chat``; return its exit code."""
    sampling = changed(SamplingSettings(), **request.sampling)
    with running(profile) as session:
        options = load_options(profile.settings, request.context_length or 0)
        wanted = request.model or str(profile.settings["model"])
        session.ask(lambda services: services.models.load_default(wanted, options))
        conversation = _prepare(session, request)
        if request.prompt is not None:
            return _turn(session, request, conversation, sampling, request.prompt)[0]
        return _turns(session, request, conversation, sampling)


def _prepare(session: Session, request: Request) -> Conversation | None:
    """Find the conversation to go on with, and change its settings as asked."""
    if request.conversation_id is None:
        return None
    conversation_id = request.conversation_id
    conversation = session.ask(lambda services: services.history.whole(conversation_id))[0]
    if request.system is not None:
        system = request.system
        session.ask(lambda services: services.chat.set_system_prompt(conversation_id, system))
    if request.sampling:
        new = changed(conversation.sampling, **request.sampling)
        session.ask(lambda services: services.chat.set_sampling(conversation_id, new))
    return conversation


def _turns(session: Session, request: Request, conversation: Conversation | None, sampling: SamplingSettings) -> int:
    click.echo("Type a message and press Enter; an empty line or Ctrl+D ends. Ctrl+C stops a reply.", err=True)
    while True:
        try:
            text = click.prompt("›", prompt_suffix=" ", default="", show_default=False, err=True)
        except click.Abort:
            click.echo(err=True)
            return 0
        if not text.strip():
            return 0
        code, conversation = _turn(session, request, conversation, sampling, text)
        if code:
            return code


def _turn(
    session: Session, request: Request, conversation: Conversation | None, sampling: SamplingSettings, text: str
) -> tuple[int, Conversation | None]:
    conversation_id = conversation.id if conversation else None
    system = request.system or ""

    def send(services: Services) -> Conversation | None:
        return services.chat.send(conversation_id, text, system, sampling)

    sent = session.ask(send)
    if sent is not None:
        session.on_interrupt = lambda: session.do(lambda services: services.chat.stop(sent.id))
    writer = _JsonWriter() if request.json else _TextWriter()
    for event in session.events():
        if isinstance(event, SendRejected):
            raise KnownError(event.problem)
        if isinstance(event, ModelChanged) and event.state is ModelState.FAILED and event.problem is not None:
            raise KnownError(event.problem)
        if isinstance(event, ReplyEnded):
            session.on_interrupt = None
            writer.ended(event.message)
            if event.problem is not None:
                raise KnownError(event.problem)
            return 0, sent
        writer.heard(event)
    return 1, sent


class _TextWriter:
    """Prints the reply as it comes; the reasoning, dimmed, only for people."""

    def __init__(self) -> None:
        self._last = ""
        self._thinking = False

    def heard(self, event: Event) -> None:
        if not isinstance(event, ReplyGrew):
            return
        if event.reasoning and sys.stdout.isatty():
            click.secho(event.reasoning, dim=True, nl=False)
            self._thinking = True
        if event.text:
            if self._thinking:
                click.echo("\n")
                self._thinking = False
            self._write(event.text)

    def ended(self, message: Message) -> None:
        if message.content and not self._last.endswith("\n"):
            click.echo()

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
        self._last = text


class _JsonWriter:
    """Prints one JSON object a line; the last one has the whole reply and its figures."""

    def heard(self, event: Event) -> None:
        match event:
            case ReplyGrew():
                self._write(event="token", text=event.text, reasoning=event.reasoning, tokens=event.tokens)
            case PromptProgressed():
                self._write(event="prompt", done=event.done, total=event.total, cached=event.cached)
            case ModelChanged(state=ModelState.READY, info=info) if info is not None:
                self._write(event="model", name=event.name, path=event.path, context_length=info.context_length)
            case _:
                return

    def ended(self, message: Message) -> None:
        statistics = message.statistics or Statistics()
        failed = message.state is MessageState.FAILED
        self._write(
            event="error" if failed else "done",
            text=message.content,
            reasoning=message.reasoning,
            finish_reason=message.finish_reason.value if message.finish_reason else None,
            prompt_tokens=statistics.prompt_tokens,
            cached_tokens=statistics.cached_tokens,
            evaluated_tokens=statistics.evaluated_tokens,
            completion_tokens=statistics.completion_tokens,
            prompt_tokens_per_second=round(statistics.prompt_tokens_per_second, 2),
            generation_tokens_per_second=round(statistics.generation_tokens_per_second, 2),
            time_to_first_token=round(statistics.time_to_first_token, 4),
            conversation_id=message.conversation_id,
            message_id=message.id,
            error=message.error,
        )

    def _write(self, **record: Any) -> None:
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        sys.stdout.flush()
