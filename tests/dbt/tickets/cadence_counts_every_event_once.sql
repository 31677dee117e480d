with cadence as (
  select
    coalesce(sum(created), 0) as created,
    coalesce(sum(closed), 0) as closed,
    coalesce(sum(reopened), 0) as reopened,
    coalesce(sum(net_flow), 0) as net_flow
  from {{ ref('closure_cadence') }}
),

tickets as (
  select
    count(*) as created,
    coalesce(sum(reopen_count), 0) as reopened,
    coalesce(sum(reopen_count + case when status_class = 'closed' then 1 else 0 end), 0) as closed,
    coalesce(sum(case when status_class <> 'closed' then 1 else 0 end), 0) as not_closed
  from {{ ref('suptask_tickets') }}
)

select
  cadence.created,
  cadence.closed,
  cadence.reopened,
  cadence.net_flow
from cadence
cross join tickets
where
  cadence.created <> tickets.created
  or cadence.closed <> tickets.closed
  or cadence.reopened <> tickets.reopened
  or cadence.net_flow <> tickets.not_closed
