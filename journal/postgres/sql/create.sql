-- Append to a case that must not exist: $1 case, $2 key, $3 records, $4 next, $5 sum.
with again as (
	select version, rev, next, sum
	from charter.idempotency
	where case_id = $1 and key = $2
), moved as (
	insert into charter.head (case_id, version, rev, next, sum, turn)
	select $1, cardinality($3::bytea[]), 1, $4, $5, pg_current_xact_id()
	where not exists (select from again)
	on conflict (case_id) do nothing
	returning version, rev, next, sum, turn
), stored as (
	insert into charter.record (case_id, seq, turn, data)
	select $1, d.n, moved.turn, d.data
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
