"""What every test may rely on, whoever started pytest and how."""

import os
import signal

from hypothesis import settings

from sim.built import fault

# Property tests are repeatable: no random examples, no deadlines on a busy machine.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")

# Runs are on the compiled engine where it is built. Elsewhere each would say that it is not.
if fault():
    os.environ.setdefault("SIM_ENGINE", "simpy")

# A shell starts its background jobs with SIGINT ignored, and children inherit that: the tests of
# Ctrl-C would strike a program that cannot hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
