"""A server of a benchmark: started on a new directory, called over its API, measured by its process."""

import atexit
import concurrent.futures
import http.client
import io
import json
import os
import pathlib
import socket
import subprocess
import sys
import tarfile
import threading
import time
import urllib.parse

PROJECT = "bench"
TICKS = os.sysconf("SC_CLK_TCK")
UPLOAD_BYTES = 256 * 1024


class Process:
    """CPU seconds and memory of a process and of those it started before."""

    def __init__(self, child):
        self.child = child
        atexit.register(self.stop)

    def pids(self):
        own = self.child.pid
        below = pathlib.Path(f"/proc/{own}/task/{own}/children").read_text().split()
        return [own, *map(int, below)]

    def cpu(self):
        total = 0
        for pid in self.pids():
            words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(words[11]) + int(words[12])
        return total / TICKS

    def cpu_of_threads(self):
        """Finer than `cpu`, for a moment in which no thread ends."""
        tasks = pathlib.Path(f"/proc/{self.child.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9

    def status(self, field):
        text = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        return int(text.split(field + ":")[1].split()[0]) / 1024

    def stop(self):
        if self.child.poll() is None:
            self.child.terminate()
            self.child.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Site(Process):
    """A server on a data directory, mostly a new one, and a caller of its API."""

    def __init__(self, migas, folder, pms="apt"):
        folder.mkdir(parents=True, exist_ok=True)
        self.is_new = not (folder / "data").exists()
        self.port = free_port()
        self.folder, self.password = folder, "a password for benchmarks"
        (folder / "password").write_text(self.password + "\n")
        self.log = open(folder / "log", "wb")
        super().__init__(subprocess.Popen(
            [migas, "serve", "--data", folder / "data", "--listen", f"127.0.0.1:{self.port}",
             "--admin-password-file", folder / "password"], stdout=self.log, stderr=self.log))
        while not self.answers("/healthz") or not self.answers("/get_key_repositories"):
            if self.child.poll() is not None:
                sys.exit((folder / "log").read_text())
            time.sleep(0.1)
        token = subprocess.run([migas, "token", "create", "--data", folder / "data", "--user",
                                "admin"], capture_output=True, text=True, check=True)
        self.token = token.stdout.strip()
        if self.is_new:
            self.call("POST", "/api/v1/projects", {"name": PROJECT, "platform": "Linux", "pms": pms})

    def connect(self):
        # As much at once as `migas upload` sends, instead of 8 KiB.
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=600, blocksize=UPLOAD_BYTES)

    def answers(self, path):
        try:
            connection = self.connect()
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except OSError:
            return False

    def call(self, method, path, value=None, connection=None):
        connection = connection or self.connect()
        body = None if value is None else json.dumps(value)
        connection.request(method, path, body, {"Authorization": f"Bearer {self.token}",
                                                "Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            sys.exit(f"{method} {path}: {answer.status} {text[:500]!r}")
        return json.loads(text)

    def upload(self, files, at_once=1):
        """Uploads files over `at_once` connections."""
        local = threading.local()

        def one(file):
            if not hasattr(local, "connection"):
                local.connection = self.connect()
            query = urllib.parse.urlencode({"project": PROJECT, "store": "s", "name": file.name})
            with open(file, "rb") as body:
                local.connection.request("POST", f"/api/v1/upload?{query}", body, {
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "application/octet-stream",
                    "Content-Length": str(file.stat().st_size)})
                answer = local.connection.getresponse()
            text = answer.read()
            if answer.status not in (200, 201):
                sys.exit(f"{file.name}: {answer.status} {text[:500]!r}")

        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            list(pool.map(one, files))

    def database(self):
        """The file of the site, to be read only."""
        return self.folder / "data" / "migas.db"

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"


def write_deb(path, control, files):
    """A package written by hand: an `ar` of three members, nothing compressed."""
    def tar(files):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for name, data in files:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return buffer.getvalue()

    members = [("debian-binary", b"2.0\n"), ("control.tar", tar([("./control", control)])),
               ("data.tar", tar(files))]
    with open(path, "wb") as deb:
        deb.write(b"!<arch>\n")
        for name, data in members:
            deb.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode())
            deb.write(data + b"\n" * (len(data) % 2))


def small_deb(folder, name, version, size=100):
    """A package for all architectures with one file of so many random bytes."""
    path = folder / f"{name}_{version}_all.deb"
    control = (f"Package: {name}\nVersion: {version}\nArchitecture: all\n"
               f"Maintainer: x <x@example.org>\nDescription: {name}\n").encode()
    write_deb(path, control, [(f"./{name}", os.urandom(size))])
    return path
