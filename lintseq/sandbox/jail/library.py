"""Which folders a Python program needs to see."""

import os
import sys
import sysconfig


def library_folders() -> "list[str]":
    """Python's library and the shared ones that it needs, without one inside another."""
    wanted = {
        os.path.realpath(each)
        for each in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo")
    }
    wanted |= {os.path.realpath(sysconfig.get_path("stdlib")), *map(os.path.realpath, sys.path[1:])}
    wanted |= {os.path.realpath(sysconfig.get_config_var("LIBDIR") or "/lib")}
    found = sorted(each for each in wanted if os.path.isdir(each))
    return [each for each in found if not any(each.startswith(f"{other}/") for other in found)]
