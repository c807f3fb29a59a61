#!/usr/bin/env python3
"""Publishing for yum beside createrepo_c: CPU and memory of the same work on the same files.

    benches/publish_rpm.py [--migas FILE] [--many-rpms FILE] [--count 10000] [--only PART] [--quick]

 cold   every package is read, hashed and indexed, beside the digests of the same bytes: SHA-256 of
        the package and of the payload in it, which its header tells
 add    one package more in a repository of COUNT packages with 40 files each
 same   nothing changed

The bounds of the acceptance are checked and make the exit status 1: adding one package costs at most
a tenth of `createrepo_c --update`; a cold build of large packages at most 1.3 times the digests;
memory with COUNT packages at most 16 MiB above that with a tenth of them; no change writes nothing.
createrepo_c makes what we make: no databases.
"""

import shutil
import statistics

import publish
from measure import RELEASE, TWICE, Run, digests, has, main, table

CREATEREPO = ["createrepo_c", "--quiet", "--no-database"]
# Large enough that reading them is nearly all of the work.
LARGE_PACKAGES, LARGE_BYTES = 40, 8 << 20


class Bench(publish.Bench):
    def many(self, folder, count, first=0):
        Run([self.a.many_rpms, folder, count, first])

    def cold(self):
        """Large packages: a build against the digests of the same bytes."""
        folder, out = self.work / "large", self.work / "cold"
        Run([self.a.many_rpms, folder, LARGE_PACKAGES, 0, LARGE_BYTES])
        files = sorted(folder.glob("*.rpm"))
        size = sum(file.stat().st_size for file in files)
        best = lambda run: statistics.median(run() for _ in range(1 if self.a.quick else 3))
        bare = best(lambda: digests(files, *TWICE))

        def build():
            shutil.rmtree(out, ignore_errors=True)
            (self.work / "cold.migas-state").unlink(missing_ok=True)
            return self.migas(folder, out).cpu

        migas = best(build)
        rows = [("digests only (OpenSSL)", bare), ("migas repo build", migas)]
        if has("createrepo_c"):
            (self.work / "c").mkdir()
            rows.append(("createrepo_c", Run([*CREATEREPO, "-o", self.work / "c", folder]).cpu))
        table(f"cold: {len(files)} packages, {size / 1e6:.0f} MB", rows, "migas repo build")
        self.at_most("cold build / digests", migas / bare, 1.3)

    def add(self):
        count, folder, out = self.a.count, self.work / "many", self.work / "repo"
        self.many(folder, count)
        create = [*CREATEREPO, "-o", self.work / "createrepo"]
        is_there = has("createrepo_c")
        (self.work / "createrepo").mkdir()
        rows = [("migas repo build", (first := self.migas(folder, out)).cpu)]
        if is_there:
            rows.append(("createrepo_c", (cold := Run([*create, folder])).cpu))
        table(f"cold: {count} small packages", rows, "migas repo build")

        runs, updates = [], []
        for turn in range(2 if self.a.quick else 6):
            self.many(folder, 1, count + turn)
            runs.append(self.migas(folder, out))
            if is_there:
                updates.append(Run([*create, "--update", folder]).cpu)
        migas = statistics.median(run.cpu for run in runs)
        rows = [("migas repo build", migas)]
        if is_there:
            update = statistics.median(updates)
            rows += [("createrepo_c --update", update), ("createrepo_c", cold.cpu)]
        table(f"add: one package more in {count}", rows, "migas repo build")
        if is_there:
            self.at_most("add / createrepo_c --update", migas / update, 0.1)

        before = self.listing(out)
        rows = [("migas repo build", self.migas(folder, out).cpu)]
        if is_there:
            rows.append(("createrepo_c --update", Run([*create, "--update", folder]).cpu))
        table("same: nothing changed", rows, "migas repo build")
        self.at_most("files written without a change", len(before ^ self.listing(out)), 0)
        self.memory(first, runs)


if __name__ == "__main__":
    main(Bench, __doc__, ["cold", "add"], many_rpms=RELEASE / "examples/many_rpms")
