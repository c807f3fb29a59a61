-- An upgrade gives the groups of 6.3 their permissions anew, but for those that an administrator
-- changed (D-PERM-05). What an earlier program let nobody change is as it was made.
ALTER TABLE account_group ADD COLUMN modified INTEGER NOT NULL DEFAULT 0 CHECK (modified IN (0, 1));
CREATE INDEX account_member_of ON account_member (group_id);
