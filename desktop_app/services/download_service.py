"""The downloads: what runs, what waits and why, and what goes on after the program was closed."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_app.core.downloads import Download, DownloadState, next_to_start, supersedes
from desktop_app.core.errors import KnownError, Problem, ShelfError
from desktop_app.core.hub import Choice
from desktop_app.library.hub_errors import offline
from desktop_app.library.hub_session import HubSession
from desktop_app.library.leftovers import clear
from desktop_app.library.queue_file import QueueFile, goes_on
from desktop_app.library.transfer import Limiter, Stopped, TransferRules
from desktop_app.library.transfer_problems import shelf_gone
from desktop_app.services.carrier import Carrier
from desktop_app.services.download_events import DownloadFailed, DownloadFinished, DownloadsListed
from desktop_app.services.download_places import (
    DownloadPlan,
    Source,
    as_it_begins,
    check_space,
    download_of,
    on_disk,
    plan_of,
    target_of,
    waiting_for,
    waits_for_file,
)
from desktop_app.services.download_queue import DownloadQueue
from desktop_app.services.download_runner import DownloadRunner
from desktop_app.services.events import Event, Noticed
from desktop_app.services.loop import ServiceLoop, Timer
from desktop_app.services.throttle import Throttle

TELL_SECONDS = 0.2
WATCH_SECONDS = 5.0  # how often to look at what another program carries
# How soon a download tries again by itself, by what ended it.
AGAIN_SECONDS = {"transfer_in_use": 5.0, "transfer_gave_up": 60.0}
ENDING_SECONDS = 2.0
_STILL: dict[str, Any] = {"speed": 0.0, "seconds_left": None, "checked": 0}


class DownloadService:
    """Carries out the queue of downloads, two at a time.

    What another program of the same profile carries is shown, and left to it.
    """

    def __init__(
        self,
        session: HubSession,
        loop: ServiceLoop,
        publish: Callable[[Event], None],
        shelf_folder: Path,
        queue_file: QueueFile,
        limiter: Limiter,
        rules: TransferRules | None = None,
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        """Make the service; nothing runs before ``start`` or ``add``.

        Args:
            session: the way to the Hub.
            loop: the services' thread.
            publish: hears what happens.
            shelf_folder: where models go.
            queue_file: keeps the queue.
            limiter: the speed limit that all downloads share.
            rules: how patient each transfer is.
            prepare: called before each download on its own thread; brings what the session needs.
        """
        self._session = session
        self._loop = loop
        self._publish = publish
        self._folder = shelf_folder
        self._limiter = limiter
        self._rules = rules or TransferRules()
        self._queue = DownloadQueue(queue_file, self._measured, lambda problem: publish(Noticed(problem)))
        self._running = DownloadRunner(session, loop, limiter, self._rules, prepare, self._progressed, self._ended)
        self._later: dict[int, Timer] = {}
        self._watching: Timer | None = None
        self._telling = Throttle(loop, TELL_SECONDS, self._tell)
        self._stays = False
        self._held = False
        self._closed = False

    def start(self) -> None:
        """Go on with what ran when the program ended last.

        From now on this program also takes over what others leave behind, and never gives up while the network is
        away: for a program that stays open, not for a command.
        """
        self._stays = True
        self.list()

    def plan(self, source: Source, choice: Choice) -> DownloadPlan:
        """See what ``add`` would mean. ShelfError ``transfer_bad_name``."""
        download = download_of(source, choice)
        self._queue.refresh(take_over=False)
        others = (one for one in self._queue.all() if (one.repo, one.files) != (download.repo, download.files))
        return plan_of(self._folder, download, tuple(others), self._rules.margin)

    def add(self, source: Source, choice: Choice, title: str = "") -> Download:
        """Put a choice into the queue with its companions, and begin it when there is room.

        What is in the queue already, with the same files, goes on, and what is on the shelf already is done at once;
        an unfinished one whose files the Hub has changed since is cancelled.

        Args:
            source: the page it is from, or ``(repo, commit)``.
            choice: what to download.
            title: for people; the repository's name when empty.

        Raises:
            ShelfError: ``transfer_no_space`` (for the whole queue), ``transfer_bad_name``, ``download_elsewhere``,
                or that of the queue's file. Nothing has changed then.
        """
        new = replace(download_of(source, choice, title), endpoint=self._session.endpoint)
        self._queue.refresh(take_over=self._stays)
        same = self._queue.same_as(new.repo, new.files)
        if same is not None:
            one = self._again(self._queue.taken(same.id))
        else:
            old = [other for other in self._queue.changeable() if supersedes(new, other)]
            others = tuple(other for other in self._queue.all() if other not in old)
            one = self._queue.add(as_it_begins(self._folder, new, others, self._rules.margin))
            for other in old:
                self._cancel(other)
        if one.state is DownloadState.DONE:
            self._publish(DownloadFinished(one, self.path_of(one)))
        self._changed()
        return self._queue.get(one.id) or one

    def pause(self, number: int) -> None:
        """Stop a download where it is.

        Raises:
            UsageError: there is none of that id.
            ShelfError: ``download_elsewhere``.
        """
        self._pause(self._queue.taken(number))
        self._changed()

    def resume(self, number: int) -> None:
        """Go on with a download that is paused, has failed or waits to try again. Raises like ``pause``."""
        self._resume(self._queue.taken(number))
        self._changed()

    def cancel(self, number: int) -> None:
        """Take a download out of the queue and delete what is not whole of it. Raises like ``pause``."""
        self._cancel(self._queue.taken(number))
        self._changed()

    def pause_all(self) -> None:
        """Pause everything; what other programs carry is left to them."""
        for one in self._queue.changeable():
            self._pause(one)
        self._changed()

    def resume_all(self) -> None:
        """Go on with everything that is not done, in order."""
        for one in self._queue.changeable():
            self._resume(one)
        self._changed()

    def cancel_all(self) -> None:
        """Take everything out that is not done."""
        for one in self._queue.changeable():
            if one.state is not DownloadState.DONE:
                self._cancel(one)
        self._changed()

    def move(self, number: int, step: int) -> None:
        """Move a download towards the front (negative) or the end; it tells what begins next, what runs runs on."""
        self._queue.move(number, step)
        self._changed()

    def clear_done(self) -> None:
        """Take what is done out of the queue; the files stay."""
        done = [one.id for one in self._queue.changeable() if one.state is DownloadState.DONE]
        if done:
            self._queue.remove(*done)
        self._changed()

    def list(self) -> tuple[Download, ...]:
        """Look whether other programs have changed the queue; publish and return it."""
        self._queue.refresh(take_over=self._stays)
        self._changed()
        return self._queue.all()

    def path_of(self, download: Download) -> str:
        """Return the path of the file to load."""
        return str(target_of(self._folder, download, download.files[0]))

    def set_limit(self, bytes_per_second: int) -> None:
        """Limit the speed of all downloads together; 0 for no limit."""
        self._limiter.rate = bytes_per_second

    def set_folder(self, shelf_folder: Path) -> None:
        """Bring everything to another folder from now on; what is there of it already counts."""
        if shelf_folder == self._folder:
            return
        self._folder = shelf_folder
        self._interrupt_all()
        for one in self._queue.all():
            self._queue.change(one.id, done=self._measured(one).done)
        self._changed()

    def hold(self, held: bool) -> None:
        """Stop all that runs and begin nothing while the shelf is moved (True), or go on (False).

        Raises:
            ShelfError: ``download_elsewhere``: another program is downloading.
        """
        if held:
            self._queue.refresh(take_over=self._stays)
            for one in self._queue.all():
                if one.state.active:
                    self._queue.taken(one.id)
        self._held = held
        if held:
            self._interrupt_all()
        self._changed()

    def network_changed(self) -> None:
        """Go by the session's options anew: offline all that runs waits, online it goes on."""
        if not self._session.online:
            self._interrupt_all()
        for number in tuple(self._later):
            self._requeue(number)
        self._changed()

    def close(self) -> None:
        """Stop everything where it is; it goes on when the program starts next."""
        self._closed = True
        self._telling.cancel()
        for timer in (self._watching, *self._later.values()):
            if timer is not None:
                timer.cancel()
        self._running.close(ENDING_SECONDS)
        self._queue.release()

    # ---- changing the queue ----

    def _changed(self) -> None:
        """Begin what may begin now, and tell."""
        if self._closed:
            return
        if self._held:
            pass
        elif self._session.online:
            self._begin_next()
        else:
            for one in self._queue.cared_for():
                if one.state is DownloadState.QUEUED:
                    self._queue.put(one.id, state=DownloadState.WAITING, problem=offline().problem)
        if self._queue.watches_others and self._watching is None:
            self._watching = self._loop.call_later(WATCH_SECONDS, self._watch)
        self._telling.ask()

    def _watch(self) -> None:
        self._watching = None
        self.list()

    def _tell(self) -> None:
        self._publish(DownloadsListed(self._queue.all()))

    def _begin_next(self) -> None:
        for one in self._queue.cared_for():
            if one.state is DownloadState.WAITING and one.id not in self._running and one.id not in self._later:
                self._queue.put(one.id, state=DownloadState.QUEUED, problem=None)  # it waited to be online
        ready = (one for one in self._queue.cared_for() if one.id in self._running or not one.state.active)
        for one in next_to_start(tuple(ready)):
            if one.id not in self._running:  # else it is ending, and has its turn when it has ended
                self._begin(one)

    def _begin(self, one: Download) -> None:
        one = self._queue.change(one.id, done=on_disk(self._folder, one))
        beside = (self._queue.get(number) for number in self._running.numbers())
        try:
            if not self._folder.is_dir():
                raise shelf_gone(self._folder)
            check_space(self._folder, one, tuple(other for other in beside if other is not None), self._rules.margin)
        except ShelfError as error:
            self._fail(one, error.problem)
        else:
            one = self._queue.put(one.id, state=DownloadState.RUNNING, resumed_from=one.done, problem=None, **_STILL)
            self._running.start(one, self._folder)

    def _again(self, one: Download) -> Download:
        """Take up a download that is in the queue already."""
        if self._running.is_under_way(one.id):
            return one
        others = tuple(other for other in self._queue.all() if other.id != one.id)
        new = as_it_begins(self._folder, one, others, self._rules.margin)
        self._forget_later(one.id)
        return self._queue.put(
            one.id,
            state=new.state,
            done=new.done,
            resumed_from=new.resumed_from,
            finished_at=new.finished_at,
            problem=None,
        )

    def _pause(self, one: Download) -> None:
        if goes_on(one):
            self._halt(one.id)
            self._queue.put(one.id, state=DownloadState.PAUSED, problem=None, **_STILL)

    def _resume(self, one: Download) -> None:
        if one.state is not DownloadState.DONE and not self._running.is_under_way(one.id):
            self._requeue(one.id)

    def _cancel(self, one: Download) -> None:
        self._halt(one.id)
        self._queue.remove(one.id)
        if one.id not in self._running and one.state is not DownloadState.DONE:
            self._clear(one)

    def _requeue(self, number: int) -> None:
        self._forget_later(number)
        self._queue.put(number, state=DownloadState.QUEUED, problem=None, **_STILL)

    def _clear(self, one: Download) -> None:
        clear(self._folder, one, (other for other in self._queue.all() if other.state is not DownloadState.DONE))

    def _measured(self, one: Download) -> Download:
        return one if one.state is DownloadState.DONE else replace(one, done=on_disk(self._folder, one))

    # ---- what runs ----

    def _halt(self, number: int) -> None:
        self._forget_later(number)
        self._running.stop(number)

    def _interrupt_all(self) -> None:
        """Stop what runs, for another turn."""
        for number in self._running.numbers():
            if self._running.is_under_way(number):
                self._halt(number)
                self._requeue(number)

    def _forget_later(self, number: int) -> None:
        if number in self._later:
            self._later.pop(number).cancel()

    def _progressed(self, number: int, values: dict[str, Any]) -> None:
        self._queue.change(number, **values)
        self._telling.ask()

    def _ended(self, carrier: Carrier) -> None:
        if self._closed:  # the queue is the next program's already
            return
        for waiting in filter(waits_for_file, self._queue.cared_for()):
            self._requeue(waiting.id)
        one = self._queue.get(carrier.download.id)
        try:
            if one is None:
                self._clear(carrier.download)
            elif carrier.error is None and carrier.folder == self._folder:
                self._finish(one, carrier)
            elif carrier.error is not None and one.state.active:
                self._stumble(one, carrier.error)
        finally:
            self._changed()

    def _finish(self, one: Download, carrier: Carrier) -> None:
        one = self._queue.put(
            one.id,
            state=DownloadState.DONE,
            done=one.size,
            problem=None,
            finished_at=time.time(),
            resumed_from=carrier.resumed_from,
            **_STILL,
        )
        self._publish(DownloadFinished(one, self.path_of(one)))

    def _stumble(self, one: Download, error: Exception) -> None:
        """See how a download goes on after an error, if it does."""
        if not isinstance(error, KnownError | Stopped):
            self._fail(one, Problem("bug", "Something went wrong inside Causerie itself.", "What has come is kept."))
            raise error
        code = error.problem.code if isinstance(error, KnownError) else ""
        if isinstance(error, Stopped) or code in ("hub_offline", "cancelled"):
            self._requeue(one.id)
        elif code == "transfer_in_use" or (code == "transfer_gave_up" and self._stays):
            problem = waiting_for(one, map(self._queue.get, self._running.numbers()), error.problem)
            self._queue.put(one.id, state=DownloadState.WAITING, problem=problem, **_STILL)
            self._later[one.id] = self._loop.call_later(AGAIN_SECONDS[code], lambda: self.resume(one.id))
        else:
            self._fail(one, error.problem)

    def _fail(self, one: Download, problem: Problem) -> None:
        one = self._queue.put(one.id, state=DownloadState.FAILED, problem=problem, **_STILL)
        self._publish(DownloadFailed(one, problem))
