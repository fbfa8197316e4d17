"""The few system calls with which the store touches the disk outside SQLite.

What comes in: paths and bytes. What goes out: files that are whole or not there. `Disk` is the facade that
tests replace to make the n-th call fail; nothing else in the storage room calls `os` for writing.
Knows no lines and no database.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import stat
from pathlib import Path

from newsbot.core.errors import LockHeld, OutputError, StateError

# Filesystems on which SQLite's write-ahead log is unsafe: its index is memory shared by one host's processes.
NETWORK_FILESYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone"),
    }
)


class Disk:
    """The operating system's calls, one method each; all raise `OSError`."""

    def open(self, path: str, flags: int, mode: int = 0o644) -> int:
        return os.open(path, flags | os.O_CLOEXEC, mode)

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def link(self, source: str, target: str) -> None:
        os.link(source, target, follow_symlinks=False)

    def unlink(self, path: str) -> None:
        os.unlink(path)

    def replace(self, source: str, target: str) -> None:
        os.replace(source, target)

    def mkdir(self, path: str) -> None:
        os.mkdir(path, 0o755)

    def filesystem(self, path: Path) -> str:
        """The name of the filesystem that holds *path*, as in ``/proc/self/mountinfo``; empty if not told."""
        try:
            table = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return ""
        best, name = "", ""
        for line in table.splitlines():
            before, _, after = line.partition(" - ")
            fields = before.split(" ")
            if len(fields) > 4 and _is_below(str(path), fields[4]) and len(fields[4]) >= len(best):
                best, name = fields[4], after.split(" ")[0]
        return name


def _is_below(path: str, mount: str) -> bool:
    return mount == "/" or path == mount or path.startswith(mount + "/")


def write_all(disk: Disk, descriptor: int, data: bytes | memoryview) -> None:
    """Write the whole of *data*, however little each call takes."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[disk.write(descriptor, rest) :]
        except InterruptedError:
            continue


def sync_folder(disk: Disk, folder: Path) -> None:
    """Make the names in *folder* durable."""
    descriptor = disk.open(str(folder), os.O_RDONLY | os.O_DIRECTORY)
    try:
        disk.fsync(descriptor)
    finally:
        disk.close(descriptor)


def replace_file(disk: Disk, path: Path, data: bytes) -> None:
    """Make *path* hold *data*, whole at every instant; nothing is done when it does so already.

    For what is made anew from other files (the data card, a rewritten segment). Raises `OSError`.
    """
    if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
        return
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = disk.open(str(part), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW)
    try:
        write_all(disk, descriptor, data)
        disk.fsync(descriptor)
    finally:
        disk.close(descriptor)
    disk.replace(str(part), str(path))
    sync_folder(disk, path.parent)


def make_folder(disk: Disk, folder: Path) -> None:
    """Make *folder* if it is not there; refuse one that anybody may write to, or that is a symbolic link.

    Raises `OutputError`.
    """
    try:
        if not folder.parent.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(folder):
            disk.mkdir(str(folder))
        found = folder.lstat()
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror}") from error
    if not stat.S_ISDIR(found.st_mode):
        raise OutputError(f"{folder} is no folder (symbolic links are not followed)")
    if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
        raise OutputError(f"{folder} is writable by everybody: chmod o-w {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"{folder} is not writable")


class FolderLock:
    """The lock of one output folder: ``flock`` on ``.newsbot/lock``, given up by the kernel on any death.

    What stands in the file (process, host, command) is for people only; a stale or foreign number has no effect.
    """

    def __init__(self, path: Path, *, command: str, now: float) -> None:
        """Take the lock at once. Raises `LockHeld`, `StateError`."""
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        except OSError as error:
            raise StateError(f"cannot open the lock {path}: {error.strerror}") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._descriptor, 400, 0).decode("utf-8", "replace").strip()
            os.close(self._descriptor)
            raise LockHeld(f"another run holds {path} ({holder or 'it does not say who'})") from error
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()} {socket.gethostname()} {now:.0f} {command}\n".encode(), 0)

    def release(self) -> None:
        """Give the lock up; once is enough."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes; raises `OSError`."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
