#!/usr/bin/env python3
"""Every list at size: pages and API with 10,000 computers and 1,000,000 rows of history.

    benches/lists.py [--migas FILE] [--computers 10000] [--changes 10] [--deployments 500]
                     [--site DIR] [--json FILE]

`migas emulate` fills the site: each computer registers, and upgrades packages as often as `--changes`
says, ten lines of history each time; each time it reports a fault and an error, too. The release is
that of benches/release.py. With `--site` the site is kept, and used again by the next run. Then every list is asked for over HTTP on loopback, one request after the
other, each three times, and the slowest of the middle ones counts:

 first     as the menu, or a script, opens it
 deep      the last page that 60 times `next` leads to
 filtered  with each filter the page or the API has, and values that find much, little and nothing
 sorted    by each column that sorts

The lists of the API are those of its OpenAPI document, the pages those of testdata/permissions.txt,
their filters and columns what stands on the page. A list over 200 ms makes the exit status 1.
"""

import argparse
import html.parser
import json
import pathlib
import re
import sqlite3
import statistics
import subprocess
import tempfile
import time
import urllib.parse

from measure import HERE, RELEASE, Bounds
from release import seed
from server import PROJECT, Site, small_deb

DOCUMENT = json.loads((HERE.parent / "assets/api/openapi.json").read_text())
BOUND = 200
HOPS = 60
PACKAGES = 500
FIRST = "2020-01-01"
# Values of the parameters of the API: much, little, nothing. By type where a name has two.
VALUES = {
    "search": ["e", "emulated-0999", "no such text"],
    "category": ["games", 1], "level": ["A"], "formula": [2, 8],
    "actor": ["admin", "nobody"], "object_kind": ["deployment", "computer"], "object_id": [1],
    "platform": [1], "project": [PROJECT, 1], "machine": ["V"], "without_software": [True, False],
    "stale_days": [1], "never_synchronised": [True, False], "product": ["Emulated", "nothing"],
    "attribute": [1, 900], "tag": [1, 900], "user": [1, 50],
    "sort": ["name", "-name", "-sync_end_date", "project", "-status"],
    "at": ["2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z"],
    "enabled": [True, False], "source": ["I", "E"], "schedule": [1], "timeline": ["active"],
    "regenerating": [True], "checked": [True, False], "computer": [1, 9_000],
    "from": [FIRST, "2030-01-01"], "to": [FIRST, "2030-01-01"], "definition": [1, 3],
    "assignment": ["to-check-for-me", "assigned-to-others"], "ok": [True, False], "store": ["s"], "domain": ["BENCH"],
    "orphan": [True, False], "unregistered": [True], "package": ["package-0001", "package-0001-1.1-1", "no-such"],
}
STATUS = {"/computers": ["intended", "available"], "/status-logs": ["intended", "available"]}
# What a path is about.
COMPUTER = "5000"
NO_PAGES = re.compile(r"/(assets|first-login|login)\b|/icon$|/new$|/upload$|/password$|/delete$|/move$|/cache$")


class Page(html.parser.HTMLParser):
    """What can be asked of a page: its next page, its filters, its sorted forms."""

    def __init__(self, text):
        super().__init__()
        self.next, self.sorts, self.filters, self.select, self.form = None, [], {}, None, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        one = dict(attributes)
        if tag == "form":
            self.form = "filters" in (one.get("class") or "")
        if tag == "a" and one.get("rel") == "next":
            self.next = one["href"]
        if tag == "a" and "sort=" in one.get("href", "") and one["href"] not in self.sorts:
            self.sorts.append(one["href"])
        if tag == "select" and self.form:
            self.select = self.filters.setdefault(one["name"], [])
        if tag == "option" and self.select is not None and one.get("value"):
            self.select.append(one["value"])
        if tag == "input" and self.form and one.get("type") != "hidden":
            dates = one.get("type") == "date"
            self.filters[one["name"]] = [FIRST, "2030-01-01"] if dates else VALUES["search"] + ["package-0001"]

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        if tag == "form":
            self.form = False


class Lists:
    """Asks and remembers how long it took."""

    def __init__(self, site):
        self.site, self.connection, self.cookie, self.took = site, site.connect(), None, {}

    def sign_in(self):
        body = urllib.parse.urlencode({"username": "admin", "password": self.site.password})
        self.connection.request("POST", "/login", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = self.connection.getresponse()
        answer.read()
        assert answer.status == 303, answer.status
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]

    def ask(self, url):
        """The text of an answer; None if there is nothing of that kind."""
        api = url.startswith("/api/")
        header = {"Authorization": f"Bearer {self.site.token}"} if api else {"Cookie": self.cookie}
        self.connection.request("GET", url, headers=header)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise SystemExit(f"{url}: {answer.status} {text[:500]}")
        return text

    def time(self, kind, url):
        """Asks three times; the answer."""
        text, times = self.ask(url), []
        if text is None:
            return None
        for _ in range(3):
            began = time.perf_counter()
            self.ask(url)
            times.append((time.perf_counter() - began) * 1000)
        self.took[url] = (kind, statistics.median(times))
        return text

    def deep(self, first, following):
        """Goes on to the next page, and times the last one reached."""
        at = None
        for _ in range(HOPS):
            url = following(first)
            if url is None:
                break
            at, first = url, self.ask(url)
        if at is not None:
            self.time("deep", at)

    def of_api(self):
        for path, ways in DOCUMENT["paths"].items():
            if "get" not in ways or path.endswith("/icon"):
                continue
            url = "/api/v1" + path.replace("{cid}", COMPUTER).replace("{id}", "1")
            url = url.replace("{name}", "ORGANIZATION")
            known = [one for one in ways["get"].get("parameters", []) if one["in"] == "query"]
            needed = {one["name"]: self.values(path, one)[0] for one in known if one.get("required")}
            base = f"{url}?{urllib.parse.urlencode(needed)}"
            text = self.time("first", base)
            if text is None:
                continue
            self.deep(json.loads(text), lambda page: self.following(base, page))
            for one in known:
                for value in self.values(path, one) if one["name"] not in ("limit", "cursor") else []:
                    asked = urllib.parse.urlencode({**needed, one["name"]: value})
                    self.time("filtered", f"{url}?{asked}")

    @staticmethod
    def following(base, page):
        """The address of the page after one; `ask` gives text, the first is read already."""
        page = json.loads(page) if isinstance(page, str) else page
        following = page.get("next") if isinstance(page, dict) else None
        return following and f"{base}&{urllib.parse.urlencode({'cursor': following})}"

    @staticmethod
    def values(path, parameter):
        name, kinds = parameter["name"], parameter["schema"].get("type", "string")
        if name == "status":
            return STATUS.get(path, [])
        values = [value for value in VALUES[name]
                  if isinstance(value, bool) == ("boolean" in kinds)
                  and (isinstance(value, int) and not isinstance(value, bool)) == ("integer" in kinds)]
        texts = {True: "true", False: "false"}
        return [texts[value] if isinstance(value, bool) else value for value in values]

    def of_pages(self):
        self.sign_in()
        ways = (HERE.parent / "testdata/permissions.txt").read_text().splitlines()
        for line in ways:
            if not line.startswith("page | get ") or NO_PAGES.search(line.split(" | ")[1]):
                continue
            url = line.split(" | ")[1].removeprefix("get ")
            about = COMPUTER if url.startswith("/computers/") else "1"
            url = url.replace("{id}", about).replace("{delay}", "0")
            text = self.time("first", url)
            if text is None:
                continue
            page = Page(text)
            self.deep(text, lambda text: Page(text).next)
            for name, values in page.filters.items():
                # All of a few choices, three of many.
                for value in values if len(values) <= 6 else [values[0], values[len(values) // 2], values[-1]]:
                    self.time("filtered", f"{url}?{urllib.parse.urlencode({name: value})}")
            for sorted_url in page.sorts:
                self.time("sorted", sorted_url)


def unknown():
    """Parameters of lists that there are no values for."""
    asked = {one["name"] for ways in DOCUMENT["paths"].values()
             for one in ways.get("get", {}).get("parameters", []) if one["in"] == "query"}
    return asked - {"limit", "cursor", "status", *VALUES}


def fill(site, arguments):
    """Computers with their histories, packages, and the release over them."""
    for name in ("EMULATED-FAULT", "EMULATED-ERROR"):
        site.call("POST", "/api/v1/fault-definitions", {
            "name": name, "code": "true", "included_attributes": ["ALL SYSTEMS"]})
    began = time.monotonic()
    done = subprocess.run(
        [arguments.migas, "emulate", "--server", site.url(""), "--project", PROJECT, "--computers",
         str(arguments.computers), "--changes", str(arguments.changes), "--syncs", "0", "--json"],
        capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    print(f"filled in {time.monotonic() - began:.0f} s: {figures['first_syncs_per_second']:.0f} new computers "
          f"and {figures['changing_syncs_per_second']:.0f} changing synchronisations a second", flush=True)
    with tempfile.TemporaryDirectory() as work:
        files = [small_deb(pathlib.Path(work), f"bench-{number:04}", "1.0") for number in range(PACKAGES)]
        site.upload(files, at_once=4)
    site.call("POST", "/api/v1/domains", {"name": "BENCH", "included_attributes": ["CID-1"]})
    seed(site, arguments)


def rows(site):
    """Rows of the histories, as the database counts them."""
    counted = {}
    database = sqlite3.connect(f"file:{site.database()}?mode=ro", uri=True)
    for table in ("computer", "software_change", "software_history", "synchronization", "fault", "error",
                  "computer_attribute", "attribute"):
        counted[table] = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return counted


def main():
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--migas", type=pathlib.Path, default=RELEASE / "migas")
    parser.add_argument("--computers", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=10)
    parser.add_argument("--deployments", type=int, default=500)
    parser.add_argument("--site", type=pathlib.Path, help="a directory to keep the site in")
    parser.add_argument("--json", type=pathlib.Path, help="writes all figures to this file")
    arguments = parser.parse_args()
    if unknown():
        raise SystemExit(f"no values for the parameters {', '.join(sorted(unknown()))}")
    bounds = Bounds(arguments, None)
    with tempfile.TemporaryDirectory() as work:
        site = Site(arguments.migas, arguments.site or pathlib.Path(work) / "site")
        if site.is_new:
            fill(site, arguments)
        counted = rows(site)
        print("rows:", ", ".join(f"{table} {count:,}" for table, count in counted.items()), flush=True)
        lists = Lists(site)
        lists.of_api()
        lists.of_pages()
        site.stop()
    slowest = sorted(lists.took.items(), key=lambda item: -item[1][1])
    print(f"\n{len(slowest)} requests; the slowest, and the slowest of each kind:")
    for url, (kind, took) in slowest[:25]:
        print(f"  {took:8.1f} ms  {kind:<9} {url}")
    for kind in ("first", "deep", "filtered", "sorted"):
        for edge, is_api in (("API", True), ("pages", False)):
            some = [took for url, (one, took) in slowest if one == kind and url.startswith("/api/") == is_api]
            bounds.at_most(f"{len(some)} {kind}, {edge}, the slowest, ms", max(some, default=0), BOUND)
    if arguments.json:
        asked = [{"url": url, "kind": kind, "ms": round(took, 2)} for url, (kind, took) in slowest]
        arguments.json.write_text(json.dumps({"rows": counted, "asked": asked}, indent=1))
    bounds.exit()


if __name__ == "__main__":
    main()
