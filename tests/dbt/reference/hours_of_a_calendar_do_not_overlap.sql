with hours as (
  select
    calendar_id,
    weekday,
    opens_at,
    closes_at,
    coalesce(valid_from, cast('1900-01-01' as date)) as valid_from,
    coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
  from {{ ref('business_hours') }}
)

select
  earlier.calendar_id,
  'On weekday ' || cast(earlier.weekday as {{ dbt.type_string() }}) || ' the hours of ' || earlier.calendar_id
  || ' from ' || earlier.opens_at || ' to ' || earlier.closes_at || ' overlap others, or end before they begin.'
    as finding
from hours as earlier
inner join hours as later
  on
    earlier.calendar_id = later.calendar_id
    and earlier.weekday = later.weekday
    and earlier.valid_from < later.valid_to
    and later.valid_from < earlier.valid_to
where
  earlier.opens_at >= earlier.closes_at
  or earlier.closes_at > '24:00'
  or (earlier.opens_at < later.opens_at and later.opens_at < earlier.closes_at)
  or (earlier.opens_at = later.opens_at and earlier.closes_at < later.closes_at)
