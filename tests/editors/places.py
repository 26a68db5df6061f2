"""Texts at which the default model has something to say; several, as the model may change."""

CURSORS = (
    "import sys\n\n\ndef main():\n    print(sys.argv)\n\n\nif __name__ =",
    "class Point:\n    def __init__(self, x, y):\n        self.x = x\n        self.y ",
    "values = [1, 2, 3]\nfor value i",
    "def load(path):\n    with open(path) a",
)
"""Each ends where somebody types on; the next key is in `NEXT_KEYS`."""

NEXT_KEYS = ("=", "=", "n", "s")

CHOICES = (
    ("class Point:\n    def __init__(self, x, y):\n        self", "."),
    ("def add(a, b):\n    retur", "n"),
    ("import ", "n"),
    ("import json\n\ndef load(path):\n    with open(path) as file:\n        return json", "."),
    *zip(CURSORS, NEXT_KEYS, strict=True),
)
"""Texts that can go on in more than one way, each with the next key."""

STUBS = (
    "def maximum(values):\n    '''Return the largest value, or None if there is none.'''\n",
    "def mean(values):\n    '''The mean of the values.'''\n",
    "def largest(values):\n    '''The largest of the values, or None.'''\n",
    "def total(values):\n    '''The sum of the values.'''\n",
    "def words_of(text):\n    '''The words of the text, each once.'''\n",
    "def here():\n    '''The folder we are in.'''\n",
)
"""Functions that wait for their body."""

UNDEFINED = "def here():\n    return os.getcwd()\n"
"""`os` is not imported."""
