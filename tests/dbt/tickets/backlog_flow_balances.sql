-- backlog(d) = backlog(d-1) + created + reopened + restored - closed - archived or gone while open
-- What each interval in the backlog adds at its beginning it takes away at its end; where the next one is in it too,
-- that adds the same on the same day.
with membership as (
  select
    valid_from,
    valid_to,
    is_current,
    gone_at
  from {{ ref('suptask_ticket_history') }}
  where status_class <> 'closed' and not is_archived
),

flows as (
  select
    cast(valid_from as date) as day,
    1 as change
  from membership
  union all
  select
    cast(valid_to as date) as day,
    -1 as change
  from membership
  where valid_to is not null
  union all
  select
    cast(gone_at as date) as day,
    -1 as change
  from membership
  where is_current and gone_at is not null
),

daily_flows as (
  select
    days.day,
    coalesce(sum(flows.change), 0) as change
  from {{ ref('int_days') }} as days
  left join flows
    on days.day = flows.day
  group by days.day
),

daily_backlog as (
  select
    days.day,
    coalesce(sum(backlog.tickets), 0) as tickets
  from {{ ref('int_days') }} as days
  left join {{ ref('backlog_daily') }} as backlog
    on days.day = backlog.day
  group by days.day
),

compared as (
  select
    daily_backlog.day,
    daily_backlog.tickets,
    sum(daily_flows.change) over (order by daily_backlog.day rows unbounded preceding) as flowed
  from daily_backlog
  inner join daily_flows
    on daily_backlog.day = daily_flows.day
)

select * from compared
where tickets <> flowed
