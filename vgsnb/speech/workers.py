"""Spreading work over processes, in order, with progress: what synthesis, features and corpora share."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from vgsnb.errors import UserError

Task = TypeVar("Task")
Result = TypeVar("Result")


def spread(function: Callable[[Task], Result], tasks: Iterable[Task], workers: int) -> Iterator[Result]:
    """Yield ``function(task)`` for every task, in the order of the tasks, computed by ``workers`` processes.

    Processes are spawned, not forked: a kernel that has loaded torch has threads that a fork would lose. One worker is
    this very process. At most four tasks a worker wait, so that the results need not all fit into memory.

    Raises:
        UserError: a worker died, which is what lack of memory looks like.
    """
    if workers <= 1:
        yield from map(function, tasks)
        return
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_start)
    waiting = deque[Future[Result]]()
    try:
        for task in tasks:
            waiting.append(pool.submit(function, task))
            if len(waiting) >= 4 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise UserError(
            f"One of {workers} worker processes died: free memory or use fewer workers; a script that starts them "
            'needs its main part under if __name__ == "__main__".'
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def leave_with_parent(every: float = 2.0) -> None:
    """Let this worker process end when the process that started it is gone: a killed command leaves nothing running."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(every)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _start() -> None:
    """Leave Ctrl-C to the parent, end with it, keep to one thread: on short signals many are twenty times slower."""
    leave_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


def in_chunks(items: Sequence[Task], size: int) -> Iterator[Sequence[Task]]:
    """Cut ``items`` into runs of ``size``; the last may be shorter."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def with_progress(items: Iterable[Task], total: int, what: str, every: float = 10.0) -> Iterator[Task]:
    """Pass ``items`` on and say on the standard error stream, every ``every`` seconds, how many there were."""
    begun = said = time.monotonic()
    for done, item in enumerate(items, start=1):
        yield item
        now = time.monotonic()
        if now - said > every:
            left = (now - begun) * (total - done) / done
            print(f"{what}: {done} of {total}, about {left:.0f} s left", file=sys.stderr, flush=True)
            said = now
