-- Bans of networks, and bans without an end. Others are in memory only.
CREATE TABLE bans (
    block VARCHAR(64) PRIMARY KEY,
    ends TIMESTAMP WITH TIME ZONE NOT NULL,
    reason VARCHAR(1000) NOT NULL
);
