-- A page of a scan: after $1 turn and $2 place, up to $3 turn, of epoch $4.
-- It ends after 512 rows, or after the row that brings it to 4 MiB. The limits stand here for the planner to see.
select case_id, seq, turn, place, mark, data
from (
	select *, sum(octet_length(data)) over (order by turn, place rows unbounded preceding) as bytes
	from charter.record
	where (turn, place) > ($1, $2)
		and turn <= $3
		and turn < pg_snapshot_xmin(pg_current_snapshot())
		and data is not null
	order by turn, place
	limit 512
) page
where bytes - octet_length(data) < 4194304
	and exists (select from charter.epoch where number = $4::uuid)
order by turn, place
