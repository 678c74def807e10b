-- Empty the records of a case and leave a tombstone: $1 case, $2 version, $3 rev, $4 tombstone, $5 sum.
-- Emptied rows stay, so that positions that point at them hold.
with moved as (
	update charter.head
	set version = version + 1, rev = rev + 1, next = null, sum = $5, erased = true,
		turn = greatest(turn, pg_current_xact_id())
	where case_id = $1 and version = $2 and rev = $3 and not erased
	returning version, rev, next, sum, turn
), emptied as (
	update charter.record
	set data = null
	from moved
	where record.case_id = $1
), forgotten as (
	delete from charter.idempotency
	using moved
	where case_id = $1
), stored as (
	insert into charter.record (case_id, seq, turn, data)
	select $1, version, turn, $4
	from moved
)
select version, rev, next, sum from moved
