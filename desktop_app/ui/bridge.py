"""The only crossing from other threads to widgets."""

from PySide6.QtCore import QObject, Signal

from desktop_app.services.events import Event


class Bridge(QObject):
    """Carries events of the services to the window's thread.

    Signals:
        published: an event; delivered on the thread of the receiver, in order.
    """

    published = Signal(object)

    def publish(self, event: Event) -> None:
        """Hand over an event; from any thread. Without a window left to hear it, nothing happens."""
        try:
            self.published.emit(event)
        except RuntimeError:
            # The Qt object is gone while the services finish: there is nobody left to tell.
            return
