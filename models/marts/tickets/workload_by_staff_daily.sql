with backlog as (
  select * from {{ ref('backlog_daily') }}
),

events as (
  select * from {{ ref('int_ticket_events') }}
  where event in ('closed', 'reopened')
),

holdings as (
  select * from {{ ref('int_ticket_holdings') }}
),

breaches as (
  select * from {{ ref('sla_outcomes') }}
  where outcome = 'breached'
),

days as (
  select * from {{ ref('int_days') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

-- What stood there at the end of a day, and what happened on it.
facts as (
  select
    day,
    holder_kind,
    holder_id,
    holder_name,
    status_class as fact,
    tickets,
    oldest_created_at,
    cast(null as bigint) as resolution_minutes
  from backlog
  union all
  select
    cast(events.happened_at as date) as day,
    holdings.holder_kind,
    holdings.holder_id,
    holdings.holder_name,
    events.event as fact,
    1 as tickets,
    cast(null as timestamp) as oldest_created_at,
    case when events.event = 'closed' then events.minutes_since_creation end as resolution_minutes
  from events
  inner join holdings
    on
      events.workspace = holdings.workspace
      and events.ticket_number = holdings.ticket_number
      and events.holding_number = holdings.holding_number
  union all
  select
    cast(due_at as date) as day,
    holder_kind,
    holder_id,
    holder_name,
    'breached' as fact,
    1 as tickets,
    cast(null as timestamp) as oldest_created_at,
    cast(null as bigint) as resolution_minutes
  from breaches
),

summed as (
  select
    day,
    holder_id,
    holder_kind,
    max(holder_name) as holder_name,
    cast(sum(case when fact = 'open' then tickets else 0 end) as bigint) as open_tickets,
    cast(sum(case when fact = 'active' then tickets else 0 end) as bigint) as active_tickets,
    cast(sum(case when fact = 'closed' then tickets else 0 end) as bigint) as closed,
    cast(sum(case when fact = 'reopened' then tickets else 0 end) as bigint) as reopened,
    cast(sum(case when fact = 'breached' then tickets else 0 end) as bigint) as breached,
    cast(percentile_cont(0.5) within group (order by resolution_minutes) as decimal(18, 3))
      as median_resolution_minutes,
    min(oldest_created_at) as oldest_created_at
  from facts
  group by
    day,
    holder_id,
    holder_kind
),

-- From the first day on, so that an average over days is one over all of them.
holders as (
  select
    holder_id,
    holder_kind,
    max(holder_name) as holder_name,
    min(day) as first_day
  from summed
  group by
    holder_id,
    holder_kind
),

final as (
  select
    days.day,
    holders.holder_id,

    holders.holder_kind,
    holders.holder_name,

    coalesce(summed.open_tickets, 0) as open_tickets,
    coalesce(summed.active_tickets, 0) as active_tickets,
    coalesce(summed.open_tickets + summed.active_tickets, 0) as backlog_tickets,
    {{ minutes_between(
      'summed.oldest_created_at',
      "least(cast(days.day as timestamp) + interval '1 day', valuation.as_of)"
    ) }} as oldest_age_minutes,
    coalesce(summed.closed, 0) as closed,
    coalesce(summed.reopened, 0) as reopened,
    coalesce(summed.breached, 0) as breached,
    summed.median_resolution_minutes,

    summed.oldest_created_at,

    '{{ var('metrics_version') }}' as metrics_version
  from holders
  inner join days
    on holders.first_day <= days.day
  cross join valuation
  left join summed
    on
      days.day = summed.day
      and holders.holder_kind = summed.holder_kind
      and holders.holder_id is not distinct from summed.holder_id
)

select * from final
