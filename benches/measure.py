"""What the benchmarks share: the CPU and memory of a command, bounds, tables, arguments."""

import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target"))
RELEASE = TARGET / "x86_64-unknown-linux-gnu/release"
CACHE = pathlib.Path(os.environ.get("MIGAS_CACHE", pathlib.Path.home() / ".cache/migas"))
# What is computed of an RPM package: SHA-256 of all of it, and of the payload in it, which its
# header tells and which is nearly all of it.
TWICE = "sha256", "sha256"
KEY = HERE.parent / "testdata/openpgp/repository.secret.asc"

# Starts a command and prints what it used. A process of its own, because the peak memory a child
# reports begins with that of the process it was forked from.
USAGE = """
import os, sys
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ,
                        file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


class Run:
    """CPU seconds and peak memory of a command and its children."""

    def __init__(self, command, cwd=None):
        command = [sys.executable, "-ISc", USAGE, *map(str, command)]
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
        status, cpu, rss = done.stdout.split()
        if status != "0":
            sys.exit(f"{command[4:]}: status {status}\n{done.stderr[-2000:]}")
        self.cpu, self.rss_mib = float(cpu), int(rss) / 1024


def shell(script, cwd):
    """CPU and memory of a line for bash."""
    return Run(["bash", "-euc", script], cwd=cwd)


def has(tool):
    """Says whether a program is installed, and on the terminal if it is not."""
    found = shutil.which(tool) is not None
    if not found:
        print(f"  ({tool} is not installed: left out)")
    return found


def table(title, rows, base):
    """Prints rows of (name, CPU seconds) with ratios to the row `base`."""
    print(f"\n{title}")
    one = dict(rows)[base]
    for name, cpu in rows:
        print(f"  {name:<34} {cpu:9.3f} s  {cpu / one:8.1f}", flush=True)


class Bounds:
    """Figures beside what they may be at most, or must be at least."""

    def __init__(self, arguments, work):
        self.a, self.work, self.failed = arguments, work, []

    def at_most(self, what, value, limit):
        self._check(what, value, value <= limit, f"at most {limit}")

    def at_least(self, what, value, limit):
        self._check(what, value, value >= limit, f"at least {limit}")

    def _check(self, what, value, good, limit):
        print(f"  {'ok  ' if good else 'FAIL'} {what}: {value:.3g} ({limit})", flush=True)
        if not good:
            self.failed.append(what)

    def exit(self):
        """Ends the program: 1 if a bound was missed."""
        for what in self.failed:
            print(f"missed: {what}")
        sys.exit(1 if self.failed else 0)


def make_debs(many_debs, real, folder, count, first=0):
    """Packages with the control fields of real ones under new names, every other one `all`."""
    Run([many_debs, real, folder, str(count), str(first)])


def digests(files, *names):
    """CPU of reading files and computing these digests, by OpenSSL: what nobody can avoid."""
    subprocess.run(["cat", *files], stdout=subprocess.DEVNULL, check=True)  # into the page cache
    names = names or ("md5", "sha1", "sha256", "sha512")
    return Run([sys.executable, __file__, ",".join(names), *files]).cpu


def compute(names, files):
    """The work of `digests`, in a process of its own."""
    buffer = bytearray(256 * 1024)
    view = memoryview(buffer)
    for file in files:
        hashes = [hashlib.new(name) for name in names]
        with open(file, "rb", buffering=0) as stream:
            while count := stream.readinto(buffer):
                for each in hashes:
                    each.update(view[:count])


def main(bench, doc, parts, **folders):
    """Runs the parts of a benchmark that are asked for; `folders` are options with their defaults."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=doc, formatter_class=raw)
    parser.add_argument("--migas", default=RELEASE / "migas", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="fewer turns, the quick tools only")
    parser.add_argument("--only", choices=parts)
    for name, default in folders.items():
        parser.add_argument("--" + name.replace("_", "-"), default=default, type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="migas-bench-", dir=os.environ.get("TMPDIR")) as work:
        run = bench(arguments, pathlib.Path(work))
        for part in parts:
            if arguments.only in (None, part):
                getattr(run, part)()
        run.exit()


if __name__ == "__main__":
    compute(sys.argv[1].split(","), sys.argv[2:])
