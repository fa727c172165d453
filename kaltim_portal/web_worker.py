"""The web server's worker: a connection that says nothing takes no thread from people who ask."""

from typing import Any

from gunicorn.workers import gthread

# Seconds. What a browser means to ask stands in the socket by now; what it opened in advance waits without a thread.
SAYS_SOMETHING_WITHIN = 0.05


class ThreadWorker(gthread.ThreadWorker):
    """Gunicorn's worker of threads, which waits for the first words of a connection in its loop, not in a thread.

    Browsers open connections in advance and may never use them. Gunicorn gives each of them a thread for five seconds:
    four such connections, and a portal of four threads answers nobody for as long. It also says farewell in its loop.
    """

    def handle(self, conn: Any) -> Any:
        is_new = not conn.initialized and not conn.data_ready
        if is_new and not conn.wait_for_data(SAYS_SOMETHING_WITHIN):
            return gthread._DEFER  # noqa: SLF001 (the answer that the loop knows)
        stays_open = super().handle(conn)
        if not stays_open:
            # Up to two seconds go into waiting for the other side: here they hold one thread, in the loop all.
            conn.close(graceful=True)
        return stays_open
