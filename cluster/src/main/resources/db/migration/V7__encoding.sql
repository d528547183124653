-- IANA name of the encoding of names, or empty for UTF-8.
ALTER TABLE accounts ADD COLUMN encoding VARCHAR(40) DEFAULT '' NOT NULL;
ALTER TABLE account_groups ADD COLUMN encoding VARCHAR(40) DEFAULT '' NOT NULL;
