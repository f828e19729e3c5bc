"""Runs Python in an environment of this checkout's own making.

`python3 -m car_classifier.environment -m car_classifier demo` makes `.venv` beside README.md when it is not there,
installs requirements.txt into it when that has changed, and runs `.venv/bin/python -m car_classifier demo`.

This file is read by whatever `python3` is there, so it must stay readable for old versions and use nothing but Python.
"""

import hashlib
import os
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(CHECKOUT, ".venv")
PYTHON = os.path.join(FOLDER, "bin", "python")
REQUIREMENTS = os.path.join(CHECKOUT, "requirements.txt")
STAMP = os.path.join(FOLDER, "requirements.sha256")


def refusal(version):
    """Return why a version of Python, (major, minor), cannot be used, in one line; None when it can."""
    if OLDEST <= version <= NEWEST:
        return None
    return "Python 3.11, 3.12 or 3.13 is needed; this is %d.%d. Install one and type its name in place of python3." % version


def installed():
    """Say whether the environment holds what requirements.txt asks for now."""
    try:
        with open(STAMP) as file:
            return file.read() == _wanted()
    except OSError:
        return False


def install():
    """Make the environment and install into it; what is there is brought up to date."""
    sys.stderr.write("Setting up %s (once; a minute or two) ...\n" % FOLDER)
    subprocess.check_call([sys.executable, "-m", "venv", FOLDER])
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.check_call(pip + ["--requirement", REQUIREMENTS])
    with open(STAMP, "w") as file:
        file.write(_wanted())


def main(arguments):
    """Make sure of the environment, then become its Python with `arguments`."""
    refused = refusal(sys.version_info[:2])
    if refused:
        sys.exit(refused)
    if not installed():
        try:
            install()
        except subprocess.CalledProcessError as error:
            sys.exit("Setting up failed (%s). See above; the same command tries again." % " ".join(error.cmd[:4]))
    os.chdir(CHECKOUT)
    os.execv(PYTHON, [PYTHON] + arguments)


def _wanted():
    with open(REQUIREMENTS, "rb") as file:
        return hashlib.sha256(file.read() + sys.version.encode()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
