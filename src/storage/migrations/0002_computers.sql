-- Computers, what they are, what was found on them.

CREATE TABLE platform (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50)
) STRICT;

CREATE TABLE project (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
    platform_id   INTEGER NOT NULL REFERENCES platform (id),
    pms           TEXT NOT NULL CHECK (pms IN ('apt-get', 'yum', 'zypper', 'msi')),
    auto_register INTEGER NOT NULL DEFAULT 0 CHECK (auto_register IN (0, 1))
) STRICT;
CREATE INDEX project_platform ON project (platform_id);

-- Formulas (4.1): basic ones are evaluated by the server, client ones are programs.
CREATE TABLE formula (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    prefix   TEXT NOT NULL UNIQUE CHECK (length(prefix) BETWEEN 1 AND 3),
    name     TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    enabled  INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    kind     TEXT NOT NULL DEFAULT 'N' CHECK (kind IN ('N', '-', 'R', 'L')),
    sort     TEXT NOT NULL DEFAULT 'client' CHECK (sort IN ('basic', 'client', 'server')),
    auto_add INTEGER NOT NULL DEFAULT 1 CHECK (auto_add IN (0, 1)),
    language TEXT NOT NULL DEFAULT 'bash',
    code     TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE attribute (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    formula_id  INTEGER NOT NULL REFERENCES formula (id) ON DELETE CASCADE,
    value       TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 250),
    description TEXT,
    UNIQUE (formula_id, value)
) STRICT;

-- Users of the computers (6.1), not accounts.
CREATE TABLE user (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
    fullname TEXT NOT NULL DEFAULT ''
) STRICT;

-- The packages installed on some computer, each spelled once.
CREATE TABLE software (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    version      TEXT NOT NULL,
    architecture TEXT NOT NULL,
    UNIQUE (name, version, architecture)
) STRICT;

-- A complete list, shared by all computers that have just these packages; dropped when the
-- last of them changes. What was there before is in software_change.
CREATE TABLE software_list (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint BLOB NOT NULL UNIQUE
) STRICT;
CREATE TABLE software_list_item (
    list_id     INTEGER NOT NULL REFERENCES software_list (id) ON DELETE CASCADE,
    software_id INTEGER NOT NULL REFERENCES software (id),
    PRIMARY KEY (list_id, software_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX software_list_item_software ON software_list_item (software_id);

CREATE TABLE computer (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT, -- the CID, never reused
    uuid                  TEXT NOT NULL UNIQUE,
    name                  TEXT NOT NULL,
    fqdn                  TEXT,
    project_id            INTEGER NOT NULL REFERENCES project (id),
    status                TEXT NOT NULL CHECK (status IN
        ('intended', 'reserved', 'unknown', 'available', 'in repair', 'unsubscribed')),
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    ip_address            TEXT,
    forwarded_ip_address  TEXT,
    comment               TEXT,
    sync_user_id          INTEGER REFERENCES user (id),
    sync_start_date       INTEGER,
    sync_end_date         INTEGER,
    -- synchronisation in course and the last one that ended: a report is stored once
    current_sync          INTEGER,
    last_sync             INTEGER,
    -- hash of all that decides the attribute pool; equal means: nothing to recompute
    pool_fingerprint      BLOB,
    software_list_id      INTEGER REFERENCES software_list (id),
    hardware_fingerprint  TEXT,
    last_hardware_capture INTEGER,
    product               TEXT,
    machine               TEXT NOT NULL DEFAULT 'P' CHECK (machine IN ('P', 'V')),
    cpu                   TEXT,
    ram                   INTEGER,
    storage               INTEGER,
    disks                 INTEGER,
    mac_address           TEXT,
    -- the key the computer signs with (minisign's base64 line) and its id
    public_key            TEXT,
    key_id                TEXT UNIQUE,
    last_time_ms          INTEGER NOT NULL DEFAULT 0,  -- greatest signed time accepted (replay)
    accept_key_until      INTEGER                      -- an operator allowed a new key until then
) STRICT;
CREATE INDEX computer_project ON computer (project_id);
CREATE INDEX computer_name ON computer (name COLLATE NOCASE, id);
CREATE INDEX computer_sync_user ON computer (sync_user_id);
CREATE INDEX computer_sync_end ON computer (ifnull(sync_end_date, 0), id);
CREATE INDEX computer_software_list ON computer (software_list_id);

-- The attribute pool as intervals; valid_to NULL is the pool of the last synchronisation.
CREATE TABLE computer_attribute (
    computer_id  INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    attribute_id INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    valid_from   INTEGER NOT NULL,
    valid_to     INTEGER,
    PRIMARY KEY (computer_id, attribute_id, valid_from)
) STRICT, WITHOUT ROWID;
CREATE INDEX computer_attribute_now
    ON computer_attribute (attribute_id, computer_id) WHERE valid_to IS NULL;

-- Name, address, user... of a computer as intervals.
CREATE TABLE computer_setting (
    computer_id INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    name        TEXT NOT NULL CHECK (name IN ('uuid', 'name', 'fqdn', 'ip_address', 'user', 'key')),
    valid_from  INTEGER NOT NULL,
    valid_to    INTEGER,
    value       TEXT NOT NULL,
    PRIMARY KEY (computer_id, name, valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE migration (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    computer_id INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    project_id  INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX migration_computer ON migration (computer_id, id);

CREATE TABLE status_log (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    computer_id INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    status      TEXT NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX status_log_computer ON status_log (computer_id, id);

-- One small row for each synchronisation that ended.
CREATE TABLE synchronization (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    computer_id INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    user_id     INTEGER REFERENCES user (id),
    project_id  INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    started_at  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,           -- its end
    ok          INTEGER NOT NULL CHECK (ok IN (0, 1))
) STRICT;
CREATE INDEX synchronization_computer ON synchronization (computer_id, id);
CREATE INDEX synchronization_end ON synchronization (created_at);

-- Software history: one run (or the manual changes before it), and what came and went.
CREATE TABLE software_history (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    computer_id INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    from_at     INTEGER NOT NULL,
    to_at       INTEGER NOT NULL,
    manual      INTEGER NOT NULL CHECK (manual IN (0, 1))
) STRICT;
CREATE INDEX software_history_computer ON software_history (computer_id, id);
CREATE TABLE software_change (
    history_id  INTEGER NOT NULL REFERENCES software_history (id) ON DELETE CASCADE,
    software_id INTEGER NOT NULL REFERENCES software (id),
    installed   INTEGER NOT NULL CHECK (installed IN (0, 1)),
    PRIMARY KEY (history_id, software_id, installed)
) STRICT, WITHOUT ROWID;
CREATE INDEX software_change_software ON software_change (software_id, history_id);

-- Hardware tree of the last capture (D-HW-01).
CREATE TABLE hardware_node (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    computer_id   INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    parent_id     INTEGER REFERENCES hardware_node (id) ON DELETE CASCADE,
    level         INTEGER NOT NULL,
    name          TEXT NOT NULL,
    class         TEXT NOT NULL,
    enabled       INTEGER CHECK (enabled IN (0, 1)),
    claimed       INTEGER CHECK (claimed IN (0, 1)),
    description   TEXT,
    vendor        TEXT,
    product       TEXT,
    version       TEXT,
    serial        TEXT,
    bus_info      TEXT,
    physid        TEXT,
    slot          TEXT,
    size          INTEGER,
    capacity      INTEGER,
    clock         INTEGER,
    width         INTEGER,
    dev           TEXT,
    capabilities  TEXT NOT NULL DEFAULT '{}',  -- JSON object
    configuration TEXT NOT NULL DEFAULT '{}',  -- JSON object
    logical_names TEXT NOT NULL DEFAULT '[]'   -- JSON array
) STRICT;
CREATE INDEX hardware_node_computer ON hardware_node (computer_id, id);
CREATE INDEX hardware_node_parent ON hardware_node (parent_id);

CREATE TABLE fault_definition (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
    description TEXT,
    enabled     INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    language    TEXT NOT NULL DEFAULT 'bash',
    code        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE fault_definition_attribute (
    fault_definition_id INTEGER NOT NULL REFERENCES fault_definition (id) ON DELETE CASCADE,
    attribute_id        INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    excluded            INTEGER NOT NULL CHECK (excluded IN (0, 1)),
    PRIMARY KEY (fault_definition_id, excluded, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fault_definition_attribute_by ON fault_definition_attribute (attribute_id);
CREATE TABLE fault_definition_account (
    fault_definition_id INTEGER NOT NULL REFERENCES fault_definition (id) ON DELETE CASCADE,
    account_id          INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    PRIMARY KEY (fault_definition_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fault (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    computer_id         INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    project_id          INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    fault_definition_id INTEGER NOT NULL REFERENCES fault_definition (id) ON DELETE CASCADE,
    created_at          INTEGER NOT NULL,
    result              TEXT NOT NULL,
    checked             INTEGER NOT NULL DEFAULT 0 CHECK (checked IN (0, 1))
) STRICT;
CREATE INDEX fault_computer ON fault (computer_id, id);
CREATE INDEX fault_definition_of ON fault (fault_definition_id);
CREATE INDEX fault_project ON fault (project_id, id);
CREATE INDEX fault_unchecked ON fault (id) WHERE checked = 0;
CREATE INDEX fault_unchecked_of ON fault (computer_id) WHERE checked = 0;

CREATE TABLE error (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    computer_id    INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    project_id     INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    created_at     INTEGER NOT NULL,
    client_time_ms INTEGER,                 -- when it happened by the client's clock
    description    TEXT NOT NULL,
    checked        INTEGER NOT NULL DEFAULT 0 CHECK (checked IN (0, 1))
) STRICT;
CREATE INDEX error_computer ON error (computer_id, id);
CREATE INDEX error_project ON error (project_id, id);
CREATE INDEX error_unchecked ON error (id) WHERE checked = 0;
CREATE INDEX error_unchecked_of ON error (computer_id) WHERE checked = 0;

CREATE TABLE auto_check_error (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    message TEXT NOT NULL CHECK (message <> '')
) STRICT;

-- Notifications carry a kind and JSON values: the text is made in the reader's language.
CREATE TABLE notification (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    data       TEXT NOT NULL,
    checked    INTEGER NOT NULL DEFAULT 0 CHECK (checked IN (0, 1))
) STRICT;
CREATE INDEX notification_unchecked ON notification (id) WHERE checked = 0;
