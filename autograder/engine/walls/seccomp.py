"""A seccomp filter: system calls that no exercise needs are refused by the kernel, for good. No privilege is needed.

Own ctypes, because the library `pyseccomp` needs the system's libseccomp, which not every Linux has.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import platform
import struct

__all__ = ["KILLING", "forbid", "program"]

# Numbers on x86_64 and aarch64; None where the processor has no such call.
CALLS: dict[str, tuple[int | None, int | None]] = {
    # network
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "bind": (49, 200), "listen": (50, 201),
    "accept4": (288, 242),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "setpriority": (141, 140), "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119), "sched_setattr": (314, 274), "ioprio_set": (251, 30), "setpgid": (109, 154),
    "migrate_pages": (256, 238), "move_pages": (279, 239),
    # new programs and processes; clone and clone3 are below
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    # what Landlock does not guard: modes, owners, times and attributes of files
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "setxattrat": (463, 463), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "removexattrat": (466, 466), "file_setattr": (469, 469),
    # memory and messages that outlive or hide
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180), "mlock": (149, 228), "mlock2": (325, 284), "mlockall": (151, 230),
    # mounts and namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "setns": (308, 268),
    "unshare": (272, 97), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    # the kernel itself
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None),
    "personality": (135, 92), "vhangup": (153, 58), "fanotify_init": (300, 262), "lookup_dcookie": (212, 18),
    "modify_ldt": (154, None),
    # watching folders that may not even be listed
    "inotify_init": (253, None), "inotify_init1": (294, 26), "inotify_add_watch": (254, 27),
}  # fmt: skip
KILLING: dict[str, tuple[int | None, int | None]] = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424),
}  # fmt: skip
CLONE, CLONE3, PRCTL, PRLIMIT, AFFINITY = (56, 220), (435, 435), (157, 167), (302, 261), (203, 122)
MACHINES = {"x86_64": (0, 0xC000003E), "AMD64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7), "arm64": (1, 0xC00000B7)}
FCNTL = (72, 25)
# Of fcntl: signals that the kernel sends for a process (F_SETSIG, F_SETOWN, F_SETOWN_EX), leases that make others wait
# for a file (F_SETLEASE), and news of a folder (F_NOTIFY).
SENT_BY_THE_KERNEL = (10, 8, 15, 1024, 1026)
THREAD = 0x00010000  # CLONE_THREAD
SET_PARENT_DEATH_SIGNAL = 1

ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT = 0, 4, 16, 24  # where the kernel puts them


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def forbid(signals: bool) -> None:
    """Refuses the calls of this module to this process from now on; with `signals`, all sending of signals as well."""
    code = program(platform.machine(), signals)
    libc = ctypes.CDLL(None, use_errno=True)
    filtered = _Program(len(code) // 8, code)
    if libc.prctl(22, 2, ctypes.byref(filtered), 0, 0):  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@functools.cache
def program(machine: str, signals: bool) -> bytes:
    """The filter as the kernel reads it; OSError for a processor whose numbers are not known here."""
    if machine not in MACHINES:
        raise OSError(f"the system calls of {machine} processors are not listed here")
    column, architecture = MACHINES[machine]
    no = REFUSE | errno.EPERM
    steps = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    if column == 0:  # x86_64 has each call once more, under a number with this bit
        steps += [(AT_LEAST, 0, 1, 0x40000000), (RETURN, 0, 0, KILL)]
    for numbers in [*CALLS.values(), *(KILLING.values() if signals else ())]:
        if numbers[column] is not None:
            steps += [(EQUAL, 0, 1, numbers[column] or 0), (RETURN, 0, 0, no)]
    # Threads are made by clone; clone3 hides its arguments from a filter, and without it the C library uses clone.
    steps += [(EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    steps += _by_argument(CLONE[column], (ANY_BIT, THREAD), ALLOW, no)
    steps += _by_argument(PRCTL[column], (EQUAL, SET_PARENT_DEATH_SIGNAL), no, ALLOW)
    for own in (PRLIMIT, AFFINITY):
        steps += _by_argument(own[column], (EQUAL, 0), ALLOW, no)
    steps += _unless_second(FCNTL[column], SENT_BY_THE_KERNEL, no)
    return b"".join(struct.pack("=HBBI", *step) for step in [*steps, (RETURN, 0, 0, ALLOW)])


def _by_argument(call: int, test: tuple[int, int], then: int, otherwise: int) -> list[tuple[int, int, int, int]]:
    """For one call, what its first argument decides."""
    compare, value = test
    return [
        (EQUAL, 0, 4, call),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (compare, 0, 1, value),
        (RETURN, 0, 0, then),
        (RETURN, 0, 0, otherwise),
    ]


def _unless_second(call: int, forbidden: tuple[int, ...], no: int) -> list[tuple[int, int, int, int]]:
    """For one call, a refusal if its second argument is one of these."""
    count = len(forbidden)
    tests = [(EQUAL, count - number, 0, value) for number, value in enumerate(forbidden)]
    return [
        (EQUAL, 0, count + 3, call),
        (LOAD, 0, 0, SECOND_ARGUMENT),
        *tests,
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, no),
    ]
