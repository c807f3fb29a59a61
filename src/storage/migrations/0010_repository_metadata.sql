-- Metadata of yum repositories (groups, notices of updates, modules) are released like packages, so
-- they stand where packages say what they are: without name, version and architecture.
CREATE TABLE payload_package_new (
    payload_id   INTEGER PRIMARY KEY REFERENCES payload (id) ON DELETE CASCADE,
    format       TEXT NOT NULL CHECK (format IN ('deb', 'rpm', 'comps', 'updateinfo', 'modules')),
    name         TEXT NOT NULL,
    version      TEXT NOT NULL,
    architecture TEXT NOT NULL
) STRICT;
INSERT INTO payload_package_new SELECT payload_id, format, name, version, architecture
    FROM payload_package;
DROP TABLE payload_package;
ALTER TABLE payload_package_new RENAME TO payload_package;
CREATE INDEX payload_package_name ON payload_package (name);
