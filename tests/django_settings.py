"""Django's settings for the tests: a data folder of its own that goes away afterwards, before Octavo's are read."""

import atexit
import os
import shutil
import tempfile

DATA = tempfile.mkdtemp(prefix="octavo-tests-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("OCTAVO_") and name != "OCTAVO_DATABASE"]:
    del os.environ[name]
os.environ["OCTAVO_DATA"] = DATA

from octavo.django_settings import *  # noqa: E402, F403
from octavo.django_settings import DATABASES  # noqa: E402

# Quick to compute: no test is about the cost of guessing a password.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, not memory: the tests' servers and worker processes open the same database.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(DATA, "test.sqlite3")}
