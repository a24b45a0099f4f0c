"""Stands in for uv and uvx where nothing can be downloaded: runs what the image has, and refuses what it has not."""

import importlib.util
import os
import re
import sys

LIB = "/opt/proctor/verifier/lib"
# Packages whose module has another name, and those that this folder has in their place.
MODULES = {"pytest-json-ctrf": "proctor_ctrf", "pyyaml": "yaml", "pillow": "PIL", "beautifulsoup4": "bs4",
           "scikit-learn": "sklearn", "opencv-python": "cv2", "python-dateutil": "dateutil"}
TAKES_VALUE = {"-p", "--python", "-w", "--with", "--from", "--index", "--index-url", "--extra-index-url",
               "--index-strategy", "--directory", "--project", "--cache-dir", "--with-requirements"}
PACKAGE_OPTIONS = {"-w", "--with", "--from"}


def main(program, arguments):
    if program == "uvx":
        return run(arguments)
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if verb in ("run",) or arguments[:2] == ["tool", "run"]:
        return run(rest if verb == "run" else arguments[2:])
    if verb in ("init", "sync", "python"):
        return 0
    if verb == "venv":
        os.execvp("python3", ["python3", "-m", "venv", "--system-site-packages", *(rest[-1:] or [".venv"])])
    if verb == "add" or arguments[:2] == ["pip", "install"]:
        packages = [one for one in (rest if verb == "add" else arguments[2:]) if not one.startswith("-")]
        require(packages)
        return 0
    if verb in ("--version", "version"):
        print("uv 0 (Proctor's offline stand-in)")
        return 0
    refuse(f"uv {verb} is not known here")


def run(arguments):
    packages, command = [], []
    while arguments and not command:
        head, *arguments = arguments
        name, _, value = head.partition("=")
        if name in TAKES_VALUE:
            if not value and arguments:
                value, *arguments = arguments
            if name in PACKAGE_OPTIONS:
                packages += value.split(",")
        elif not head.startswith("-"):
            command = [head, *arguments]
    if not command:
        refuse("no command was given")
    require(packages)
    tool = re.split(r"[@=<>~]", command[0])[0]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [LIB, os.environ.get("PYTHONPATH")]))}
    if tool == "pytest":
        words = ["python3", "-m", "pytest", "-p", "proctor_ctrf", *command[1:]]
    elif tool == "python":
        words = ["python3", *command[1:]]
    else:
        words = command
    os.execvpe(words[0], words, environment)


def require(packages):
    """Every package has to be there, in whatever version."""
    sys.path.insert(0, LIB)
    for package in packages:
        name = re.split(r"[\[=<>~!@ ]", package.strip())[0].lower()
        module = MODULES.get(name, name.replace("-", "_"))
        if importlib.util.find_spec(module) is None:
            refuse(f"package {package} is not in this image")


def refuse(why):
    sys.exit(f"uvx (offline stand-in): {why}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
