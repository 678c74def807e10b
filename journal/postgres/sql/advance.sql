-- Append to a case that stands at a version and rev: $1 case, $2 key, $3 records, $4 next, $5 sum, $6 version, $7 rev.
with again as (
	select version, rev, next, sum
	from charter.idempotency
	where case_id = $1 and key = $2
), moved as (
	update charter.head
	set version = version + cardinality($3::bytea[]), rev = rev + 1, next = $4, sum = $5,
		turn = greatest(turn, pg_current_xact_id())
	where case_id = $1 and version = $6 and rev = $7 and not erased
		and not exists (select from again)
	returning version, rev, next, sum, turn
), stored as (
	insert into charter.record (case_id, seq, turn, data)
	select $1, $6 + d.n, moved.turn, d.data
	from moved, unnest($3::bytea[]) with ordinality as d (data, n)
	order by d.n
), kept as (
	insert into charter.idempotency (case_id, key, version, rev, next, sum)
	select $1, $2, version, rev, next, sum
	from moved
	where $2::text is not null
)
select version, rev, next, sum from moved
union all
select version, rev, next, sum from again
