#!/usr/bin/env python3
"""Makes small faults in common/, one at a time, and asks whether the tests notice.

usage: tests/mutation/mutate.py [--build FOLDER] [--only TEXT] [--first NUMBER] [--list]

A test suite is worth what it catches. Each fault of faults.txt is made in a copy of the project, the library is built again (common/ is a
shared library there, so that no test is linked anew), and the tests run until the first that fails: float first, double after that, then
the chapters. A fault that all tests survive is printed. Exit 1 when fewer than 95 % are noticed, or a fault cannot be made or built.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS = [["-R", "^(common|golden)_float$"], ["-R", "^(common|golden)_double$"], ["-E", "^(common|golden)_|exercise"]]
SECONDS_PER_TEST = 60  # a fault may make a loop endless


class Fault:
    def __init__(self, block):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        head = [part.strip() for part in lines[0].split("|")]
        file, *place = head[0].split()
        self.file, self.nth = file, int(place[0][1:]) if place else None
        self.what = head[1]
        self.survives = head[2].removeprefix("survives:").strip() if len(head) > 2 else None
        self.before = "\n".join(line[1:].strip() for line in lines[1:] if line.startswith("-"))
        self.after = "\n".join(line[1:].strip() for line in lines[1:] if line.startswith("+"))

    def make(self, text):
        """The file's text with the fault in it. White space counts as one blank, so that formatting does not matter."""
        pattern = r"\s+".join(re.escape(word) for word in self.before.split())
        places = list(re.finditer(pattern, text))
        if not places or (len(places) > 1 and self.nth is None) or len(places) < (self.nth or 1):
            raise ValueError(f"{self.file}: '{self.before}' occurs {len(places)} times ({self.what})")
        place = places[(self.nth or 1) - 1]
        return text[: place.start()] + self.after + text[place.end() :]


def read_faults(file):
    blocks = re.split(r"\n\s*\n", file.read_text())
    blocks = ["\n".join(line for line in block.splitlines() if not line.startswith("#")) for block in blocks]
    return [Fault(block) for block in blocks if block.strip()]


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def build(folder):
    return run(["cmake", "--build", str(folder)])


def first_failure(folder):
    """The test that noticed, or None."""
    for selection in ROUNDS:
        result = run(["ctest", "--test-dir", str(folder), "--stop-on-failure", "-j", "2", "--timeout", str(SECONDS_PER_TEST), *selection])
        if result.returncode != 0:
            found = re.search(r"Test +#\d+: (\S+) .*(Failed|Timeout|Exception|Subprocess)", result.stdout)
            return found.group(1) if found else "ctest"
    return None


def prepare(folder):
    """A copy of what git knows, configured and built, with tests that pass."""
    source, binary = folder / "source", folder / "build"
    source.mkdir(parents=True, exist_ok=True)
    for name in run(["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]).stdout.split("\0"):
        original, copy = ROOT / name, source / name
        if not original.is_file() or (copy.is_file() and copy.read_bytes() == original.read_bytes()):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(original, copy)
    options = ["-DBYHAND_SHARED=ON", "-DBYHAND_EXERCISES=OFF", "-DCMAKE_LINK_DEPENDS_NO_SHARED=ON", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O1"]
    for command in (["cmake", "-S", str(source), "-B", str(binary), "-G", "Ninja", *options], ["cmake", "--build", str(binary)]):
        result = run(command)
        (folder / "build.log").write_text(result.stdout)
        if result.returncode:
            raise SystemExit(result.stdout[-3000:])
    if (noticed := first_failure(binary)) is not None:
        raise SystemExit(f"without any fault '{noticed}' fails already")
    return source, binary


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--build", type=pathlib.Path, default=ROOT / "build-mutation", help="folder for the copy and its build")
    arguments.add_argument("--only", default="", help="only faults whose file or description holds this text")
    arguments.add_argument("--first", type=int, default=1, help="the number of the fault to begin with")
    arguments.add_argument("--list", action="store_true", help="check that all faults can be made, and stop")
    options = arguments.parse_args()
    faults = [f for f in read_faults(pathlib.Path(__file__).with_name("faults.txt")) if options.only in f.file + " " + f.what]
    wrong = 0
    for fault in faults:
        try:
            fault.make((ROOT / fault.file).read_text())
        except ValueError as error:
            print(error, file=sys.stderr)
            wrong += 1
    if wrong:
        sys.exit(1)
    if options.list:
        return print(f"{len(faults)} faults")
    source, binary = prepare(options.build)
    noticed, survived, unbuilt = 0, [], 0
    for number, fault in enumerate(faults, 1):
        if number < options.first:
            continue
        file, start = source / fault.file, time.time()
        original = file.read_text()
        try:
            file.write_text(fault.make(original))
            result = build(binary)
            by = first_failure(binary) if result.returncode == 0 else None
        finally:
            file.write_text(original)
        if result.returncode:
            unbuilt += 1
        elif by:
            noticed += 1
        else:
            survived.append(fault)
        verdict = "DOES NOT BUILD" if result.returncode else f"noticed by {by}" if by else "SURVIVED"
        print(f"{number:3}/{len(faults)} {time.time() - start:5.0f} s  {verdict:28} {fault.file}: {fault.what}", flush=True)
    build(binary)
    expected = [f for f in survived if f.survives]
    counted = noticed + len(survived) - len(expected)
    print(f"{noticed} of {counted} faults noticed, {100 * noticed / max(1, counted):.1f} %")
    for fault in survived:
        print(f"survived: {fault.file}: {fault.what}" + (f" ({fault.survives})" if fault.survives else ""))
    sys.exit(0 if noticed >= 0.95 * counted and not unbuilt else 1)


if __name__ == "__main__":
    main()
