"""What the benchmarks share: the CPU and memory of a command, bounds, tables."""

import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
RELEASE = HERE.parent / "target/x86_64-unknown-linux-gnu/release"
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

    def __init__(self):
        self.failed = []

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
