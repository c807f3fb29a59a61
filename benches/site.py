#!/usr/bin/env python3
"""A running site: what uploads, publishing and downloads cost its server.

    benches/site.py [--migas FILE] [--many-debs FILE] [--many-rpms FILE] [--count 10000] [--debs DIR]
                    [--big DIR] [--only PART] [--quick]

 upload    real packages over HTTP into an empty site, beside the bare digests of the same bytes
 rpms      the same of RPM packages of some size; SHA-256 of the package and of the payload in it,
           which is all that is computed of them, stands beside the digests and has a bound of its own
 publish   one package more in a deployment of COUNT, from the request to the new InRelease, beside
           `apt-ftparchive --db` on the same files
 download  a package of 100 MB, beside nginx on the same machine; then 50 downloads at once

The CPU of the server is that of its process. Bounds of the acceptance that are missed make the
exit status 1.
"""

import shutil
import statistics
import subprocess
import sys
import time

from measure import (CACHE, RELEASE, TWICE, Bounds, Run, digests, has, main, make_debs, shell, table)
from server import PROJECT, Process, Site, free_port, small_deb

# Of `rpms`: large enough that their bytes are nearly all of the work.
LARGE_PACKAGES, LARGE_BYTES = 40, 8 << 20
BIG = 100_000_000


class Bench(Bounds):
    def site(self, name, pms="apt"):
        return Site(self.a.migas, self.work / name, pms)

    def upload(self):
        files = sorted(self.a.big.glob("*.deb"))
        if not files:
            print(f"\nupload: {self.a.big} has no packages (see testdata/debs/fetch.sh): left out")
            return
        self.uploads("real packages", "apt", files)

    def rpms(self):
        folder = self.work / "rpms"
        Run([self.a.many_rpms, folder, LARGE_PACKAGES, 0, LARGE_BYTES])
        files = sorted(folder.glob("*.rpm"))
        computed = digests(files, *TWICE)
        cost = self.uploads("rpms", "yum", files, [("SHA-256 of package and payload", computed)])
        # Ours, since the other could not fail: what chunk rows and HTTP may cost beside it.
        self.at_most("upload of rpms / SHA-256 of package and payload", cost / computed, 3.0)

    def uploads(self, what, pms, files, others=()):
        size = sum(file.stat().st_size for file in files)
        costs, bares, peaks = [], [], []
        for turn in range(1 if self.a.quick else 3):
            bares.append(digests(files))
            site = self.site(f"upload-{turn}", pms)
            before = site.cpu()
            began = time.monotonic()
            site.upload(files)
            wall = time.monotonic() - began
            costs.append(site.cpu() - before)
            peaks.append(site.status("VmHWM"))
            site.stop()
            shutil.rmtree(self.work / f"upload-{turn}")
        cost, bare = statistics.median(costs), statistics.median(bares)
        table(f"upload: {len(files)} {what}, {size / 1e9:.2f} GB over HTTP, CPU of the server",
              [("the four digests (OpenSSL)", bare), *others, ("migas serve", cost)],
              "the four digests (OpenSSL)")
        print(f"  {size / 1e6 / wall:.0f} MB/s; peak memory of the server {max(peaks):.0f} MiB")
        self.at_most(f"upload of {what} / digests", cost / bare, 2.0)
        return cost

    def publish(self):
        folder, count, turns = self.work / "many", self.a.count, 10
        make_debs(self.a.many_debs, self.a.debs, folder, count)
        first = sorted(folder.glob("*.deb"))
        make_debs(self.a.many_debs, self.a.debs, folder, turns, count)
        more = sorted(set(folder.glob("*.deb")) - set(first))
        site = self.site("publish")
        site.upload([*first, *more], at_once=4)
        names = [file.name for file in first]
        began, before = time.monotonic(), site.cpu()
        made = site.call("POST", "/api/v1/deployments", {
            "project": PROJECT, "name": "many", "available_packages": names})
        print(f"\npublish: {count} packages into a new deployment: CPU {site.cpu() - before:.2f} s, "
              f"{time.monotonic() - began:.2f} s")
        in_release = f"/public/{PROJECT}/REPOSITORIES/dists/many/InRelease"
        other = has("apt-ftparchive")
        script = f"apt-ftparchive --db {self.work}/many.db packages . | gzip > {self.work}/P.gz"
        for file in more:
            file.rename(self.work / file.name)
        if other:
            shell(script, folder)
        walls, cpus, others, connection = [], [], [], site.connect()
        for turn, file in enumerate(more):
            began, before = time.monotonic(), site.cpu_of_threads()
            site.call("PATCH", f"/api/v1/deployments/{made['id']}", {"add_packages": [file.name]},
                      connection)
            connection.request("GET", in_release)
            release = connection.getresponse().read()
            walls.append(time.monotonic() - began)
            cpus.append(site.cpu_of_threads() - before)
            assert b"-----BEGIN PGP SIGNED MESSAGE-----" in release
            # In between, so that both meet the same neighbours on the machine.
            if other and turn % 2 == 0:
                (self.work / file.name).rename(folder / file.name)
                others.append(shell(script, folder).cpu)
        cpu = statistics.median(cpus)
        before = site.cpu()
        for _ in range(turns):
            site.call("POST", f"/api/v1/deployments/{made['id']}/publish", None, connection)
        again = (site.cpu() - before) / turns
        site.stop()
        rows = [("migas, request to new InRelease", cpu), ("migas, nothing changed", again)]
        if other:
            rows.append(("apt-ftparchive --db, gzip only", statistics.median(others)))
        table(f"publish: one package more in a deployment of {count}", rows, rows[0][0])
        print(f"  request to new InRelease: {statistics.median(walls) * 1e3:.0f} ms "
              f"(median of {turns}, slowest {max(walls) * 1e3:.0f})")
        if len(rows) == 3:
            self.at_most("publish / apt-ftparchive --db", cpu / rows[2][1], 0.1)

    def download(self):
        folder = self.work / "files"
        folder.mkdir()
        # Bytes that do not compress; the control fields do not matter here.
        package = small_deb(folder, "big", "1.0", BIG)
        size = package.stat().st_size
        site = self.site("download")
        site.upload([package])
        ours = site.url(f"/public/{PROJECT}/STORES/s/{package.name}")
        servers = [("migas", site, ours)]
        if has("nginx"):
            port = free_port()
            (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
            child = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-p", folder])
            time.sleep(1)
            servers.append(("nginx", Process(child), f"http://127.0.0.1:{port}/{package.name}"))
        rates, costs = {}, {}
        for _ in range(5):
            for name, process, url in servers:
                times, before, began = 8, process.cpu(), time.monotonic()
                subprocess.run(["curl", "-sSf", *["-o", "/dev/null", url] * times], check=True)
                rates.setdefault(name, []).append(size * times / (time.monotonic() - began) / 1e6)
                costs.setdefault(name, []).append((process.cpu() - before) / times)
        print(f"\ndownload: {size / 1e6:.0f} MB on the loopback, one client")
        for name, rate in rates.items():
            print(f"  {name:<34} {statistics.median(rate):9.0f} MB/s   CPU "
                  f"{statistics.median(costs[name]) * 1e3:.0f} ms each")
        if len(servers) == 2:
            pairs = [ours / other for ours, other in zip(rates["migas"], rates["nginx"])]
            self.at_least("throughput / nginx", statistics.median(pairs), 0.8)
            servers[1][1].stop()
        time.sleep(2)
        idle = site.status("VmRSS")
        clients = [subprocess.Popen(["curl", "-sSf", "-o", "/dev/null", "--limit-rate", "8M", ours])
                   for _ in range(50)]
        peak = idle
        while any(client.poll() is None for client in clients):
            peak = max(peak, site.status("VmRSS"))
            time.sleep(0.05)
        if any(client.returncode for client in clients):
            sys.exit("a download failed")
        print(f"\n50 downloads at once: {idle:.1f} MiB before, {peak:.1f} MiB at most")
        self.at_most("MiB more with 50 downloads", peak - idle, 64)
        site.stop()


NGINX = """
user root; daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off; sendfile on; tcp_nopush on; types {{ }}
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


if __name__ == "__main__":
    main(Bench, __doc__, ["upload", "rpms", "publish", "download"], many_debs=RELEASE / "examples/many_debs",
         many_rpms=RELEASE / "examples/many_rpms", debs=CACHE / "debs", big=CACHE / "debs-big")
