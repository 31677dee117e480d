with backlog as (
  select * from {{ ref('backlog_daily') }}
),

events as (
  select * from {{ ref('int_ticket_events') }}
  where event in ('created', 'closed', 'reopened')
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
    partner_kind,
    partner_id,
    partner_name,
    status_class as fact,
    tickets,
    oldest_created_at,
    cast(null as bigint) as resolution_minutes
  from backlog
  union all
  select
    cast(happened_at as date) as day,
    partner_kind,
    partner_id,
    partner_name,
    event as fact,
    1 as tickets,
    cast(null as timestamp) as oldest_created_at,
    case when event = 'closed' then minutes_since_creation end as resolution_minutes
  from events
  union all
  select
    cast(due_at as date) as day,
    partner_kind,
    partner_id,
    partner_name,
    'breached' as fact,
    1 as tickets,
    cast(null as timestamp) as oldest_created_at,
    cast(null as bigint) as resolution_minutes
  from breaches
),

summed as (
  select
    day,
    partner_id,
    partner_kind,
    max(partner_name) as partner_name,
    cast(sum(case when fact = 'open' then tickets else 0 end) as bigint) as open_tickets,
    cast(sum(case when fact = 'active' then tickets else 0 end) as bigint) as active_tickets,
    cast(sum(case when fact = 'created' then tickets else 0 end) as bigint) as created,
    cast(sum(case when fact = 'closed' then tickets else 0 end) as bigint) as closed,
    cast(sum(case when fact = 'reopened' then tickets else 0 end) as bigint) as reopened,
    cast(sum(case when fact = 'breached' then tickets else 0 end) as bigint) as breached,
    cast(percentile_cont(0.5) within group (order by resolution_minutes) as decimal(18, 3))
      as median_resolution_minutes,
    min(oldest_created_at) as oldest_created_at
  from facts
  group by
    day,
    partner_id,
    partner_kind
),

-- From the first day on, so that an average over days is one over all of them.
partners as (
  select
    partner_id,
    partner_kind,
    max(partner_name) as partner_name,
    min(day) as first_day
  from summed
  group by
    partner_id,
    partner_kind
),

final as (
  select
    days.day,
    partners.partner_id,

    partners.partner_kind,
    partners.partner_name,

    coalesce(summed.open_tickets, 0) as open_tickets,
    coalesce(summed.active_tickets, 0) as active_tickets,
    coalesce(summed.open_tickets + summed.active_tickets, 0) as backlog_tickets,
    {{ minutes_between(
      'summed.oldest_created_at',
      "least(cast(days.day as timestamp) + interval '1 day', valuation.as_of)"
    ) }} as oldest_age_minutes,
    coalesce(summed.created, 0) as created,
    coalesce(summed.closed, 0) as closed,
    coalesce(summed.reopened, 0) as reopened,
    coalesce(summed.breached, 0) as breached,
    summed.median_resolution_minutes,

    summed.oldest_created_at,

    '{{ var('metrics_version') }}' as metrics_version
  from partners
  inner join days
    on partners.first_day <= days.day
  cross join valuation
  left join summed
    on
      days.day = summed.day
      and partners.partner_kind = summed.partner_kind
      and partners.partner_id is not distinct from summed.partner_id
)

select * from final
