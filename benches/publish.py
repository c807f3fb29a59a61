#!/usr/bin/env python3
"""Publishing beside the tools people use: CPU and memory of the same work on the same files.

    benches/publish.py [--migas FILE] [--many-debs FILE] [--count 10000] [--debs DIR] [--big DIR]
                       [--only PART] [--quick]

Three parts, each printed as a table of CPU seconds (user + system) and of ratios to migas:

 cold   every package is read, hashed and indexed (`--big`: real packages, beside bare digests)
 add    one package more in a repository of COUNT (real stanzas under new names, half `all`)
 same   nothing changed

Bounds are checked and make the exit status 1: a cold build costs at most 1.3 times the digests; memory
with COUNT packages at most 16 MiB above that with a tenth of them; no change writes nothing. What adding
one package costs has its bound where a site does it (`site.py`): a folder must be asked about each of
its files.
Tools that are not installed are named and left out.
"""

import os
import shutil
import statistics

from measure import (CACHE, KEY, RELEASE, Bounds, Run, digests, has, main, make_debs, shell, table)

SAMPLE = 10


class Bench(Bounds):
    # Some tools take long whatever was added; dpkg-scanpackages reads everything again, so its cold
    # figure stands for both.
    TURNS = {"apt-ftparchive": 1, "dpkg-scanpackages": 0, "aptly": 2, "reprepro": 3}

    def migas(self, packages, out):
        return Run([self.a.migas, "repo", "build", "--packages", packages, "--out", out,
                    "--key", str(KEY), "--json"])

    def many(self, folder, count, first=0):
        make_debs(self.a.many_debs, self.a.debs, folder, count, first)

    def cold(self):
        """Real packages of some size: a build against the bare digests of the same bytes."""
        files = sorted(self.a.big.glob("*.deb"))
        if not files:
            print(f"\ncold: {self.a.big} has no packages (see testdata/debs/fetch.sh): left out")
            return
        size = sum(file.stat().st_size for file in files)
        best = lambda run: statistics.median(run() for _ in range(1 if self.a.quick else 3))
        bare = best(lambda: digests(files))

        def build():
            out = self.work / "cold"
            shutil.rmtree(out, ignore_errors=True)
            (self.work / "cold.migas-state").unlink(missing_ok=True)
            return self.migas(self.a.big, out).cpu

        migas = best(build)
        rows = [("digests only (OpenSSL)", bare), ("migas repo build", migas)]
        db = "rm -f ../c.db; apt-ftparchive {} packages . | gzip > /dev/null"
        if has("apt-ftparchive"):
            rows.append(("apt-ftparchive", shell(db.format(""), self.a.big).cpu))
            option = f"--db {self.work}/cold.db"
            rows.append(("apt-ftparchive --db", shell(db.format(option), self.a.big).cpu))
        if has("dpkg-scanpackages"):
            script = "dpkg-scanpackages -m . 2>/dev/null | gzip > /dev/null"
            rows.append(("dpkg-scanpackages", shell(script, self.a.big).cpu))
        table(f"cold: {len(files)} real packages, {size / 1e9:.2f} GB", rows, "migas repo build")
        self.at_most("cold build / digests", migas / bare, 1.3)

    def add(self):
        count, folder = self.a.count, self.work / "many"
        self.many(folder, count)
        tools = {"apt-ftparchive --db": self.ftparchive, "apt-ftparchive": self.ftparchive_plain}
        if not self.a.quick:
            tools |= {"dpkg-scanpackages": self.scanpackages, "reprepro": self.reprepro,
                      "aptly": self.aptly}
        tools = {name: tool for name, tool in tools.items() if has(name.split()[0])}
        out = self.work / "repo"
        cold = [("migas repo build", (first := self.migas(folder, out)).cpu)]
        for name, tool in tools.items():
            cold.append((name, tool(folder, None)))
        table(f"cold: {count} small packages", cold, "migas repo build")

        runs, others = [], {name: [] for name in tools}
        # In turns an `all` package and one of an architecture: they change different indexes.
        for turn in range(2 if self.a.quick else 6):
            self.many(folder, 1, count + turn)
            new = max(folder.glob("*.deb"), key=lambda path: path.stat().st_mtime_ns)
            runs.append(self.migas(folder, out))
            for name, tool in tools.items():
                if len(others[name]) < self.TURNS.get(name, 6):
                    others[name].append(tool(folder, new))
        migas = statistics.median(run.cpu for run in runs)
        rows = [("migas repo build", migas)]
        rows += [(name, statistics.median(cpu or [dict(cold)[name]])) for name, cpu in others.items()]
        table(f"add: one package more in {count}", rows, "migas repo build")
        before = self.listing(out)
        same = [("migas repo build", self.migas(folder, out).cpu)]
        same += [(name, tool(folder, None)) for name, tool in tools.items()
                 if name == "apt-ftparchive --db"]
        table("same: nothing changed", same, "migas repo build")
        self.at_most("files written without a change", len(before ^ self.listing(out)), 0)
        self.memory(first, runs)

    def memory(self, cold, runs):
        folder, out = self.work / "few", self.work / "few-repo"
        self.many(folder, self.a.count // 10)
        few_cold = self.migas(folder, out)
        self.many(folder, 1, self.a.count + 1)
        few = self.migas(folder, out)
        many = max(run.rss_mib for run in runs)
        print(f"\nmemory: {few.rss_mib:.1f} MiB with {self.a.count // 10}, {many:.1f} MiB with "
              f"{self.a.count}; cold {few_cold.rss_mib:.1f} and {cold.rss_mib:.1f} MiB")
        self.at_most("MiB more when one is added", many - few.rss_mib, 16)
        self.at_most("MiB more when cold", cold.rss_mib - few_cold.rss_mib, 16)

    @staticmethod
    def listing(out):
        return {(path, path.stat().st_mtime_ns, path.stat().st_size)
                for path in out.rglob("*") if path.is_file()}

    def ftparchive(self, folder, _new):
        script = f"apt-ftparchive --db {self.work}/many.db packages . | gzip > {self.work}/P.gz"
        return shell(script, folder).cpu

    def ftparchive_plain(self, folder, _new):
        return shell(f"apt-ftparchive packages . | gzip > {self.work}/P.gz", folder).cpu

    def scanpackages(self, folder, _new):
        """It starts a program for each package: of a tenth of them, times ten."""
        sample = self.work / "sample"
        sample.mkdir()
        for path in sorted(folder.glob("*.deb"))[::SAMPLE]:
            os.link(path, sample / path.name)
        script = f"dpkg-scanpackages -m . 2>/dev/null | gzip > {self.work}/P.gz"
        return shell(script, sample).cpu * SAMPLE

    def reprepro(self, folder, new):
        base = self.work / "reprepro"
        (base / "conf").mkdir(parents=True, exist_ok=True)
        (base / "conf/distributions").write_text(
            "Codename: files\nArchitectures: i386 amd64\nComponents: PKGS\n")
        what = [str(new)] if new else [str(path) for path in sorted(folder.glob("*.deb"))]
        command = ["reprepro", "--silent", "--ignore=extension", "-b", str(base), "-C", "PKGS", "-S", "misc", "-P",
                   "optional", "includedeb", "files", *what]
        return Run(command).cpu

    def aptly(self, folder, new):
        config = self.work / "aptly.conf"
        config.write_text('{"rootDir": "%s", "architectures": ["i386", "amd64"]}' % (self.work / "aptly"))
        call = f"aptly -config={config}"
        if not new:
            script = (f"{call} repo create -distribution=files -component=PKGS r; {call} repo add r {folder}; "
                      f"{call} publish repo -skip-signing r")
        else:
            script = f"{call} repo add r {new}; {call} publish update -skip-signing files"
        return shell(script, self.work).cpu


if __name__ == "__main__":
    main(Bench, __doc__, ["cold", "add"], many_debs=RELEASE / "examples/many_debs",
         debs=CACHE / "debs", big=CACHE / "debs-big")
