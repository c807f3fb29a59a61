-- Indexes of yum repositories are named in repomd.xml with size and digest of their plain form, too.
ALTER TABLE generation_file ADD COLUMN open_size INTEGER;
ALTER TABLE generation_file ADD COLUMN open_sha256 BLOB;
