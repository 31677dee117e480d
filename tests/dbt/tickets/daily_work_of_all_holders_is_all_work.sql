with by_staff as (
  select
    day,
    sum(backlog_tickets) as backlog_tickets,
    sum(closed) as closed,
    sum(reopened) as reopened,
    sum(breached) as breached
  from {{ ref('workload_by_staff_daily') }}
  group by day
),

by_partner as (
  select
    day,
    sum(backlog_tickets) as backlog_tickets,
    sum(closed) as closed,
    sum(reopened) as reopened,
    sum(breached) as breached
  from {{ ref('workload_by_partner_daily') }}
  group by day
),

volume as (
  select
    day,
    sum(closed) as closed,
    sum(reopened) as reopened
  from {{ ref('ticket_volume_daily') }}
  group by day
),

backlog as (
  select
    day,
    sum(tickets) as tickets
  from {{ ref('backlog_daily') }}
  group by day
)

select days.day
from {{ ref('int_days') }} as days
left join by_staff
  on days.day = by_staff.day
left join by_partner
  on days.day = by_partner.day
left join volume
  on days.day = volume.day
left join backlog
  on days.day = backlog.day
where
  coalesce(backlog.tickets, 0) <> coalesce(by_staff.backlog_tickets, 0)
  or coalesce(backlog.tickets, 0) <> coalesce(by_partner.backlog_tickets, 0)
  or coalesce(volume.closed, 0) <> coalesce(by_staff.closed, 0)
  or coalesce(volume.closed, 0) <> coalesce(by_partner.closed, 0)
  or coalesce(volume.reopened, 0) <> coalesce(by_staff.reopened, 0)
  or coalesce(volume.reopened, 0) <> coalesce(by_partner.reopened, 0)
  or coalesce(by_staff.breached, 0) <> coalesce(by_partner.breached, 0)
