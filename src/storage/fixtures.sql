INSERT OR IGNORE INTO platform (name) VALUES ('Linux'), ('Haiku');
INSERT INTO project (id, name, platform_id, pms) VALUES
    (11, 'debian-12', (SELECT id FROM platform WHERE name = 'Linux'), 'apt-get'),
    (12, 'haiku-1', (SELECT id FROM platform WHERE name = 'Haiku'), 'apt-get');
INSERT OR IGNORE INTO formula (prefix, name, sort) VALUES
    ('SET', 'ATTRIBUTES SET', 'basic'), ('CID', 'COMPUTER ID', 'basic'), ('NET', 'NET', 'client');
INSERT OR IGNORE INTO attribute (formula_id, value)
    SELECT id, 'ALL SYSTEMS' FROM formula WHERE prefix = 'SET';
INSERT INTO user (id, name, fullname) VALUES (21, 'ana', 'Ana Núñez'), (22, 'root', '');
INSERT INTO software (id, name, version, architecture) VALUES
    (31, 'vim', '2:9.0', 'amd64'), (32, 'nano', '7.2', 'amd64'), (33, 'acme-test-files', '1.0-1', 'all'),
    (34, 'acme-test-files', '1.0-2', 'all'), (35, 'base-files', '12.4', 'amd64');
INSERT INTO software_list (id, fingerprint) VALUES (41, x'01'), (42, x'02');
INSERT INTO software_list_item (list_id, software_id) VALUES (41, 31), (41, 34), (41, 35), (42, 32), (42, 35);

INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at, ip_address,
        sync_user_id, sync_start_date, sync_end_date, software_list_id, product, machine,
        mac_address, last_hardware_capture) VALUES
    (1, 'UUID-1', 'pc-one', 11, 'intended', {0}, {0}, '10.0.0.1', 21, {2000}, {2060}, 41, 'OptiPlex 7010', 'P', '0800271A2B3C', {60}),
    (2, 'UUID-2', 'pc-two', 12, 'reserved', {10}, {10}, '10.0.0.2', 22, {1000}, {1030}, 42, 'virtualbox', 'V', NULL, NULL),
    (3, 'UUID-3', 'pc-three', 11, 'in repair', {20}, {20}, NULL, NULL, NULL, NULL, NULL, NULL, 'P', NULL, NULL),
    (4, 'UUID-4', 'pc-four', 11, 'unsubscribed', {30}, {30}, NULL, 22, {100}, NULL, NULL, NULL, 'P', NULL, NULL);
INSERT INTO migration (computer_id, project_id, created_at) VALUES (1, 12, {0}), (1, 11, {900}), (2, 12, {10}), (3, 11, {20});
INSERT INTO status_log (computer_id, status, created_at) VALUES (1, 'intended', {0}), (2, 'intended', {10}), (2, 'reserved', {500}), (3, 'intended', {20});
INSERT INTO synchronization (computer_id, user_id, project_id, started_at, created_at, ok) VALUES
    (1, 21, 11, {0}, {60}, 1), (1, 21, 11, {2000}, {2060}, 1), (2, 22, 12, {1000}, {1030}, 0);

INSERT INTO attribute (formula_id, value, description)
    SELECT id, '1', 'pc-one' FROM formula WHERE prefix = 'CID'
    UNION ALL SELECT id, '2', 'pc-two' FROM formula WHERE prefix = 'CID'
    UNION ALL SELECT id, '10.0.0.0/24', 'office' FROM formula WHERE prefix = 'NET'
    UNION ALL SELECT id, '10.9.0.0/24', NULL FROM formula WHERE prefix = 'NET';
INSERT INTO computer_attribute (computer_id, attribute_id, valid_from, valid_to)
    SELECT 1, id, {60}, NULL FROM attribute WHERE value IN ('ALL SYSTEMS', '1', '10.0.0.0/24')
    UNION ALL SELECT 1, id, {0}, {60} FROM attribute WHERE value = '10.9.0.0/24'
    UNION ALL SELECT 2, id, {1000}, NULL FROM attribute WHERE value IN ('ALL SYSTEMS', '2', '10.0.0.0/24');
INSERT INTO computer_setting (computer_id, name, valid_from, valid_to, value) VALUES
    (1, 'name', {0}, {60}, 'pc-old'), (1, 'name', {60}, NULL, 'pc-one'), (1, 'user', {0}, NULL, 'ana');

-- Computer 1: nano gave way to vim, acme-test-files went from 1.0-1 to 1.0-2.
INSERT INTO software_history (id, computer_id, from_at, to_at, manual) VALUES
    (51, 1, {0}, {60}, 0), (52, 1, {60}, {2000}, 1), (53, 1, {2000}, {2060}, 0);
INSERT INTO software_change (history_id, software_id, installed) VALUES
    (51, 33, 1), (52, 32, 0), (52, 31, 1), (53, 33, 0), (53, 34, 1);

INSERT INTO hardware_node (id, computer_id, parent_id, level, name, class, product, size, capabilities) VALUES
    (61, 1, NULL, 0, 'pc-one', 'system', 'OptiPlex 7010', NULL, '{"smp":"Symmetric"}'),
    (62, 1, 61, 1, 'memory', 'memory', NULL, 8589934592, '{}');

INSERT INTO error (id, computer_id, project_id, created_at, client_time_ms, description, checked) VALUES
    (71, 1, 11, {100}, {90}, 'E: broken package', 0), (72, 1, 11, {200}, NULL, 'later', 1),
    (73, 2, 12, {300}, NULL, 'other project', 0);
INSERT INTO fault_definition (id, name) VALUES (81, 'LOW_SPACE'), (82, 'FOR_ADMIN'), (83, 'FOR_OTHER');
INSERT INTO fault (id, computer_id, project_id, fault_definition_id, created_at, result, checked) VALUES
    (91, 1, 11, 81, {100}, '/dev/sda1 95 %', 0), (92, 2, 12, 82, {200}, 'yours', 0),
    (93, 2, 12, 83, {300}, 'theirs', 0), (94, 1, 11, 81, {400}, 'seen', 1);
INSERT INTO notification (id, created_at, kind, data) VALUES
    (101, {0}, 'platform-registered', '{"platform":"Haiku","computer":"pc-two"}'),
    (102, {0}, 'new-computer', '{"computer":{"id":1,"name":"pc-one"},"uuid":"UUID-1"}');
