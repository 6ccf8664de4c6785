"""What goes on while a test does something else."""

import threading


class Meanwhile(threading.Thread):
    """Takes a step again and again, `pause` seconds apart, until it is stopped; its first failure ends it."""

    def __init__(self, pause: float = 0.0) -> None:
        super().__init__(daemon=True)
        self._pause = pause
        self._stopping = threading.Event()
        self.failure: BaseException | None = None

    def step(self) -> None:
        """What is done again and again."""
        raise NotImplementedError

    def run(self) -> None:
        try:
            while not self._stopping.wait(self._pause):
                self.step()
        except BaseException as error:
            self.failure = error

    def stop(self) -> None:
        """Lets the step that is under way end. Raises what it failed with."""
        self._stopping.set()
        self.join(60)
        if self.failure is not None:
            raise self.failure
