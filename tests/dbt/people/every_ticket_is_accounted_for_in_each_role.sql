with roles as (
  select 'requester' as role
  union all
  select 'assignee' as role
),

tickets as (
  select count(*) as tickets
  from {{ ref('suptask_tickets') }}
),

rates as (
  select
    role,
    sum(resolved + unresolved + not_staff + not_applicable) as tickets
  from {{ ref('identity_resolution_rate') }}
  group by role
)

select
  roles.role,
  tickets.tickets,
  rates.tickets as accounted_for
from roles
cross join tickets
left join rates
  on roles.role = rates.role
where tickets.tickets <> coalesce(rates.tickets, 0)
