-- Places that a user sees in his tree besides his home.
CREATE TABLE account_mounts (
    account VARCHAR(255) NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    path VARCHAR(1024) NOT NULL,
    place VARCHAR(4096) NOT NULL,
    read_only BOOLEAN NOT NULL,
    quota_bytes BIGINT NOT NULL,
    quota_files BIGINT NOT NULL,
    PRIMARY KEY (account, ordinal)
);

-- A user with mounts has several records: the name is followed by what they count.
ALTER TABLE quota_usage ALTER COLUMN name SET DATA TYPE VARCHAR(300);
