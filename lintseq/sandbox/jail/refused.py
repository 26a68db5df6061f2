"""Which system calls a program may not make: all that no program needs and that reach further.

The numbers are those of the kernel's arch/x86/entry/syscalls/syscall_64.tbl and of
include/uapi/asm-generic/unistd.h: on x86-64, on ARM64 (None: it has no such call).
"""

import os

import filter  # type: ignore[import-not-found]

# The column of the tables, and AUDIT_ARCH_* of linux/audit.h.
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_ALWAYS = (
    (163, 89),  # acct
    (248, 217),  # add_key
    (321, 280),  # bpf
    (161, 51),  # chroot
    (305, 266),  # clock_adjtime
    (227, 112),  # clock_settime
    (176, 106),  # delete_module
    (313, 273),  # finit_module
    (431, 431),  # fsconfig
    (432, 432),  # fsmount
    (430, 430),  # fsopen
    (433, 433),  # fspick
    (175, 105),  # init_module
    (426, 426),  # io_uring_enter
    (427, 427),  # io_uring_register
    (425, 425),  # io_uring_setup
    (312, 272),  # kcmp
    (154, None),  # modify_ldt
    (320, 294),  # kexec_file_load
    (246, 104),  # kexec_load
    (250, 219),  # keyctl
    # Memory that no limit counts: in files of no file system, in segments of nobody.
    (319, 279),  # memfd_create
    (447, 447),  # memfd_secret
    (29, 194),  # shmget
    (64, 190),  # semget
    (68, 186),  # msgget
    (259, 33),  # mknodat
    (133, None),  # mknod
    (165, 40),  # mount
    (442, 442),  # mount_setattr
    (429, 429),  # move_mount
    (303, 264),  # name_to_handle_at
    (304, 265),  # open_by_handle_at
    (428, 428),  # open_tree
    (298, 241),  # perf_event_open
    (135, 92),  # personality
    (438, 438),  # pidfd_getfd
    (155, 41),  # pivot_root
    (310, 270),  # process_vm_readv
    (311, 271),  # process_vm_writev
    (101, 117),  # ptrace
    (179, 60),  # quotactl
    (169, 142),  # reboot
    (249, 218),  # request_key
    (308, 268),  # setns
    (164, 170),  # settimeofday
    (41, 198),  # socket
    (167, 224),  # swapon
    (103, 116),  # syslog
    (166, 39),  # umount2
    (272, 97),  # unshare
    (323, 282),  # userfaultfd
)
# Where the program shares processes, terminals and files with others.
_SHARED = (
    (62, 129),  # kill
    (200, 130),  # tkill
    (129, 138),  # rt_sigqueueinfo
    (297, 240),  # rt_tgsigqueueinfo
    (424, 424),  # pidfd_send_signal
    (434, 434),  # pidfd_open
    (240, 180),  # mq_open
    (251, 30),  # ioprio_set
    (256, 238),  # migrate_pages
    (279, 239),  # move_pages
    (440, 440),  # process_madvise
    (203, 122),  # sched_setaffinity
    (314, 274),  # sched_setattr
    (142, 118),  # sched_setparam
    (144, 119),  # sched_setscheduler
    (141, 140),  # setpriority
    # Landlock does not see these.
    (90, None),  # chmod
    (91, 52),  # fchmod
    (268, 53),  # fchmodat
    (452, 452),  # fchmodat2
    (92, None),  # chown
    (93, 55),  # fchown
    (260, 54),  # fchownat
    (94, None),  # lchown
    (132, None),  # utime
    (235, None),  # utimes
    (261, None),  # futimesat
    (280, 88),  # utimensat
    (76, 45),  # truncate
    (188, 5),  # setxattr
    (189, 6),  # lsetxattr
    (190, 7),  # fsetxattr
    (463, 463),  # setxattrat
    (197, 14),  # removexattr
    (198, 15),  # lremovexattr
    (199, 16),  # fremovexattr
    (466, 466),  # removexattrat
    (469, 469),  # file_setattr
    # Nor who watches a folder that cannot be read.
    (253, None),  # inotify_init
    (294, 26),  # inotify_init1
    (300, 262),  # fanotify_init
)
_CLONE, _CLONE3, _IOCTL, _FCNTL = (56, 220), 435, (16, 29), (72, 25)
_PRLIMIT, _TGKILL = (302, 261), (234, 131)
_ENOSYS = 38
# CLONE_NEW*: namespaces of its own.
_NEW_NAMESPACES = 0x7E020080
# TIOCSTI, TIOCLINUX: keys pressed in the user's terminal; FIOSETOWN, SIOCSPGRP: signals to others.
# FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR, FS_IOC_SETVERSION, FS_IOC_ENABLE_VERITY: what becomes of a
# file that is open for reading.
_REQUESTS = (
    *(0x5412, 0x541C, 0x8901, 0x8902),
    *(0x40086602, 0x40046602, 0x401C5820, 0x40087602, 0x40806685),
)
# F_SETOWN, F_SETSIG, F_SETOWN_EX: signals to others. F_SETLEASE: others wait when they open it.
_COMMANDS = (8, 10, 15, 1024)


def filter_calls(*, shared: bool) -> None:
    """Refuse what no program needs: other processes' memory, sockets, mounts, namespaces, ...

    Args:
        shared: refuse signals to others and changes of others' files too.
    """
    column, architecture = _ARCHITECTURES[os.uname().machine]
    numbers = [each[column] for each in (*_ALWAYS, *(_SHARED if shared else ()))]
    rules = [step for each in numbers if each is not None for step in filter.refuse(each)]
    # The C library then uses `clone`, whose flags can be read.
    rules += filter.refuse(_CLONE3, _ENOSYS)
    rules += filter.refuse_bits(_CLONE[column], 0, _NEW_NAMESPACES)
    rules += filter.refuse_values(_IOCTL[column], 1, _REQUESTS)
    if shared:
        rules += filter.refuse_values(_FCNTL[column], 1, _COMMANDS)
        rules += filter.refuse_other_values(_PRLIMIT[column], 0, 0)
        # `abort` sends a signal to its own process.
        rules += filter.refuse_other_values(_TGKILL[column], 0, os.getpid())
    filter.install(architecture, rules)
