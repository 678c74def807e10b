-- Why an append was refused: $1 case, $2 key.
select h.version, h.rev, h.next, h.sum, h.erased, i.version, i.rev, i.next, i.sum
from charter.head h
left join charter.idempotency i on i.case_id = h.case_id and i.key = $2
where h.case_id = $1
