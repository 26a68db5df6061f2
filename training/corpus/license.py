"""Which licences the corpus takes, read from metadata and from licence texts.

Not covered: a licence that only a directory inside a package has, and one that a metadata file
states wrongly. A file whose own head names another licence is refused in `filters`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.message import Message

ALLOWED = frozenset(
    {
        "0bsd",
        "apache-2.0",
        "apache-2.0 with llvm-exception",
        "bsd-2-clause",
        "bsd-3-clause",
        "bsl-1.0",
        "cc0-1.0",
        "cnri-python",
        "isc",
        "mit",
        "mit-0",
        "mit-cmu",
        "psf-2.0",
        "python-2.0",
        "unlicense",
        "zlib",
    }
)
"""SPDX identifiers, lower-cased, of licences that ask for no more than a notice."""

_CLASSIFIERS: Mapping[str, str] = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
}

_NAMES: Sequence[tuple[str, str]] = (
    (r"apache( software)?( license)?,?( version)?[ -]?2(\.0)?( license)?|asl 2", "Apache-2.0"),
    (r"(new |modified |3-clause |2-clause )?bsd([ -][23]-clause)?( license)?", "BSD-3-Clause"),
    (r"(the )?mit( license)?", "MIT"),
    (r"isc( license)?", "ISC"),
    (r"psf|python software foundation( license)?", "PSF-2.0"),
)

# Sentences that stand in one family of licence texts only.
_SENTENCES: Sequence[tuple[str, str]] = (
    ("permission is hereby granted, free of charge, to any person obtaining a copy", "MIT"),
    ("apache license version 2.0", "Apache-2.0"),
    ("licensed under the apache license, version 2.0", "Apache-2.0"),
    ("redistribution and use in source and binary forms, with or without", "BSD-3-Clause"),
    ("python software foundation license version 2", "PSF-2.0"),
    ("license: bsd-3-clause", "BSD-3-Clause"),
    ("permission to use, copy, modify, and/or distribute this software for any", "ISC"),
    ("terms of the modified bsd license", "BSD-3-Clause"),
    ("distributed with the 3-clause bsd license", "BSD-3-Clause"),
)

_REFUSED = re.compile(
    r"GNU (?:LESSER |AFFERO |LIBRARY )?GENERAL PUBLIC LICENSE|\bL?A?GPL ?[v(-]?[23]"
    r"|Business Source License|Server Side Public License|Elastic License|Commons Clause"
    r"|PolyForm|Eclipse Public License|Mozilla Public License|\bMPL[- ]2"
    r"|Creative Commons Attribution-(?:NonCommercial|ShareAlike)"
    r"|SPDX-License-Identifier: *(?:[AL]?GPL|MPL|EPL|CC-BY-(?:SA|NC))",
    re.IGNORECASE,
)

# Not those of third parties, such as LICENSE-3RD-PARTY.txt: they say nothing of the rest.
_LICENSE_FILE = re.compile(
    r"(?:licen[sc]e|copying)(?:[-.](?:apache|bsd|mit|python))?(?:\.(?:md|rst|txt))?", re.IGNORECASE
)

_COMMENT_BREAK = re.compile(r"[\s#]+")


def license_of_metadata(metadata: Message | Mapping[str, str]) -> str | None:
    """Return the licence of a distribution's metadata, or None if it is not an allowed one.

    The expression decides, else the classifiers (every one of them), else the licence field.
    """
    expression = metadata.get("License-Expression") or ""
    if expression:
        return expression if is_allowed(expression) else None
    known = [_CLASSIFIERS.get(name) for name in _named(metadata)]
    if known:
        allowed = sorted({name for name in known if name})
        return " AND ".join(allowed) if None not in known else None
    return _license_of_field(metadata.get("License") or "")


def license_of_text(text: str) -> str | None:
    """Return the licence that a licence file's text gives, or None if it is not an allowed one.

    What is named first decides: further down stand the licences of bundled parts and of the
    documentation, and the Python licence speaks of the GPL without being under it.
    """
    folded = " ".join(text.lower().split())
    refused = _REFUSED.search(folded)
    end = refused.start() if refused else len(folded)
    found = [(folded.find(sentence, 0, end), name) for sentence, name in _SENTENCES]
    return min(((place, name) for place, name in found if place >= 0), default=(0, None))[1]


def refused_license(text: str) -> str | None:
    """Return the first mention of a licence in a file's head that the corpus does not take.

    None: there is none. The name of a licence may go on in the next line of a comment.
    """
    match = _REFUSED.search(_COMMENT_BREAK.sub(" ", text))
    return match.group() if match else None


def license_of_files(texts: Sequence[str]) -> str | None:
    """Return the licence of a tree by its licence files, or None if one gives no allowed one."""
    found = [license_of_text(text) for text in texts]
    return found[0] if found and None not in found else None


def license_of_archive(metadata: Message | None, texts: Sequence[str]) -> str | None:
    """Return a distribution's licence: what its metadata states, else what its files say.

    A distribution that states something which is not allowed has no other licence.
    """
    if metadata is None:
        return license_of_files(texts)
    found = license_of_metadata(metadata)
    stated = metadata.get("License-Expression") or _named(metadata)
    return found if found or stated else license_of_files(texts)


def is_license_file(path: str) -> bool:
    """Return whether a file states the licence of the tree around it, by its name."""
    return _LICENSE_FILE.fullmatch(path.rsplit("/", 1)[-1]) is not None


def is_allowed(expression: str) -> bool:
    """Return whether an SPDX expression can be met with allowed licences only.

    An expression with parentheses is allowed if all its licences are.
    """
    if "(" in expression:
        expression = re.sub(r"\s+OR\s+", " AND ", re.sub("[()]", "", expression))
    choices = re.split(r"\s+OR\s+", expression)
    return any(
        all(part.strip().lower() in ALLOWED for part in re.split(r"\s+AND\s+", choice))
        for choice in choices
    )


def _named(metadata: Message | Mapping[str, str]) -> list[str]:
    """Return the licences that classifiers name."""
    every = metadata.get_all("Classifier") or [] if isinstance(metadata, Message) else []
    named = [str(line).split("::")[-1].strip() for line in every if "License ::" in str(line)]
    return [name for name in named if name != "OSI Approved"]


def _license_of_field(field: str) -> str | None:
    if field and is_allowed(field):
        return field
    for pattern, name in _NAMES:
        if re.fullmatch(pattern, field.strip(), re.IGNORECASE):
            return name
    return license_of_text(field)
