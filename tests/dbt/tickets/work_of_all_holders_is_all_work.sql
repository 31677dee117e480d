with by_staff as (
  select
    coalesce(sum(backlog_tickets), 0) as backlog_tickets,
    coalesce(sum(closed_90_days), 0) as closed_90_days,
    coalesce(sum(reopened_90_days), 0) as reopened_90_days
  from {{ ref('workload_by_staff') }}
),

by_partner as (
  select
    coalesce(sum(backlog_tickets), 0) as backlog_tickets,
    coalesce(sum(closed_90_days), 0) as closed_90_days,
    coalesce(sum(reopened_90_days), 0) as reopened_90_days
  from {{ ref('workload_by_partner') }}
),

tickets as (
  select count(*) as backlog_tickets
  from {{ ref('suptask_tickets') }}
  where is_backlog
)

select
  tickets.backlog_tickets,
  by_staff.backlog_tickets as of_staff,
  by_partner.backlog_tickets as of_partners
from tickets
cross join by_staff
cross join by_partner
where
  by_staff.backlog_tickets <> tickets.backlog_tickets
  or by_partner.backlog_tickets <> tickets.backlog_tickets
  or by_staff.closed_90_days <> by_partner.closed_90_days
  or by_staff.reopened_90_days <> by_partner.reopened_90_days
