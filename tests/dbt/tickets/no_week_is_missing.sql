with weeks as (
  select distinct week_start
  from {{ ref('closure_cadence') }}
),

neighbours as (
  select
    week_start,
    lag(week_start) over (order by week_start) as previous_week_start
  from weeks
)

select * from neighbours
where week_start <> previous_week_start + interval '7 days'
