-- Unchecked errors are counted by project and unchecked faults by definition, on the home page and
-- in the bar of every page: with a hundred thousand of them no row need be visited.
CREATE INDEX error_unchecked_by_project ON error (project_id) WHERE checked = 0;
CREATE INDEX fault_unchecked_by_definition ON fault (fault_definition_id) WHERE checked = 0;
