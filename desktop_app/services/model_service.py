"""The model in use: loading, reloading, and the road from a request to the engine and back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from desktop_app.core.conversation import ChatMessage, FinishReason, Statistics
from desktop_app.core.errors import EngineError, Problem
from desktop_app.core.model import LoadOptions, ModelDefaults, ShelfModel
from desktop_app.core.sampling import SamplingSettings
from desktop_app.inference import protocol
from desktop_app.inference.exits import EngineExited
from desktop_app.library.shelf import Shelf
from desktop_app.services.events import Event, ModelChanged, ModelState

W = TypeVar("W")
EngineEvent = Callable[[protocol.AnyEvent | EngineExited], None]


class Engine(Protocol):
    """What this service needs of the engine's handle."""

    @property
    def running(self) -> bool:
        """Whether the process is up."""

    def start(self) -> None:
        """Start the process."""

    def next_id(self) -> int:
        """Return an id for a command."""

    def send(self, command: protocol.AnyCommand) -> None:
        """Send a command."""

    def cancel(self, target: int) -> None:
        """Stop a command, by force if it does not answer."""

    def close(self) -> None:
        """End the process."""


class ReplyListener(Protocol):
    """Who hears how a generation goes; the last call is ``ended`` or ``failed``."""

    def prompt_progressed(self, progress: protocol.PromptProgress) -> None:
        """More of the prompt is read."""

    def grew(self, chunk: protocol.TokenChunk) -> None:
        """More of the reply is written."""

    def ended(self, reason: FinishReason, statistics: Statistics) -> None:
        """The reply is finished."""

    def failed(self, problem: Problem) -> None:
        """The reply cannot go on."""


class ModelService:
    """Keeps one model loaded in one engine, and routes the engine's events to those who asked."""

    def __init__(
        self,
        engine: Callable[[EngineEvent], Engine],
        shelf: Shelf,
        publish: Callable[[Event], None],
        defaults: Callable[[str], ModelDefaults] = lambda _path: ModelDefaults(),
    ) -> None:
        """Make the service.

        Args:
            engine: makes the engine's handle; events must reach the callback on the services' thread.
            shelf: where models are.
            publish: tells the window or the command line.
            defaults: what a person settled for the model at a path.
        """
        self._engine = engine(self.on_engine_event)
        self._shelf = shelf
        self._publish = publish
        self._defaults = defaults
        self._state = ModelChanged(ModelState.NONE)
        self._load_id: int | None = None
        self._processes = 0
        self._first_id = 0
        self._last_load: tuple[ShelfModel, LoadOptions] | None = None
        self._replies: dict[int, ReplyListener] = {}
        # What is asked while a model loads is sent once it is there: the load may still be replaced by another.
        self._held: dict[int, protocol.Generate] = {}
        self._counts: dict[int, Callable[[protocol.TokenCount], None]] = {}
        self._descriptions: dict[int, Callable[[protocol.SystemDescription | Problem], None]] = {}

    @property
    def state(self) -> ModelChanged:
        """The model's state as last published."""
        return self._state

    def load(self, model: ShelfModel, options: LoadOptions) -> None:
        """Load a model in place of the one there is."""
        if self._load_id is not None:
            self._engine.cancel(self._load_id)
        self._last_load = (model, options)
        options = options.with_defaults(self._defaults(model.path))
        self._ensure_engine()
        self._load_id = self._engine.next_id()
        self._change(ModelChanged(ModelState.LOADING, name=model.label, path=model.path))
        self._engine.send(
            protocol.Load(
                id=self._load_id,
                path=model.path,
                context_length=options.context_length,
                context_limit=options.context_limit,
                gpu_layers=options.gpu_layers,
                threads=options.threads,
                template=options.template,
            )
        )

    def load_default(self, wanted: str, options: LoadOptions) -> None:
        """Load the model that is asked for, by the command line or the settings.

        Args:
            wanted: path or name of a model, empty for the starter.
            options: how to load.

        Raises:
            ModelError: no model, or more than one, has that name. A path is taken as it is; what is wrong with the
                file is told by the state.
        """
        model = self._shelf.find(wanted) if wanted else self._shelf.default()
        if model is None:
            problem = Problem("no_model", "There is no model on this computer.", action="Open Models to add one.")
            self._change(ModelChanged(ModelState.FAILED, problem=problem))
            return
        self.load(model, options)

    def load_path(self, path: str, options: LoadOptions) -> None:
        """Load the model at a path in place of the one there is."""
        self.load(self._shelf.find(path), options)

    def reload(self, options: LoadOptions | None = None) -> None:
        """Load again what was loaded last, perhaps in another way, in a new process if the old one has ended."""
        if self._last_load is not None:
            model, last = self._last_load
            self.load(model, options or last)

    def follow(self, relocated: Callable[[str], str]) -> None:
        """Take note that files have other paths now: that of the model in use, and of the one loaded last.

        Args:
            relocated: returns the path that a file has now.
        """
        if self._last_load is not None:
            model, options = self._last_load
            projector = relocated(model.projector) if model.projector else ""
            self._last_load = (replace(model, path=relocated(model.path), projector=projector), options)
        if self._state.path and relocated(self._state.path) != self._state.path:
            self._change(replace(self._state, path=relocated(self._state.path)))

    def cancel_load(self) -> None:
        """Stop loading."""
        if self._load_id is not None:
            self._engine.cancel(self._load_id)

    def generate(
        self,
        messages: tuple[ChatMessage, ...],
        sampling: SamplingSettings,
        listener: ReplyListener,
        continue_last: bool = False,
    ) -> int:
        """Ask for the next message; the returned id is for ``cancel``.

        Raises:
            EngineError: no model is loaded or being loaded.
        """
        if self._state.state not in (ModelState.READY, ModelState.LOADING):
            raise EngineError(
                self._state.problem or Problem("no_model", "No model is loaded.", action="Open Models to load one.")
            )
        command_id = self._engine.next_id()
        self._replies[command_id] = listener
        command = protocol.Generate(id=command_id, messages=messages, sampling=sampling, continue_last=continue_last)
        if self._load_id is None:
            self._engine.send(command)
        else:
            self._held[command_id] = command
        return command_id

    def cancel(self, command_id: int) -> None:
        """Stop a generation; it ends as cancelled."""
        if self._held.pop(command_id, None) is not None:
            self._replies.pop(command_id).ended(FinishReason.CANCELLED, Statistics())
        elif command_id in self._replies:
            self._engine.cancel(command_id)

    def count_tokens(
        self,
        system_prompt: str,
        messages: tuple[ChatMessage, ...],
        draft: str,
        answer: Callable[[protocol.TokenCount], None],
    ) -> None:
        """Count a conversation's tokens; without a loaded model, or when one count is under way, nothing happens."""
        if self._state.state is not ModelState.READY or self._counts:
            return
        command_id = self._engine.next_id()
        self._counts[command_id] = answer
        self._engine.send(
            protocol.CountTokens(id=command_id, system_prompt=system_prompt, messages=messages, draft=draft)
        )

    def describe_system(self, answer: Callable[[protocol.SystemDescription | Problem], None]) -> None:
        """Ask what llama.cpp is and sees."""
        self._ensure_engine()
        command_id = self._engine.next_id()
        self._descriptions[command_id] = answer
        self._engine.send(protocol.DescribeSystem(id=command_id))

    def close(self) -> None:
        """End the engine."""
        self._engine.close()

    def on_engine_event(self, event: protocol.AnyEvent | EngineExited) -> None:
        """Hear the engine; on the services' thread."""
        match event:
            case EngineExited():
                self._on_exit(event)
            case protocol.LoadProgress() if event.id == self._load_id:
                self._change(replace(self._state, fraction=event.fraction))
            case protocol.Loaded() if event.id == self._load_id:
                self._load_id = None
                changed = replace(self._state, state=ModelState.READY, fraction=1.0, info=event.info)
                self._change(replace(changed, seconds=event.seconds))
                held, self._held = self._held, {}
                for command in held.values():
                    self._engine.send(command)
            case protocol.PromptProgress() if event.id in self._replies:
                self._replies[event.id].prompt_progressed(event)
            case protocol.TokenChunk() if event.id in self._replies:
                self._replies[event.id].grew(event)
            case protocol.Generated() if event.id in self._replies:
                self._replies.pop(event.id).ended(event.finish_reason, event.statistics)
            case protocol.TokenCount() if event.id in self._counts:
                self._counts.pop(event.id)(event)
            case protocol.SystemDescription() if event.id in self._descriptions:
                self._descriptions.pop(event.id)(event)
            case protocol.Failed():
                self._on_failed(event)
            case _:
                pass  # an answer to something that was given up meanwhile

    def _on_failed(self, event: protocol.Failed) -> None:
        if event.id == self._load_id:
            self._load_id = None
            if event.problem.code == "cancelled":  # as the person asked: nothing has failed
                self._change(ModelChanged(ModelState.NONE))
            else:
                self._change(replace(self._state, state=ModelState.FAILED, info=None, problem=event.problem))
            self._fail_held(event.problem)
        elif event.id in self._replies:
            self._replies.pop(event.id).failed(event.problem)
        elif event.id in self._descriptions:
            self._descriptions.pop(event.id)(event.problem)
        else:
            self._counts.pop(event.id, None)

    def _on_exit(self, exited: EngineExited) -> None:
        self._processes -= 1
        # The next process may have been started before the end of this one was heard; its commands go on.
        end = self._first_id if self._processes else self._engine.next_id()
        _take_before(self._counts, end)
        sent = {command_id: listener for command_id, listener in self._replies.items() if command_id not in self._held}
        for command_id in [command_id for command_id in sorted(sent) if command_id < end]:
            self._replies.pop(command_id).failed(exited.problem)
        for answer in _take_before(self._descriptions, end):
            answer(exited.problem)
        if self._processes:
            return
        self._load_id = None
        self._fail_held(exited.problem)
        if exited.expected:
            self._change(ModelChanged(ModelState.NONE))
        elif self._state.state is not ModelState.NONE:
            self._change(replace(self._state, state=ModelState.CRASHED, info=None, problem=exited.problem))

    def _fail_held(self, problem: Problem) -> None:
        held, self._held = self._held, {}
        for command_id in held:
            self._replies.pop(command_id).failed(problem)

    def _ensure_engine(self) -> None:
        if not self._engine.running:
            self._engine.start()
            self._processes += 1
            self._first_id = self._engine.next_id()

    def _change(self, state: ModelChanged) -> None:
        self._state = state
        self._publish(state)


def _take_before(waiting: dict[int, W], end: int) -> list[W]:
    """Take out what waits for commands with ids below ``end``, in order."""
    return [waiting.pop(command_id) for command_id in sorted(waiting) if command_id < end]
