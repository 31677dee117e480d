with weeks as (
  select count(distinct week_start) as weeks
  from {{ ref('int_days') }}
),

cadences as (
  select
    partner_id,
    priority,
    count(*) as weeks
  from {{ ref('closure_cadence') }}
  group by
    partner_id,
    priority
)

select
  cadences.partner_id,
  cadences.priority,
  cadences.weeks,
  weeks.weeks as expected_weeks
from cadences
cross join weeks
where cadences.weeks <> weeks.weeks
