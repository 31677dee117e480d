with unresolved as (
  select
    role,
    count(*) as tickets
  from {{ ref('identity_resolution') }}
  where outcome = 'unresolved'
  group by role
),

queued as (
  select
    role,
    sum(tickets) as tickets
  from {{ ref('unresolved_identities') }}
  group by role
)

select
  unresolved.role,
  unresolved.tickets,
  queued.tickets as queued
from unresolved
full outer join queued
  on unresolved.role = queued.role
where coalesce(unresolved.tickets, 0) <> coalesce(queued.tickets, 0)
