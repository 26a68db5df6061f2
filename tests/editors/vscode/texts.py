"""Texts in which the default model has something to say; `|` is the cursor."""

# What to type there, so that ghost text appears by itself in one of them at least.
PLACES = (
    ("class Point:\n    def __init__(self, x, y):\n        self.x = x\n        self.y =|\n", " "),
    ("def total(values):\n    result = 0\n    for value in values:\n        result +=|\n"
     "    return result\n", " "),
    ("import math\n\n\ndef area(radius):\n    return math.pi * radius ** 2\n\n\ndef main():\n"
     "    for radius in range(10):\n        print(|\n", "area("),
    ("import os\n\n\ndef paths(folder):\n    for name in os.listdir(folder):\n"
     "        yield os.path.join(|\n", "folder, "),
)  # fmt: skip

# Places where what follows has several words.
LONG_PLACES = (
    "import sys\n\n\ndef main():\n    pass\n\n\nif __name__ |\n    main()\n",
    "import sys\n\n\ndef main():\n    pass\n\n\nif |:\n    main()\n",
    "class Point:\n    def __init__(self, x, y):\n        self.x = x\n        |\n",
    "import os\n\n\ndef paths(folder):\n    for name in |\n        yield name\n",
    "def read(path):\n    with open(path) |\n        return file.read()\n",
    "def largest(values):\n    best = values[0]\n    for value |\n        best = max(best, value)\n"
    "    return best\n",
)

# Functions that wait for their body.
STUBS = tuple(
    f"{head}    {docstring}|\n{rest}"
    for rest in ("\n\ndef main():\n    print('done')\n", "")
    for head, docstring in (
        ("def chunks(items, size):\n", '"""Split the items into lists of at most size items."""'),
        ("def count_words(text):\n", '"""Count how often each word occurs in the text."""'),
        ("import json\n\n\ndef read_settings(path):\n", '"""Read the settings from a file."""'),
        ("def mean(values):\n", '"""Return the mean of the values, or None if there are none."""'),
        ("def find(items, wanted):\n", '"""Return the index of the wanted item, or -1."""'),
        ("def reverse_words(text):\n", '"""Return the words of the text in reverse order."""'),
        ("import os\n\n\ndef files(folder):\n", '"""Return the names of the files, sorted."""'),
        ("def unique(items):\n", '"""Return the items without duplicates, in their order."""'),
        ("def parse(line):\n", '"""Split a line of the form key=value; raise ValueError."""'),
        ("def group(records, key):\n", '"""Return a dictionary from keys to records."""'),
    )
)
