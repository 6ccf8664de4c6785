"""What a process uses, as the system tells it."""

from pathlib import Path


def memory_mb(pid: int) -> float:
    """Its resident memory."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def open_files(pid: int) -> int:
    """Its open files and connections."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
