-- What a repository offers now, without a look at its rows: every publish compares it with what
-- the deployment holds.
CREATE INDEX repository_payload_current ON repository_payload (project_id, slug, payload_id, name)
    WHERE last_generation IS NULL;
