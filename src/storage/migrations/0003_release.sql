-- Packages and deployments.

-- Package bytes, content-addressed. Rows with complete = 0 are uploads in course; what a crash
-- leaves of them is dropped at start.
CREATE TABLE payload (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    complete   INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
    size       INTEGER NOT NULL DEFAULT 0,
    md5        BLOB,
    sha1       BLOB,
    sha256     BLOB UNIQUE,
    sha512     BLOB,
    created_at INTEGER NOT NULL,
    dropped_at INTEGER                      -- no longer referenced since; collected later
) STRICT;

-- 256 KiB a row, so that one read of a download is one row.
CREATE TABLE payload_chunk (
    payload_id INTEGER NOT NULL REFERENCES payload (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (payload_id, seq)
) STRICT;

-- What a payload says it is; slim, because publishing reads a row for each package.
CREATE TABLE payload_package (
    payload_id   INTEGER PRIMARY KEY REFERENCES payload (id) ON DELETE CASCADE,
    format       TEXT NOT NULL CHECK (format IN ('deb', 'rpm')),
    name         TEXT NOT NULL,
    version      TEXT NOT NULL,
    architecture TEXT NOT NULL
) STRICT;
CREATE INDEX payload_package_name ON payload_package (name);

-- All a payload says about itself, read once at upload.
CREATE TABLE payload_header (
    payload_id INTEGER PRIMARY KEY REFERENCES payload (id) ON DELETE CASCADE,
    fragment   TEXT NOT NULL,               -- ready-made index entry without its file name
    control    TEXT NOT NULL,               -- [[field, value]…] in the package's order, JSON;
                                            -- dependencies of an rpm stand a line each
    scripts    TEXT NOT NULL,               -- [[name, text]…], JSON
    conffiles  TEXT NOT NULL                -- JSON array
) STRICT;

-- Read from the payload when the information page first asks, and kept (D-PMS-03).
CREATE TABLE payload_contents (
    payload_id INTEGER PRIMARY KEY REFERENCES payload (id) ON DELETE CASCADE,
    files      TEXT NOT NULL,
    changelog  TEXT NOT NULL
) STRICT;

CREATE TABLE store (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    UNIQUE (project_id, name)
) STRICT;

-- A file under STORES. A package record is a row here with registered = 1: deleting the record
-- never deletes the file (D-PKG-06); regular files are never registered (D-PKG-03).
CREATE TABLE package (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    store_id    INTEGER NOT NULL REFERENCES store (id) ON DELETE CASCADE,
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    payload_id  INTEGER NOT NULL REFERENCES payload (id),
    registered  INTEGER NOT NULL CHECK (registered IN (0, 1)),
    created_at  INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL,
    UNIQUE (project_id, name)
) STRICT;
CREATE INDEX package_store ON package (store_id, name);
CREATE INDEX package_payload ON package (payload_id);

CREATE TABLE deployment (
    id                           INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id                   INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    name                         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    slug                         TEXT NOT NULL CHECK (slug <> ''),
    enabled                      INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    source                       TEXT NOT NULL DEFAULT 'I' CHECK (source IN ('I', 'E')),
    comment                      TEXT,
    start_date                   TEXT NOT NULL,
    packages_to_install          TEXT NOT NULL DEFAULT '',
    packages_to_remove           TEXT NOT NULL DEFAULT '',
    default_preincluded_packages TEXT NOT NULL DEFAULT '',
    default_included_packages    TEXT NOT NULL DEFAULT '',
    default_excluded_packages    TEXT NOT NULL DEFAULT '',
    UNIQUE (project_id, slug)
) STRICT;
CREATE TABLE deployment_attribute (
    deployment_id INTEGER NOT NULL REFERENCES deployment (id) ON DELETE CASCADE,
    attribute_id  INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    excluded      INTEGER NOT NULL CHECK (excluded IN (0, 1)),
    PRIMARY KEY (deployment_id, excluded, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deployment_attribute_by ON deployment_attribute (attribute_id);
CREATE TABLE deployment_package (
    deployment_id INTEGER NOT NULL REFERENCES deployment (id) ON DELETE CASCADE,
    package_id    INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    PRIMARY KEY (deployment_id, package_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deployment_package_by ON deployment_package (package_id);

-- Published generations of a deployment's repository. The last two, and any replaced less than
-- a day ago, stay reachable, payloads included.
CREATE TABLE generation (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id    INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    deployment_id INTEGER REFERENCES deployment (id) ON DELETE SET NULL,
    slug          TEXT NOT NULL,
    published_at  INTEGER NOT NULL,         -- a second or more after the one before
    replaced_at   INTEGER,                  -- NULL: the one being served
    digest        TEXT NOT NULL,            -- SHA-256 in hex of InRelease or repomd.xml
    signed_by     TEXT NOT NULL             -- fingerprint of the key
) STRICT;
CREATE UNIQUE INDEX generation_current ON generation (project_id, slug) WHERE replaced_at IS NULL;
CREATE INDEX generation_deployment ON generation (deployment_id);
CREATE INDEX generation_replaced ON generation (replaced_at);

-- A piece of an index, made once and shared by the generations that contain it.
CREATE TABLE index_piece (
    id       INTEGER PRIMARY KEY,
    identity BLOB NOT NULL,                 -- follows from the entries in it
    codec    TEXT NOT NULL CHECK (codec IN ('plain', 'gz', 'zst')),
    bytes    BLOB NOT NULL,
    UNIQUE (identity, codec)
) STRICT;

-- A file of a generation: either its bytes, or the pieces it is made of.
CREATE TABLE generation_file (
    generation_id INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE,
    path          TEXT NOT NULL,            -- below dists/<slug>/
    size          INTEGER NOT NULL,
    sha256        BLOB NOT NULL,
    codec         TEXT CHECK (codec IN ('plain', 'gz', 'zst')),
    bytes         BLOB,
    pieces        BLOB,                     -- (identity, length) pairs, see storage/publications.rs
    PRIMARY KEY (generation_id, path),
    CHECK ((bytes IS NULL) <> (pieces IS NULL)),
    CHECK ((codec IS NULL) = (pieces IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX generation_file_sha256 ON generation_file (sha256);

-- Which payload stands behind PKGS/<hex>/<name> of a repository, as an interval of generations:
-- a publish that adds one package adds one row.
CREATE TABLE repository_payload (
    id               INTEGER PRIMARY KEY,
    project_id       INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    slug             TEXT NOT NULL,
    name             TEXT NOT NULL,
    payload_id       INTEGER NOT NULL REFERENCES payload (id),
    first_generation INTEGER NOT NULL,
    last_generation  INTEGER               -- NULL: in the current one
) STRICT;
CREATE INDEX repository_payload_name ON repository_payload (project_id, slug, name);
CREATE INDEX repository_payload_by ON repository_payload (payload_id);
