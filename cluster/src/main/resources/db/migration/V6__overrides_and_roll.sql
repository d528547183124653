-- The values of configuration keys that hold on every node.
CREATE TABLE overrides (
    name VARCHAR(255) PRIMARY KEY,
    text_value VARCHAR(4000) NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    set_by VARCHAR(255) NOT NULL
);

-- The nodes that belong to the cluster, also those that are away.
CREATE TABLE cluster_nodes (
    name VARCHAR(255) PRIMARY KEY,
    address VARCHAR(255) NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    in_order BOOLEAN NOT NULL
);
