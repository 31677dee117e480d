{{ config(materialized=in_part(), incremental_strategy='by_day', on_schema_change='fail') }}

with history as (
  select * from {{ ref('suptask_ticket_history') }}
  where is_backlog
),

age_bands as (
  select * from {{ ref('age_bands') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

marks as (
  {{ day_marks('backlog_daily') }}
),

oldest_band as (
  select max(from_minutes) as from_minutes
  from age_bands
),

-- The bands of each age in whole days, by which they are found; to compare each age with each band takes as long as
-- all the rest.
age_days as (
  select
    age_bands.*,
    {{ days_from_to(age_day('from_minutes'), age_day('coalesce(to_minutes - 1, from_minutes)')) }} as age_day
  from age_bands
),

-- Only the spells in which a ticket stood in the backlog; one that is gone stands there no longer.
spells as (
  select
    history.*,
    case
      when gone_at < coalesce(valid_to, timestamp '9999-12-31') then gone_at
      else valid_to
    end as left_at
  from history
),

-- A day's backlog is what stood there at its end; today's, what stands there at the valuation time.
at_the_end_of_days as (
  select
    spells.*,
    valuation.as_of,
    {{ from_first_to_make('cast(spells.valid_from as date)') }} as first_day,
    cast(coalesce(spells.left_at - interval '1 day', valuation.as_of) as date) as last_day
  from spells
  cross join valuation
),

expanded as (
  select
    at_the_end_of_days.*,
    {{ days_from_to('first_day', 'last_day') }} as day_start
  from at_the_end_of_days
  where first_day <= last_day
),

standing as (
  select
    expanded.*,
    cast(day_start as date) as day,
    {{ minutes_between('created_at', "least(cast(day_start as timestamp) + interval '1 day', as_of)") }} as age_minutes
  from expanded
  where {{ day_is_to_make('cast(day_start as date)') }}
),

aged as (
  select
    standing.*,
    {{ age_day('least(age_minutes, oldest_band.from_minutes)') }} as age_day
  from standing
  cross join oldest_band
),

counted as (
  select
    aged.day,
    aged.queue_id,
    aged.partner_id,
    aged.holder_id,

    aged.status_class,
    aged.priority,
    max(aged.partner_kind) as partner_kind,
    max(aged.partner_name) as partner_name,
    aged.holder_kind,
    max(aged.holder_name) as holder_name,
    age_days.age_band,

    max(aged.priority_rank) as priority_rank,
    max(age_days.age_band_rank) as age_band_rank,
    cast(count(*) as bigint) as tickets,

    min(aged.created_at) as oldest_created_at
  from aged
  inner join age_days
    on
      aged.age_day = cast(age_days.age_day as date)
      and aged.age_minutes >= age_days.from_minutes
      and (age_days.to_minutes is null or aged.age_minutes < age_days.to_minutes)
  group by
    aged.day,
    aged.queue_id,
    aged.partner_id,
    aged.holder_kind,
    aged.holder_id,
    aged.status_class,
    aged.priority,
    age_days.age_band
),

final as (
  select
    counted.*,
    '{{ var('metrics_version') }}' as metrics_version,
    marks.mark
  from counted
  left join marks
    on counted.day = marks.day
)

select * from final
