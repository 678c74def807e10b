-- Turns that this cluster has not reached come from another one: they become the turn of this transaction, which keeps their order.
with heads as (
	update charter.head
	set turn = pg_current_xact_id()
	where turn > pg_current_xact_id()
), records as (
	update charter.record
	set turn = pg_current_xact_id()
	where turn > pg_current_xact_id()
)
update charter.epoch
set number = gen_random_uuid(),
	home = (select system_identifier from pg_control_system()) || '/' || tableoid
