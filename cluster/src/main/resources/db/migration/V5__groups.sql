-- No reference to account_groups: an account whose group is gone stays, and cannot log in.
ALTER TABLE accounts ADD COLUMN member_of VARCHAR(255) DEFAULT '' NOT NULL;
CREATE INDEX accounts_member_of ON accounts (member_of);

-- The columns mean what they mean in accounts.
CREATE TABLE account_groups (
    name VARCHAR(255) PRIMARY KEY,
    read_only BOOLEAN NOT NULL,
    max_sessions INTEGER NOT NULL,
    upload_bytes_per_second BIGINT NOT NULL,
    download_bytes_per_second BIGINT NOT NULL,
    max_file_bytes BIGINT NOT NULL,
    quota_bytes BIGINT NOT NULL,
    quota_files BIGINT NOT NULL,
    tls VARCHAR(32) NOT NULL,
    leniencies VARCHAR(1000) DEFAULT '' NOT NULL,
    umask VARCHAR(3) DEFAULT '' NOT NULL
);

CREATE TABLE group_rules (
    group_name VARCHAR(255) NOT NULL REFERENCES account_groups (name) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    prefix VARCHAR(4096) NOT NULL,
    permissions VARCHAR(255) NOT NULL,
    PRIMARY KEY (group_name, ordinal)
);

CREATE TABLE group_networks (
    group_name VARCHAR(255) NOT NULL REFERENCES account_groups (name) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    block VARCHAR(64) NOT NULL,
    PRIMARY KEY (group_name, ordinal)
);
