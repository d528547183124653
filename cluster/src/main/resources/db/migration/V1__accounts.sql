CREATE TABLE accounts (
    name VARCHAR(255) PRIMARY KEY,
    password_hash VARCHAR(1024) NOT NULL,
    home VARCHAR(4096) NOT NULL,
    read_only BOOLEAN NOT NULL,
    max_sessions INTEGER NOT NULL,
    upload_bytes_per_second BIGINT NOT NULL,
    download_bytes_per_second BIGINT NOT NULL,
    max_file_bytes BIGINT NOT NULL,
    quota_bytes BIGINT NOT NULL,
    quota_files BIGINT NOT NULL,
    expires TIMESTAMP WITH TIME ZONE,
    enabled BOOLEAN NOT NULL,
    tls VARCHAR(32) NOT NULL,
    admin BOOLEAN NOT NULL
);

CREATE TABLE account_rules (
    account VARCHAR(255) NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    prefix VARCHAR(4096) NOT NULL,
    permissions VARCHAR(255) NOT NULL,
    PRIMARY KEY (account, ordinal)
);

CREATE TABLE account_networks (
    account VARCHAR(255) NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    block VARCHAR(64) NOT NULL,
    PRIMARY KEY (account, ordinal)
);

CREATE TABLE account_certificates (
    account VARCHAR(255) NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    certificate VARCHAR(1024) NOT NULL,
    PRIMARY KEY (account, ordinal)
);

-- No reference to accounts: users may come from elsewhere, and a ledger outlives a renamed account.
CREATE TABLE quota_usage (
    name VARCHAR(255) PRIMARY KEY,
    stored_bytes BIGINT NOT NULL,
    stored_files BIGINT NOT NULL
);
