with judged as (
  select
    sla_rule_id,
    count(*) as tickets
  from {{ ref('sla_outcomes') }}
  group by sla_rule_id
),

tickets as (
  select count(*) as tickets
  from {{ ref('suptask_tickets') }}
)

select
  rules.sla_rule_id,
  judged.tickets as judged,
  tickets.tickets as there_are
from {{ ref('sla_rules') }} as rules
cross join tickets
left join judged
  on rules.sla_rule_id = judged.sla_rule_id
where
  rules.measure <> 'next_reply'
  and coalesce(judged.tickets, 0) <> tickets.tickets
