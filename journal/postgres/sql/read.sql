-- A case and its records, in one snapshot: $1 case, $2 after.
select h.version, h.rev, h.next, h.sum, r.seq, r.data
from charter.head h
left join charter.record r on r.case_id = h.case_id and r.seq > $2 and r.data is not null
where h.case_id = $1
order by r.seq
