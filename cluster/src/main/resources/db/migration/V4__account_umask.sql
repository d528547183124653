-- Three octal digits, or empty for the modes of the store.
ALTER TABLE accounts ADD COLUMN umask VARCHAR(3) DEFAULT '' NOT NULL;
