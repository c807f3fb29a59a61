-- Package sets (D-PKG-02). A set is content like any package: its payload is the list of its files,
-- with their digests, and what stands here is that list as rows. So replacing a set, undoing that
-- and collecting what nobody needs any more are done as for every other payload.
CREATE TABLE payload_set (
    payload_id INTEGER PRIMARY KEY REFERENCES payload (id) ON DELETE CASCADE,
    files      INTEGER NOT NULL,
    packages   INTEGER NOT NULL,            -- those of them that repositories hold
    size       INTEGER NOT NULL             -- bytes of all files
) STRICT;
CREATE TABLE payload_set_file (
    set_id     INTEGER NOT NULL REFERENCES payload_set (payload_id) ON DELETE CASCADE,
    path       TEXT NOT NULL,               -- below the set's folder
    payload_id INTEGER NOT NULL REFERENCES payload (id),
    released   INTEGER NOT NULL CHECK (released IN (0, 1)), -- 0: not a package of the project
    PRIMARY KEY (set_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX payload_set_file_by ON payload_set_file (payload_id);

CREATE TABLE payload_package_new (
    payload_id   INTEGER PRIMARY KEY REFERENCES payload (id) ON DELETE CASCADE,
    format       TEXT NOT NULL
                 CHECK (format IN ('deb', 'rpm', 'comps', 'updateinfo', 'modules', 'set')),
    name         TEXT NOT NULL,
    version      TEXT NOT NULL,
    architecture TEXT NOT NULL
) STRICT;
INSERT INTO payload_package_new SELECT payload_id, format, name, version, architecture
    FROM payload_package;
DROP TABLE payload_package;
ALTER TABLE payload_package_new RENAME TO payload_package;
CREATE INDEX payload_package_name ON payload_package (name);
