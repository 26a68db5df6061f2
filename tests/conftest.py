"""What all tests start from."""

import signal

# A shell starts what runs in the background with Ctrl-C ignored, for its children too; the tests
# that interrupt a command mean one that somebody sits in front of.
signal.signal(signal.SIGINT, signal.default_int_handler)
