"""The sandbox of an evaluator: no network, no files, bounded memory, from its first query on.

The network is denied by seccomp, so that an engine that reads its store from disk can still open
the store's files; their number bounds how many files can be open at all.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

# Linux: the architecture as seccomp names it, and the numbers of socket(2) and connect(2).
SYSTEM_CALLS = {
    "x86_64": (0xC000003E, (41, 42)),
    "aarch64": (0xC00000B7, (198, 203)),
}
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
SECCOMP_MODE_FILTER = 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER, ARCHITECTURE = 0, 4
"""The offsets of these fields in `struct seccomp_data`."""
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | 13  # the call fails with EACCES


def shut_in(memory: int, files: int) -> None:
    """Take away what a query never needs.

    `memory` is what it may take beyond what the process holds (bytes), half of it for the stack;
    `files` how many it may open beyond those that are open and one connection.
    """
    for caught in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(caught, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The engine goes down into a chain of 100,000 operators (`1+1+…`, `a/b/…`) as into brackets:
    # with the usual 8 MB it dies of it, with these it answers or meets its deadline.
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    stack = memory // 2 if most == resource.RLIM_INFINITY else min(memory // 2, most)
    resource.setrlimit(resource.RLIMIT_STACK, (stack, most))
    statm = Path("/proc/self/statm")
    if statm.exists():
        size = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))
    # The connection takes the lowest free descriptor.
    room = os.dup(0)
    os.close(room)
    if files:
        room = max(room, *(int(entry.name) for entry in Path("/dev/fd").iterdir())) + files
    resource.setrlimit(resource.RLIMIT_NOFILE, (room + 1, room + 1))
    deny_network()


def deny_network() -> None:
    """Make socket(2) and connect(2) fail from now on (Linux; elsewhere nothing is done)."""
    architecture, numbers = SYSTEM_CALLS.get(platform.machine(), (0, ()))
    if sys.platform != "linux" or not numbers:
        return
    program = [
        struct.pack("HBBI", LOAD, 0, 0, ARCHITECTURE),
        # Another architecture's calls have other numbers: all of them are refused.
        struct.pack("HBBI", JUMP_IF_EQUAL, 0, len(numbers) + 2, architecture),
        struct.pack("HBBI", LOAD, 0, 0, NUMBER),
        *(
            struct.pack("HBBI", JUMP_IF_EQUAL, len(numbers) - place, 0, number)
            for place, number in enumerate(numbers)
        ),
        struct.pack("HBBI", RETURN, 0, 0, ALLOW),
        struct.pack("HBBI", RETURN, 0, 0, REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(program))
    filter_ = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_, 0, 0)
