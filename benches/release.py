#!/usr/bin/env python3
"""Release control at size: what deciding, previewing and listing costs a server.

    benches/release.py [--migas FILE] [--evaluate FILE] [--computers 10000] [--deployments 500]

A site with 10,000 computers (`migas emulate`), 500 deployments, 100 sets and 50 policies over 300
attributes. The evaluator alone (`cargo build --release --example evaluate`): the plan of every
computer, and the release read anew. Then over HTTP on loopback, one request after the other:

 decide    `simulation` of a computer: all that the evaluator decides, and the names around it
 snapshot  a change, its answer and a simulation: the release is read anew within it
 preview   a deployment switched off, with `?preview=true`: every computer is asked about twice
 lists     the first page of each list of the API

Bounds of the acceptance that are missed make the exit status 1.
"""

import argparse
import json
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

from measure import RELEASE, Bounds
from server import PROJECT, Site

LISTS = ["computers", "attributes", "deployments", "packages", "errors", "faults", "notifications",
         "applications", "policies", "audit"]


def timed(call, turns):
    """Median and largest wall time of some calls, in milliseconds."""
    times = []
    for _ in range(turns):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), max(times)


def seed(site, arguments):
    """Attributes, sets, policies and deployments over the emulated computers."""
    choose = random.Random(7)
    formula = site.call("POST", "/api/v1/formulas", {
        "prefix": "LAB", "name": "lab", "language": "bash", "code": "echo"})["id"]
    names = []
    for number in range(300):
        site.call("POST", "/api/v1/attributes", {"formula": formula, "value": f"v{number}"})
        names.append(f"LAB-v{number}")
    own = [f"CID-{choose.randint(1, arguments.computers)}" for _ in range(200)]

    def some(count):
        return choose.sample(names, count) + choose.sample(own, 2)

    for number in range(100):
        site.call("POST", "/api/v1/attribute-sets", {
            "name": f"set {number:03}", "included_attributes": ["ALL SYSTEMS"] if number % 3 else some(5),
            "excluded_attributes": some(2)})
    for number in range(50):
        site.call("POST", "/api/v1/applications", {
            "name": f"app {number}", "available_for_attributes": ["ALL SYSTEMS"],
            "packages": {PROJECT: f"app-{number}"}})
    for number in range(50):
        site.call("POST", "/api/v1/policies", {
            "name": f"policy {number}", "included_attributes": ["ALL SYSTEMS"], "groups": [
                {"priority": 1, "included_attributes": some(4), "applications": [f"app {number}"]},
                {"priority": 2, "included_attributes": ["ALL SYSTEMS"], "applications": []}]})
    for number in range(arguments.deployments):
        included = ["ALL SYSTEMS"] if number % 5 == 0 else [f"SET-set {number % 100:03}", *some(3)]
        site.call("POST", "/api/v1/deployments", {
            "project": PROJECT, "name": f"deployment {number:03}", "included_attributes": included,
            "excluded_attributes": some(1), "packages_to_install": [f"p{number}"],
            "start_date": "2026-01-01"})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--migas", type=pathlib.Path, default=RELEASE / "migas")
    parser.add_argument("--evaluate", type=pathlib.Path, default=RELEASE / "examples/evaluate")
    parser.add_argument("--computers", type=int, default=10_000)
    parser.add_argument("--deployments", type=int, default=500)
    arguments = parser.parse_args()
    bounds = Bounds(arguments, None)
    with tempfile.TemporaryDirectory() as work:
        site = Site(arguments.migas, pathlib.Path(work) / "site")
        subprocess.run([arguments.migas, "emulate", "--server", site.url(""), "--project", PROJECT,
                        "--computers", str(arguments.computers), "--syncs", "1", "--json"],
                       check=True, stdout=subprocess.DEVNULL)
        seed(site, arguments)
        alone = subprocess.run([arguments.evaluate, site.database().parent], capture_output=True,
                               text=True, check=True)
        alone = json.loads(alone.stdout)
        print(f"evaluator alone: {alone['computers']} computers, {alone['deployments']} deployments, "
              f"{alone['policies']} policies; 99 of 100 plans within {alone['decide_p99_ms']:.3f} ms")
        bounds.at_most("plan of a computer, ms", alone["decide_ms"], 0.15)
        bounds.at_most("snapshot read anew, ms", alone["snapshot_ms"], 100)
        connection = site.connect()

        def ask(path, method="GET", value=None):
            return site.call(method, f"/api/v1/{path}", value, connection)

        choose = random.Random(11)
        ask("computers/CID-1/simulation")
        before, turns = site.cpu_of_threads(), 200
        wall, _ = timed(
            lambda: ask(f"computers/CID-{choose.randint(1, arguments.computers)}/simulation"), turns)
        cost = (site.cpu_of_threads() - before) / turns * 1000
        print(f"\ndecide: {wall:.2f} ms a simulation over HTTP, {cost:.2f} ms of processor")

        target = ask("deployments?limit=1")["items"][0]["id"]
        fresh = []
        for turn in range(5):
            began = time.perf_counter()
            ask(f"deployments/{target}", "PATCH", {"comment": f"turn {turn}"})
            ask("computers/CID-1/simulation")
            fresh.append((time.perf_counter() - began) * 1000)
        bounds.at_most("a change, its answer and a snapshot read anew, ms", statistics.median(fresh), 100)

        off = {"enabled": False}
        wall, worst = timed(
            lambda: ask(f"deployments/{target}?preview=true", "PATCH", off), 5)
        preview = ask(f"deployments/{target}?preview=true", "PATCH", off)
        print(f"preview: {preview['changed']} of {arguments.computers} computers change")
        bounds.at_most("preview over all computers, ms", wall, 1000)
        set_id = ask("attribute-sets?limit=1")["items"][0]["id"]
        wall, worst = timed(lambda: ask(f"attribute-sets/{set_id}?preview=true", "PATCH",
                                        {"included_attributes": ["CID-1"]}), 5)
        bounds.at_most("preview of a set, ms", wall, 1000)
        for name in LISTS:
            wall, worst = timed(lambda name=name: ask(f"{name}?limit=100"), 5)
            bounds.at_most(f"list {name}, ms", wall, 200)
        site.stop()
    bounds.exit()


if __name__ == "__main__":
    main()
