-- One row at most: the cluster that uses this database. renewed_at is for people; nodes compare renewals.
CREATE TABLE cluster_lease (
    slot INTEGER PRIMARY KEY CHECK (slot = 1),
    cluster_id VARCHAR(64) NOT NULL,
    cluster_name VARCHAR(64) NOT NULL,
    members VARCHAR(4000) NOT NULL,
    renewals BIGINT NOT NULL,
    renewed_at TIMESTAMP WITH TIME ZONE NOT NULL
);
