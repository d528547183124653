-- Values that all nodes share, such as the keys of ACME: base64 of what the cluster's key has sealed.
CREATE TABLE vault (
    name VARCHAR(100) PRIMARY KEY,
    version BIGINT NOT NULL,
    content VARCHAR(200000) NOT NULL
);
