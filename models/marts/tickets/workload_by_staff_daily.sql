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

final as (
  select
    summed.day,
    summed.holder_id,

    summed.holder_kind,
    summed.holder_name,

    summed.open_tickets,
    summed.active_tickets,
    summed.open_tickets + summed.active_tickets as backlog_tickets,
    {{ minutes_between(
      'summed.oldest_created_at',
      "least(cast(summed.day as timestamp) + interval '1 day', valuation.as_of)"
    ) }} as oldest_age_minutes,
    summed.closed,
    summed.reopened,
    summed.breached,
    summed.median_resolution_minutes,

    summed.oldest_created_at,

    '{{ var('metrics_version') }}' as metrics_version
  from summed
  cross join valuation
)

select * from final
