-- The site itself: settings, keys, accounts, sessions, audit.
-- Instants are milliseconds since the epoch, civil dates are 'YYYY-MM-DD'.

-- Settings of the site (D-SRV); a missing row means the default.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Counters that tell a cache whether it is stale; bumped in the transaction that changes things.
CREATE TABLE revision (
    name  TEXT PRIMARY KEY CHECK (name IN ('release', 'formulas')),
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO revision (name, value) VALUES ('release', 1), ('formulas', 1);

-- Secret keys: 'sync' (minisign text) signs answers, 'repository' (armoured OpenPGP) repositories.
CREATE TABLE site_key (
    name       TEXT PRIMARY KEY CHECK (name IN ('sync', 'repository')),
    secret     TEXT NOT NULL,
    public     TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    username      TEXT NOT NULL UNIQUE CHECK (length(username) BETWEEN 1 AND 150),
    first_name    TEXT NOT NULL DEFAULT '',
    last_name     TEXT NOT NULL DEFAULT '',
    email         TEXT NOT NULL DEFAULT '',
    password_hash TEXT,                      -- Argon2id, PHC string; NULL: cannot log in yet
    date_joined   INTEGER NOT NULL,
    last_login    INTEGER,
    is_active     INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    is_superuser  INTEGER NOT NULL DEFAULT 0 CHECK (is_superuser IN (0, 1)),
    is_staff      INTEGER NOT NULL DEFAULT 0 CHECK (is_staff IN (0, 1)),
    is_demo       INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)) -- password equals the name (D-ACC-03)
) STRICT;

CREATE TABLE account_group (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 150)
) STRICT;

-- Permissions are per model: view, add, change, delete (6.3).
CREATE TABLE group_permission (
    group_id INTEGER NOT NULL REFERENCES account_group (id) ON DELETE CASCADE,
    model    TEXT NOT NULL,
    action   TEXT NOT NULL CHECK (action IN ('view', 'add', 'change', 'delete')),
    PRIMARY KEY (group_id, model, action)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_member (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    group_id   INTEGER NOT NULL REFERENCES account_group (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_permission (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    model      TEXT NOT NULL,
    action     TEXT NOT NULL CHECK (action IN ('view', 'add', 'change', 'delete')),
    PRIMARY KEY (account_id, model, action)
) STRICT, WITHOUT ROWID;

-- Secrets handed to people and scripts are stored as SHA-256 only.
CREATE TABLE session (
    key_hash   BLOB PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    csrf       TEXT NOT NULL,               -- token that the forms of the session carry
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE token (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    secret_hash BLOB NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name        TEXT NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL
) STRICT;

-- One-time links that set a password: the first start's, valid 24 hours, once.
CREATE TABLE login_link (
    secret_hash BLOB PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who changed what, when (D-GEN-10). Each row's hash covers the one before it.
CREATE TABLE audit (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    actor       TEXT NOT NULL,              -- username, or what acted: 'system', 'computer CID-1'
    action      TEXT NOT NULL,              -- 'add', 'change', 'delete', 'login'...
    object_kind TEXT NOT NULL,
    object_id   INTEGER,
    object_name TEXT NOT NULL,
    before      TEXT,                       -- JSON, only the fields that changed
    after       TEXT,
    hash        BLOB NOT NULL
) STRICT;
CREATE INDEX audit_object ON audit (object_kind, object_id, id);
