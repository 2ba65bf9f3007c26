"""The services of a profile as tests use them: asked from outside, heard event by event, read past them on the disk."""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from desktop_app.bootstrap import make_host
from desktop_app.core.conversation import Conversation, Message, Tree
from desktop_app.services.events import (
    BranchShown,
    BugNoticed,
    Event,
    ModelChanged,
    ModelState,
    ReplyEnded,
    ServicesStarted,
)
from desktop_app.services.host import ServiceHost, Services
from desktop_app.services.model_service import LoadOptions
from desktop_app.system.paths import AppPaths

SCRIPTED = "desktop_app.inference.scripted_backend"
TIMEOUT = 15.0
E = TypeVar("E", bound=Event)
T = TypeVar("T")


class Hearing:
    """Hears what the services publish, on whatever thread, and lets a test wait for it.

    Attributes:
        watch: called at once with each event, on the services' thread.
    """

    def __init__(self) -> None:
        self.watch: Callable[[Event], None] = lambda event: None
        self._events: list[Event] = []
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        self.watch(event)
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def forget(self) -> None:
        """Forget what was heard; ``wait`` and ``of`` know only what comes after."""
        with self._changed:
            self._events.clear()

    def of(self, kind: type[E]) -> list[E]:
        """Return what was heard of a kind."""
        with self._changed:
            return [event for event in self._events if isinstance(event, kind)]

    def kinds(self) -> list[str]:
        """Return the names of all that was heard, in order."""
        with self._changed:
            return [type(event).__name__ for event in self._events]

    def wait(self, kind: type[E], fits: Callable[[E], bool] = lambda event: True, timeout: float = TIMEOUT) -> E:
        """Return the first event of a kind that fits, or fail with what came instead; a bug fails at once."""
        found: list[E] = []

        def heard() -> bool:
            found[:] = [event for event in self._events if isinstance(event, kind) and fits(event)]
            return bool(found) or any(isinstance(event, BugNoticed) for event in self._events)

        with self._changed:
            self._changed.wait_for(heard, timeout)
            if not found:
                bugs = [event.report for event in self._events if isinstance(event, BugNoticed)]
                assert not bugs, bugs[0]
                raise AssertionError(f"no {kind.__name__} within {timeout} s; the last were {self._events[-5:]}")
        return found[0]


class Desk:
    """A running set of services in a profile.

    Attributes:
        heard: what they say.
    """

    def __init__(self, paths: AppPaths, host: ServiceHost, heard: Hearing) -> None:
        self.paths = paths
        self.host = host
        self.heard = heard

    def do(self, action: Callable[[Services], object]) -> None:
        """Have something done; errors become events."""
        self.host.do(action)

    def ask(self, question: Callable[[Services], T]) -> T:
        """Have something done and return its result; what it raises is raised here."""
        answers: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()

        def act(services: Services) -> None:
            try:
                answers.put((question(services), None))
            except Exception as error:
                answers.put((None, error))

        self.host.do(act)
        result, error = answers.get(timeout=TIMEOUT)
        if error is not None:
            raise error
        return result

    def load(self, name: str = "any.gguf") -> ModelChanged:
        """Load a model of the scripted backend, or any path, and wait until it is ready."""
        self.begin_load(name)
        return self.heard.wait(
            ModelChanged, lambda event: event.state is ModelState.READY and event.path == self.path(name)
        )

    def begin_load(self, name: str = "any.gguf") -> None:
        """Load a model without waiting."""
        self.heard.forget()
        self.do(lambda services: services.models.load_path(self.path(name), LoadOptions()))

    def path(self, name: str) -> str:
        """Return the path of a model of this profile; an absolute one is its own."""
        return str(self.paths.models_dir / name)

    def begin(self, text: str, conversation_id: int | None = None, **settings: Any) -> Conversation:
        """Send a message without waiting for the reply."""
        self.heard.forget()
        conversation = self.ask(lambda services: services.chat.send(conversation_id, text, **settings))
        assert conversation is not None
        return conversation

    def say(self, text: str, conversation_id: int | None = None, **settings: Any) -> Message:
        """Send a message and return the reply as it ended."""
        conversation = self.begin(text, conversation_id, **settings)
        return self.ended(conversation.id).message

    def ended(self, conversation_id: int) -> ReplyEnded:
        """Wait for the end of a reply."""
        return self.heard.wait(ReplyEnded, lambda event: event.message.conversation_id == conversation_id)

    def whole(self, conversation_id: int) -> tuple[Conversation, Tree]:
        """Return a conversation with all its messages."""
        return self.ask(lambda services: services.history.whole(conversation_id))

    def branch(self, conversation_id: int) -> list[tuple[str, str]]:
        """Return role and text of each message of the branch on view, as stored."""
        conversation, tree = self.whole(conversation_id)
        return [(message.role.value, message.content) for message in tree.branch(conversation.leaf_id)]

    def stored(self, message_id: int) -> sqlite3.Row:
        """Return a message as another program finds it in the database."""
        return read(self.paths, "SELECT * FROM messages WHERE id = ?", message_id)[0]

    def close(self) -> None:
        """End the services."""
        assert self.host.close(timeout=TIMEOUT)


def read(paths: AppPaths, sql: str, *parameters: Any) -> Sequence[sqlite3.Row]:
    """Read the database through a connection of its own, as another program would."""
    with closing(sqlite3.connect(f"file:{paths.database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(sql, parameters).fetchall()


@contextmanager
def desk_in(profile: Path, backend: str | None = SCRIPTED) -> Iterator[Desk]:
    """Run the services of a profile; no model is loaded yet."""
    paths = AppPaths.under(profile)
    paths.ensure()
    heard = Hearing()
    host = make_host(paths, heard, backend)
    host.start()
    desk = Desk(paths, host, heard)
    try:
        heard.wait(ServicesStarted)
        yield desk
    finally:
        desk.close()


def until(check: Callable[[], T], timeout: float = TIMEOUT) -> T:
    """Return the first truthy answer of something outside that tells nobody when it changes."""
    deadline = time.monotonic() + timeout
    while not (answer := check()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{check} still says {answer!r} after {timeout} s")
        time.sleep(0.005)
    return answer


def words(text: str) -> int:
    """Return how many tokens the scripted model makes of a text."""
    return len(text.split())


def texts(shown: BranchShown) -> list[str]:
    """Return what the messages of a branch say."""
    return [message.content for message in shown.messages]
