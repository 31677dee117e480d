-- backlog(d) = backlog(d-1) + created + reopened + restored - closed - archived or gone while open
with membership as (
  select
    history.workspace,
    history.ticket_number,
    history.valid_from,
    history.is_current,
    tickets.gone_at,
    history.status_class <> 'closed' and not history.is_archived as is_in,
    coalesce(
      lag(history.status_class <> 'closed' and not history.is_archived) over (
        partition by history.workspace, history.ticket_number
        order by history.interval_number
      ),
      false
    ) as was_in
  from {{ ref('suptask_ticket_history') }} as history
  inner join {{ ref('suptask_tickets') }} as tickets
    on
      history.workspace = tickets.workspace
      and history.ticket_number = tickets.ticket_number
),

flows as (
  select
    cast(valid_from as date) as day,
    case when is_in then 1 else -1 end as change
  from membership
  where is_in <> was_in
  union all
  select
    cast(gone_at as date) as day,
    -1 as change
  from membership
  where is_current and is_in and gone_at is not null
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
