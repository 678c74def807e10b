-- One row a case: what its next append has to expect, and when the case wants attention.
create table charter.head (
	case_id text collate "C" primary key,
	version bigint  not null, -- number of the last record
	rev     bigint  not null, -- appends ever made
	next    bigint,           -- attention instant in nanoseconds since 1970 UTC; null: none
	sum     bytea   not null, -- the caller's checksum
	erased  boolean not null default false,
	turn    xid8    not null  -- turn of the last append, see the table record
) with (fillfactor = 80);

create index head_due on charter.head (next, case_id) where next is not null;

-- What was appended. A turn is the number of the transaction that wrote the record, or the turn of the case's record before it
-- when that is higher. So turns never fall within a case, and no record that is not yet visible has a turn below the oldest
-- running transaction. Places tell the records of one turn apart, in the order in which they were written.
create table charter.record (
	case_id text collate "C" not null,
	seq     bigint not null,
	turn    xid8   not null,
	place   bigint not null generated always as identity,
	mark    bigint not null default (random() * 9007199254740992)::bigint, -- tells it from one that takes its turn and place after a restore
	data    bytea,                                                         -- null: erased
	primary key (case_id, seq)
);

create unique index record_scan on charter.record (turn, place);

-- What an append with a key has returned.
create table charter.idempotency (
	case_id text collate "C" not null,
	key     text collate "C" not null,
	version bigint not null,
	rev     bigint not null,
	next    bigint,
	sum     bytea  not null,
	primary key (case_id, key)
);

-- One row. A copy made by dump and restore is another cluster or another table, so its home no longer fits.
create table charter.epoch (
	one    boolean primary key default true check (one),
	number uuid not null,
	home   text not null
);

insert into charter.epoch (number, home) values (gen_random_uuid(), '');

update charter.epoch
set home = (select system_identifier from pg_control_system()) || '/' || tableoid;
