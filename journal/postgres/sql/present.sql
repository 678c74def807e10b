-- How far a scan can go that stands at $1 turn, $2 place, $3 mark (null: the beginning).
-- The highest turn is that of the last records committed; what is below xmin is complete, since all transactions below it have ended.
select
	number::text,
	home = (select system_identifier from pg_control_system()) || '/' || tableoid,
	$3::bigint is null or exists (
		select from charter.record
		where turn = $1 and place = $2 and mark = $3
	),
	coalesce((select turn from charter.record order by turn desc limit 1), '0'),
	pg_snapshot_xmin(pg_current_snapshot())
from charter.epoch
