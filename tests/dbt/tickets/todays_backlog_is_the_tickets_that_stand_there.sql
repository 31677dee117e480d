with daily as (
  select coalesce(sum(backlog.tickets), 0) as tickets
  from {{ ref('backlog_daily') }} as backlog
  where backlog.day = (select max(days.day) from {{ ref('int_days') }} as days)
),

standing as (
  select count(*) as tickets
  from {{ ref('suptask_tickets') }}
  where is_backlog
)

select
  daily.tickets as in_backlog_daily,
  standing.tickets as in_suptask_tickets
from daily
cross join standing
where daily.tickets <> standing.tickets
