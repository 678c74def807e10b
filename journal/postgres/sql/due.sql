-- A page of open cases: until $1, after $2 next and $3 case.
select next, case_id
from charter.head
where next <= $1 and (next, case_id) > ($2, $3)
order by next, case_id
limit 256
