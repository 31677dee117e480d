-- What the weeks count and measure are the closings, one by one.
with closings as (
  select
    week_start,
    partner_id,
    priority,
    count(*) as closed,
    cast(percentile_cont(0.5) within group (order by resolution_minutes) as decimal(18, 3))
      as median_resolution_minutes,
    cast(percentile_cont(0.9) within group (order by resolution_minutes) as decimal(18, 3))
      as p90_resolution_minutes
  from {{ ref('ticket_closings') }}
  group by
    week_start,
    partner_id,
    priority
),

cadence as (
  select * from {{ ref('closure_cadence') }}
  where closed > 0
)

select
  coalesce(cadence.week_start, closings.week_start) as week_start,
  coalesce(cadence.partner_id, closings.partner_id) as partner_id,
  coalesce(cadence.priority, closings.priority) as priority
from cadence
full outer join closings
  on
    cadence.week_start = closings.week_start
    and coalesce(cadence.partner_id, '') = coalesce(closings.partner_id, '')
    and coalesce(cadence.priority, '') = coalesce(closings.priority, '')
where
  cadence.closed is distinct from closings.closed
  or cadence.median_resolution_minutes is distinct from closings.median_resolution_minutes
  or cadence.p90_resolution_minutes is distinct from closings.p90_resolution_minutes
