-- Release control: who gets what, when, and who may say so.

-- Tags (4.3) are attributes of formulas of sort 'server'; this says who was given which by hand.
CREATE TABLE computer_tag (
    computer_id  INTEGER NOT NULL REFERENCES computer (id) ON DELETE CASCADE,
    attribute_id INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    PRIMARY KEY (computer_id, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX computer_tag_by ON computer_tag (attribute_id);

-- Attribute sets (4.4); each has its attribute SET-<name> from the start.
CREATE TABLE attribute_set (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
    description  TEXT NOT NULL DEFAULT '',
    enabled      INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    attribute_id INTEGER NOT NULL UNIQUE REFERENCES attribute (id)
) STRICT;
CREATE TABLE attribute_set_attribute (
    attribute_set_id INTEGER NOT NULL REFERENCES attribute_set (id) ON DELETE CASCADE,
    attribute_id     INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    excluded         INTEGER NOT NULL CHECK (excluded IN (0, 1)),
    PRIMARY KEY (attribute_set_id, excluded, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX attribute_set_attribute_by ON attribute_set_attribute (attribute_id);

-- Domains (6.4); attribute_id is the tag DMN-<NAME>.
CREATE TABLE domain (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
    comment      TEXT NOT NULL DEFAULT '',
    attribute_id INTEGER NOT NULL UNIQUE REFERENCES attribute (id)
) STRICT;
CREATE TABLE domain_attribute (
    domain_id    INTEGER NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
    attribute_id INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    excluded     INTEGER NOT NULL CHECK (excluded IN (0, 1)),
    PRIMARY KEY (domain_id, excluded, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_attribute_by ON domain_attribute (attribute_id);
-- Tags that are offered to the computers of the domain (D-TAG-05).
CREATE TABLE domain_tag (
    domain_id    INTEGER NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
    attribute_id INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    PRIMARY KEY (domain_id, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_tag_by ON domain_tag (attribute_id);
CREATE TABLE domain_administrator (
    domain_id  INTEGER NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    PRIMARY KEY (domain_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_administrator_of ON domain_administrator (account_id);

-- Scopes (6.5): an account's own subsets of the computers of a domain, or of all.
CREATE TABLE scope (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    domain_id  INTEGER REFERENCES domain (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX scope_name ON scope (account_id, ifnull(domain_id, 0), name);
CREATE INDEX scope_domain ON scope (domain_id);
CREATE TABLE scope_attribute (
    scope_id     INTEGER NOT NULL REFERENCES scope (id) ON DELETE CASCADE,
    attribute_id INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    excluded     INTEGER NOT NULL CHECK (excluded IN (0, 1)),
    PRIMARY KEY (scope_id, excluded, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scope_attribute_by ON scope_attribute (attribute_id);

-- What an account selected; it survives the session (D-DOM-05).
ALTER TABLE account ADD COLUMN domain_id INTEGER REFERENCES domain (id) ON DELETE SET NULL;
ALTER TABLE account ADD COLUMN scope_id INTEGER REFERENCES scope (id) ON DELETE SET NULL;
CREATE INDEX account_domain ON account (domain_id);
CREATE INDEX account_scope ON account (scope_id);

-- Schedules (7.6). A delay without attributes reaches nobody.
CREATE TABLE schedule (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
    description TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE schedule_delay (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    schedule_id INTEGER NOT NULL REFERENCES schedule (id) ON DELETE CASCADE,
    delay       INTEGER NOT NULL CHECK (delay BETWEEN 0 AND 3650),   -- business days
    duration    INTEGER NOT NULL DEFAULT 1 CHECK (duration BETWEEN 1 AND 3650),
    UNIQUE (schedule_id, delay)
) STRICT;
CREATE TABLE schedule_delay_attribute (
    schedule_delay_id INTEGER NOT NULL REFERENCES schedule_delay (id) ON DELETE CASCADE,
    attribute_id      INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    PRIMARY KEY (schedule_delay_id, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_delay_attribute_by ON schedule_delay_attribute (attribute_id);

ALTER TABLE deployment ADD COLUMN domain_id INTEGER REFERENCES domain (id) ON DELETE SET NULL;
ALTER TABLE deployment ADD COLUMN schedule_id INTEGER REFERENCES schedule (id);
CREATE INDEX deployment_domain ON deployment (domain_id);
CREATE INDEX deployment_schedule ON deployment (schedule_id);
-- Of external deployments (7.5) only.
ALTER TABLE deployment ADD COLUMN base_url TEXT;
ALTER TABLE deployment ADD COLUMN suite TEXT;
ALTER TABLE deployment ADD COLUMN components TEXT;
ALTER TABLE deployment ADD COLUMN options TEXT;
ALTER TABLE deployment ADD COLUMN frozen INTEGER NOT NULL DEFAULT 1 CHECK (frozen IN (0, 1));
ALTER TABLE deployment ADD COLUMN expire_minutes INTEGER NOT NULL DEFAULT 1440;

-- The catalogue (8.1).
CREATE TABLE application (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
    category    INTEGER NOT NULL DEFAULT 1 CHECK (category BETWEEN 1 AND 14),
    level       TEXT NOT NULL DEFAULT 'U' CHECK (level IN ('U', 'A')),
    score       INTEGER NOT NULL DEFAULT 1 CHECK (score BETWEEN 1 AND 5),
    icon        BLOB NOT NULL,
    icon_type   TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL
) STRICT;
CREATE TABLE application_attribute (
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    attribute_id   INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    PRIMARY KEY (application_id, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX application_attribute_by ON application_attribute (attribute_id);
-- What an application is called in each project (D-APP-03).
CREATE TABLE application_project (
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    project_id     INTEGER NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    packages       TEXT NOT NULL,           -- tokens (D-GEN-02)
    PRIMARY KEY (application_id, project_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX application_project_of ON application_project (project_id);

-- Policies (8.2).
CREATE TABLE policy (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
    comment   TEXT NOT NULL DEFAULT '',
    enabled   INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    exclusive INTEGER NOT NULL DEFAULT 1 CHECK (exclusive IN (0, 1))
) STRICT;
CREATE TABLE policy_attribute (
    policy_id    INTEGER NOT NULL REFERENCES policy (id) ON DELETE CASCADE,
    attribute_id INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    excluded     INTEGER NOT NULL CHECK (excluded IN (0, 1)),
    PRIMARY KEY (policy_id, excluded, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_attribute_by ON policy_attribute (attribute_id);
CREATE TABLE policy_group (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    policy_id INTEGER NOT NULL REFERENCES policy (id) ON DELETE CASCADE,
    priority  INTEGER NOT NULL,
    UNIQUE (policy_id, priority)
) STRICT;
CREATE TABLE policy_group_attribute (
    policy_group_id INTEGER NOT NULL REFERENCES policy_group (id) ON DELETE CASCADE,
    attribute_id    INTEGER NOT NULL REFERENCES attribute (id) ON DELETE CASCADE,
    excluded        INTEGER NOT NULL CHECK (excluded IN (0, 1)),
    PRIMARY KEY (policy_group_id, excluded, attribute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_group_attribute_by ON policy_group_attribute (attribute_id);
CREATE TABLE policy_group_application (
    policy_group_id INTEGER NOT NULL REFERENCES policy_group (id) ON DELETE CASCADE,
    application_id  INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    PRIMARY KEY (policy_group_id, application_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_group_application_by ON policy_group_application (application_id);

-- What an administrative change did to rows, so that it can be undone: a row for each job of the
-- writer that left audit rows. rows: [[table, {before}|null, {after}|null]…] in order, JSON.
CREATE TABLE change (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    audit_first INTEGER NOT NULL UNIQUE REFERENCES audit (id),
    audit_last  INTEGER NOT NULL REFERENCES audit (id),
    rows        TEXT NOT NULL,
    undone_by   INTEGER REFERENCES change (id)
) STRICT;
-- Payloads that an undo would need again are not collected.
CREATE TABLE change_payload (
    change_id  INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
    payload_id INTEGER NOT NULL REFERENCES payload (id),
    PRIMARY KEY (payload_id, change_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_payload_of ON change_payload (change_id);

-- A token may do less than its account, and for a time.
ALTER TABLE token ADD COLUMN expires_at INTEGER;
ALTER TABLE token ADD COLUMN rights TEXT;   -- JSON array of model:action; NULL: all of the account's
ALTER TABLE token ADD COLUMN last_used_at INTEGER;
