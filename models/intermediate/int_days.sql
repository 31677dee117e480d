with creation as (
  select * from {{ ref('int_ticket_creation') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

span as (
  select
    cast(min(creation.created_at) as date) as first_day,
    cast(max(valuation.as_of) as date) as last_day
  from creation
  cross join valuation
),

days as (
  select {{ days_from_to('first_day', 'last_day') }} as day_start
  from span
  where first_day is not null
),

final as (
  select
    cast(day_start as date) as day,
    {{ week_start('day_start') }} as week_start,
    cast(day_start as timestamp) as starts_at,
    cast(day_start as timestamp) + interval '1 day' as ends_at
  from days
)

select * from final
