-- Version 1: cases, their records, keys.

-- The restore epoch: which life of this database a position was handed out in. NULL in a backup, until it is opened.
CREATE TABLE charter_meta (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	epoch TEXT
) STRICT;

INSERT INTO charter_meta (id, epoch) VALUES (1, lower(hex(randomblob(8))));

-- One row a case: its head. Every append moves rev, one with records also version, and only from the head that its caller had seen.
CREATE TABLE charter_case (
	id      INTEGER PRIMARY KEY,
	name    TEXT    NOT NULL UNIQUE,
	version INTEGER NOT NULL,                     -- records ever appended
	rev     INTEGER NOT NULL,                     -- appends ever made
	next    INTEGER,                              -- attention instant, nanoseconds since 1970 in UTC; NULL: none
	sum     BLOB    NOT NULL CHECK (length(sum) = 32),
	erased  INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1))
) STRICT;

-- What is due costs what is due, however many cases are open.
CREATE INDEX charter_case_due ON charter_case (next, name) WHERE next IS NOT NULL;

-- AUTOINCREMENT: the place of an erased record is never given to another one, so that no reader that has passed it misses a record.
CREATE TABLE charter_record (
	pos     INTEGER PRIMARY KEY AUTOINCREMENT,    -- place in the journal, in the order of commits
	case_id INTEGER NOT NULL REFERENCES charter_case (id),
	seq     INTEGER NOT NULL,                     -- place in the case, from 1
	data    BLOB    NOT NULL,
	UNIQUE (case_id, seq)
) STRICT;

-- Idempotency: the head that the first append with a key returned.
CREATE TABLE charter_key (
	case_id INTEGER NOT NULL REFERENCES charter_case (id),
	key     BLOB    NOT NULL,
	version INTEGER NOT NULL,
	rev     INTEGER NOT NULL,
	next    INTEGER,
	sum     BLOB    NOT NULL,
	PRIMARY KEY (case_id, key)
) STRICT, WITHOUT ROWID;
