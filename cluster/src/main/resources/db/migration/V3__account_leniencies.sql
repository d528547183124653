-- What an account says of leniencies, "name=yes" or "name=no", separated by commas.
ALTER TABLE accounts ADD COLUMN leniencies VARCHAR(1000) DEFAULT '' NOT NULL;
