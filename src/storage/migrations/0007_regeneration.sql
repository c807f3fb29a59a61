-- Repositories that somebody asked to be published again, until a job has done it (D-DEPLOY-04).
CREATE TABLE regeneration (
    deployment_id INTEGER PRIMARY KEY REFERENCES deployment (id) ON DELETE CASCADE,
    asked_at      INTEGER NOT NULL
) STRICT;
