"""What every test may rely on, whoever started pytest and how."""

import signal

from hypothesis import settings

# Property tests are repeatable: no random examples, no deadlines on a busy machine.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")

# A shell starts its background jobs with SIGINT ignored, and children inherit that: the tests of
# Ctrl-C would strike a program that cannot hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
