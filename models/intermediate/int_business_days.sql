with valued_days as (
  select * from {{ ref('int_days') }}
),

calendars as (
  select * from {{ ref('business_calendars') }}
),

hours as (
  select * from {{ ref('business_hours') }}
),

holidays as (
  select * from {{ ref('business_holidays') }}
),

offsets as (
  select
    time_zone,
    offset_minutes,
    {{ whole_minute('valid_from') }} as from_minute,
    {{ whole_minute('lead(valid_from) over (partition by time_zone order by valid_from)') }} as to_minute
  from {{ ref('time_zone_offsets') }}
),

-- A day of UTC holds parts of the local days around it.
span as (
  select
    timestamp '{{ var('business_days_from') }}' as first_day,
    cast(max(starts_at) as timestamp) + interval '{{ var('business_days_ahead') }} days' as last_day
  from valued_days
),

day_starts as (
  select {{ days_from_to('first_day', 'last_day') }} as day_start
  from span
  where last_day is not null
),

days as (
  select
    cast(day_start as date) as day,
    {{ whole_minute('day_start') }} as day_minute,
    {{ minutes_between('cast(' ~ week_start('day_start') ~ ' as timestamp)', 'day_start') }} as week_minute
  from day_starts
),

-- The zones' offsets while the calendars are looked at, not those of the whole century.
recent_offsets as (
  select
    calendars.calendar_id,
    offsets.offset_minutes,
    offsets.from_minute,
    offsets.to_minute
  from calendars
  inner join offsets
    on calendars.time_zone = offsets.time_zone
  cross join span
  where
    offsets.from_minute <= {{ whole_minute('span.last_day') }} + 2880
    and (offsets.to_minute is null or offsets.to_minute >= {{ whole_minute('span.first_day') }} - 2880)
),

-- Each opening of each local day, as the clock on the wall has it.
openings as (
  select
    hours.calendar_id,
    days.day_minute + {{ wall_minutes('hours.opens_at') }} as opens_wall_minute,
    days.day_minute + {{ wall_minutes('hours.closes_at') }} as closes_wall_minute
  from days
  inner join hours
    on days.week_minute = 1440 * (hours.weekday - 1)
  left join holidays
    on
      hours.calendar_id = holidays.calendar_id
      and days.day = holidays.day
  where
    holidays.day is null
    and (hours.valid_from is null or hours.valid_from <= days.day)
    and (hours.valid_to is null or hours.valid_to > days.day)
),

-- The wall's hours in UTC, offset by offset: what the wall shows twice is open twice, what it skips
-- is not there.
opened as (
  select
    openings.calendar_id,
    greatest(openings.opens_wall_minute - recent_offsets.offset_minutes, recent_offsets.from_minute) as opens_minute,
    least(
      openings.closes_wall_minute - recent_offsets.offset_minutes,
      coalesce(recent_offsets.to_minute, openings.closes_wall_minute - recent_offsets.offset_minutes)
    ) as closes_minute
  from openings
  inner join recent_offsets
    on openings.calendar_id = recent_offsets.calendar_id
),

openings_in_utc as (
  select
    calendar_id,
    opens_minute,
    closes_minute,
    1440 * cast(floor(opens_minute / 1440.0) as bigint) as day_minute
  from opened
  where opens_minute < closes_minute
),

-- No opening is longer than a day, so it touches two days of UTC at most.
openings_by_day as (
  select
    calendar_id,
    day_minute,
    opens_minute,
    least(closes_minute, day_minute + 1440) as closes_minute
  from openings_in_utc
  union all
  select
    calendar_id,
    day_minute + 1440 as day_minute,
    day_minute + 1440 as opens_minute,
    closes_minute
  from openings_in_utc
  where closes_minute > day_minute + 1440
),

-- A day on which nothing opens is a row, too.
rows_of_days as (
  select
    calendars.calendar_id,
    days.day,
    days.day_minute,
    coalesce(openings_by_day.opens_minute, days.day_minute) as opens_minute,
    coalesce(openings_by_day.closes_minute - openings_by_day.opens_minute, 0) as open_minutes
  from calendars
  cross join days
  left join openings_by_day
    on
      calendars.calendar_id = openings_by_day.calendar_id
      and days.day_minute = openings_by_day.day_minute
),

ordered as (
  select
    rows_of_days.*,
    lag(opens_minute) over (partition by calendar_id, day order by opens_minute) as previous_opens_minute,
    lead(opens_minute) over (partition by calendar_id, day order by opens_minute) as next_opens_minute,
    sum(open_minutes) over (
      partition by calendar_id
      order by opens_minute
      rows between unbounded preceding and 1 preceding
    ) as earlier_open_minutes
  from rows_of_days
),

final as (
  select
    calendar_id,

    day,

    case when previous_opens_minute is null then day_minute else opens_minute end as from_minute,
    coalesce(next_opens_minute, day_minute + 1440) as to_minute,
    opens_minute,
    open_minutes,
    cast(coalesce(earlier_open_minutes, 0) as bigint) as business_minutes_before
  from ordered
)

select * from final
