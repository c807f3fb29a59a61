-- The digest of an index in course, put aside at some of its pieces (storage/publications.rs): the
-- next generation hashes from the last one before its first difference.
ALTER TABLE generation_file ADD COLUMN marks BLOB;
