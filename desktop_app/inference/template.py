"""Renders a conversation with a model's own chat template, in a sandbox with a time limit.

Templates come from model files and are hostile. Jinja's immutable sandbox keeps them from the program's objects; the
limits here keep them from running for ever. Names and filters are those that Transformers gives to chat templates.
"""

import ctypes
import json
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NoReturn, TypeVar

from jinja2 import TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from desktop_app.core.conversation import ChatMessage, Role
from desktop_app.core.errors import ModelError, Problem

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
CHATML_STOPS = ("<|im_end|>", "<|im_start|>")
SECONDS = 2.0
LONGEST_REPETITION = 1_000_000
T = TypeVar("T")
_PROBE = "a system prompt"

_FOLDED_NOTE = "This model's chat template has no place for a system prompt, so it is put before your first message."


class ChatTemplate:
    """A compiled chat template.

    Args:
        source: Jinja text.
        model: the model's name, for errors.
        bos, eos: texts of the tokens that begin and end a sequence.

    Raises:
        ModelError: the template cannot be compiled.
    """

    def __init__(self, source: str, model: str, bos: str = "", eos: str = "", *, seconds: float = SECONDS) -> None:
        self._model = model
        self._seconds = seconds
        self._names: dict[str, object] = {
            "bos_token": bos,
            "eos_token": eos,
            "raise_exception": _raise_exception,
            "strftime_now": lambda form: datetime.now().astimezone().strftime(form),
            "tools": None,
            "documents": None,
        }
        self._forms = _FORMS
        try:
            self._template = limited(lambda: _environment().from_string(source), seconds)
        except Exception as error:  # whatever the template provokes is the template's fault
            raise self._error(error) from error

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what had to be adapted so far."""
        return (_FOLDED_NOTE,) if self._forms[0] in (_folded, _folded_and_merged) else ()

    def render(self, messages: Sequence[ChatMessage], *, add_generation_prompt: bool = True) -> str:
        """Return the prompt as text.

        A template that refuses a system prompt gets it before the first user message; one that refuses two messages
        of the same role in a row gets them as one.

        Raises:
            ModelError: the template refuses the conversation in every form, fails or takes too long.
        """
        first: Exception | None = None
        for form in self._forms:
            try:
                text = limited(partial(self._render, form(messages), add_generation_prompt), self._seconds)
            except TypeError as error:
                if self._names["tools"] is None:
                    # Templates made for tools may go through the list without asking whether there is one.
                    self._names["tools"] = []
                    return self.render(messages, add_generation_prompt=add_generation_prompt)
                raise self._error(error) from error
            except TemplateError as error:
                first = first or error
            except Exception as error:  # as above
                raise self._error(error) from error
            else:
                # What worked is tried first from now on, so that the prompt keeps its beginning.
                self._forms = (form, *(other for other in self._forms if other is not form))
                return text
        raise self._error(first or TemplateError("no form"))

    def probe(self) -> None:
        """Render a short conversation, so that a broken template is found while the model is loaded.

        A template that leaves the system prompt out without a word is treated like one that refuses it.

        Raises:
            ModelError: as ``render``.
        """
        if _PROBE not in self.render((ChatMessage(Role.SYSTEM, _PROBE), ChatMessage(Role.USER, "?"))):
            self._forms = (_folded, *(form for form in _FORMS if form is not _folded))

    def _render(self, messages: Sequence[ChatMessage], add_generation_prompt: bool) -> str:
        return self._template.render(
            messages=[_as_dict(message) for message in messages],
            add_generation_prompt=add_generation_prompt,
            **self._names,
        )

    def _error(self, error: Exception) -> ModelError:
        reason = str(error) or type(error).__name__
        return ModelError(
            Problem(
                "template_failed",
                f"The chat template of “{self._model}” cannot be used: {reason.rstrip('.')}.",
                "",
                "Choose another model, or another version of this one.",
                repr(error),
            )
        )


def limited(action: Callable[[], T], seconds: float) -> T:
    """Run hostile interpreted code for at most some seconds.

    It runs on a thread of its own, in which an exception is raised when time is up. That ends any loop of Python or
    Jinja; a single long operation inside the interpreter is ended by the engine, which kills the process.

    Raises:
        TimeoutError: time was up. Anything that ``action`` raises.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(action())
        except BaseException as error:  # handed to the caller's thread
            failure.append(error)

    thread = threading.Thread(target=work, name="template", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeoutError))
        raise TimeoutError(f"it takes longer than {seconds:g} seconds")
    if failure:
        raise failure[0]
    return outcome[0]


class _Generation(Extension):
    """Passes over Transformers' ``{% generation %}`` blocks, which mark text for training."""

    tags = {"generation"}  # noqa: RUF012  declared so by Jinja

    def parse(self, parser: Parser) -> list[nodes.Node]:
        parser.stream.skip(1)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Environment(ImmutableSandboxedEnvironment):
    """Refuses the operators that make much of little; the time limit cannot interrupt them."""

    intercepted_binops = frozenset(("**", "*", "%"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            raise SecurityError("powers are not allowed in a chat template")
        if operator == "%" and isinstance(left, str | bytes):
            raise SecurityError("formatting with % is not allowed in a chat template")
        if operator == "*":
            for sequence, times in ((left, right), (right, left)):
                countable = isinstance(times, int) and hasattr(sequence, "__len__")
                if countable and len(sequence) * times > LONGEST_REPETITION:
                    raise SecurityError("the repetition is too long")
        return super().call_binop(context, operator, left, right)


def _environment() -> _Environment:
    environment = _Environment(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols])
    environment.filters["tojson"] = _to_json
    return environment


def _to_json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def _raise_exception(message: str) -> NoReturn:
    raise TemplateError(message)


def _as_dict(message: ChatMessage) -> dict[str, str]:
    known = {"role": message.role.value, "content": message.content}
    # The name that the templates of Qwen 3, DeepSeek and others look for.
    return {**known, "reasoning_content": message.reasoning} if message.reasoning else known


Form = Callable[[Sequence[ChatMessage]], Sequence[ChatMessage]]


def _as_is(messages: Sequence[ChatMessage]) -> Sequence[ChatMessage]:
    return messages


def _folded(messages: Sequence[ChatMessage]) -> Sequence[ChatMessage]:
    """Put the system prompts before the first user message."""
    system = [message.content for message in messages if message.role is Role.SYSTEM]
    others = [message for message in messages if message.role is not Role.SYSTEM]
    for index, message in enumerate(others):
        if message.role is Role.USER and system:
            others[index] = ChatMessage(Role.USER, "\n\n".join((*system, message.content)))
            return others
    return others if not system else [ChatMessage(Role.USER, "\n\n".join(system)), *others]


def _merged(messages: Sequence[ChatMessage]) -> Sequence[ChatMessage]:
    """Join neighbouring messages of one role."""
    joined: list[ChatMessage] = []
    for message in messages:
        if joined and joined[-1].role is message.role:
            joined[-1] = ChatMessage(message.role, f"{joined[-1].content}\n\n{message.content}", message.reasoning)
        else:
            joined.append(message)
    return joined


def _folded_and_merged(messages: Sequence[ChatMessage]) -> Sequence[ChatMessage]:
    return _merged(_folded(messages))


_FORMS: tuple[Form, ...] = (_as_is, _folded, _merged, _folded_and_merged)
