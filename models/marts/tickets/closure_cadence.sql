with events as (
  select * from {{ ref('int_ticket_events') }}
),

weeks as (
  select distinct week_start
  from {{ ref('int_days') }}
),

groups as (
  select distinct
    partner_id,
    partner_kind,
    partner_name,
    priority,
    priority_rank
  from events
),

counted as (
  select
    {{ week_start('happened_at') }} as week_start,
    partner_id,
    priority,
    sum(case when event = 'created' then 1 else 0 end) as created,
    sum(case when event = 'closed' then 1 else 0 end) as closed,
    sum(case when event = 'reopened' then 1 else 0 end) as reopened,
    percentile_cont(0.5) within group (
      order by case when event = 'closed' then minutes_since_creation end
    ) as median_resolution_minutes,
    percentile_cont(0.9) within group (
      order by case when event = 'closed' then minutes_since_creation end
    ) as p90_resolution_minutes
  from events
  group by
    {{ week_start('happened_at') }},
    partner_id,
    priority
),

final as (
  select
    weeks.week_start,
    groups.partner_id,

    groups.partner_kind,
    groups.partner_name,
    groups.priority,

    groups.priority_rank,
    cast(coalesce(counted.created, 0) as bigint) as created,
    cast(coalesce(counted.closed, 0) as bigint) as closed,
    cast(coalesce(counted.reopened, 0) as bigint) as reopened,
    cast(coalesce(counted.created + counted.reopened - counted.closed, 0) as bigint) as net_flow,
    cast(counted.median_resolution_minutes as decimal(18, 3)) as median_resolution_minutes,
    cast(counted.p90_resolution_minutes as decimal(18, 3)) as p90_resolution_minutes,

    '{{ var('metrics_version') }}' as metrics_version
  from weeks
  cross join groups
  left join counted
    on
      weeks.week_start = counted.week_start
      and groups.partner_id is not distinct from counted.partner_id
      and groups.priority is not distinct from counted.priority
)

select * from final
