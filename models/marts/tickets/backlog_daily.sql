with intervals as (
  select * from {{ ref('int_ticket_intervals') }}
  where is_backlog
),

details as (
  select * from {{ ref('int_ticket_details') }}
),

holdings as (
  select * from {{ ref('int_ticket_holdings') }}
),

age_bands as (
  select * from {{ ref('age_bands') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

-- Only the spells in which a ticket stood in the backlog; one that is gone stands there no longer.
spells as (
  select
    intervals.status_class,
    intervals.priority,
    intervals.priority_rank,
    intervals.queue_id,
    details.partner_id,
    details.partner_kind,
    details.partner_name,
    holdings.holder_id,
    holdings.holder_kind,
    holdings.holder_name,
    details.created_at,
    intervals.valid_from,
    case
      when details.gone_at < coalesce(intervals.valid_to, timestamp '9999-12-31') then details.gone_at
      else intervals.valid_to
    end as valid_to
  from intervals
  inner join details
    on
      intervals.workspace = details.workspace
      and intervals.ticket_number = details.ticket_number
  inner join holdings
    on
      intervals.workspace = holdings.workspace
      and intervals.ticket_number = holdings.ticket_number
      and intervals.holding_number = holdings.holding_number
),

-- A day's backlog is what stood there at its end; today's, what stands there at the valuation time.
at_the_end_of_days as (
  select
    spells.*,
    valuation.as_of,
    cast(spells.valid_from as date) as first_day,
    cast(coalesce(spells.valid_to - interval '1 day', valuation.as_of) as date) as last_day
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
),

final as (
  select
    standing.day,
    standing.queue_id,
    standing.partner_id,
    standing.holder_id,

    standing.status_class,
    standing.priority,
    max(standing.partner_kind) as partner_kind,
    max(standing.partner_name) as partner_name,
    standing.holder_kind,
    max(standing.holder_name) as holder_name,
    age_bands.age_band,

    max(standing.priority_rank) as priority_rank,
    max(age_bands.age_band_rank) as age_band_rank,
    cast(count(*) as bigint) as tickets,

    min(standing.created_at) as oldest_created_at,

    '{{ var('metrics_version') }}' as metrics_version
  from standing
  inner join age_bands
    on
      standing.age_minutes >= age_bands.from_minutes
      and (age_bands.to_minutes is null or standing.age_minutes < age_bands.to_minutes)
  group by
    standing.day,
    standing.queue_id,
    standing.partner_id,
    standing.holder_kind,
    standing.holder_id,
    standing.status_class,
    standing.priority,
    age_bands.age_band
)

select * from final
