{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with intervals as (
  {{ to_make(ref('int_ticket_intervals')) }}
),

details as (
  {{ to_make(ref('int_ticket_details')) }}
),

-- A status may go by several names.
statuses as (
  select
    status,
    min(case when counts_in_actual_resolution then 1 else 0 end) = 1 as counts_in_actual_resolution
  from {{ ref('statuses') }}
  group by status
),

business_days as (
  select * from {{ ref('int_business_days') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

bounded as (
  select
    intervals.*,
    details.calendar_id,
    details.mark as details_mark,
    details.gone_at,
    coalesce(statuses.counts_in_actual_resolution, intervals.status_class <> 'closed') as is_counted,
    -- An active ticket may have been open until it was first seen, though its class is carried back.
    case
      when intervals.interval_number = 1 and intervals.status_class = 'active' then details.first_seen_at
    end as maybe_open_until,
    -- And one that was first seen assigned may have been held by nobody until then.
    case
      when intervals.interval_number = 1 and intervals.assignee_id is not null then details.first_seen_at
    end as maybe_unassigned_until,
    coalesce(intervals.valid_from_earliest, intervals.valid_from) as began_after,
    -- What stands still stands so until the valuation time, or until it was gone.
    case
      when intervals.is_current then least(coalesce(details.gone_at, valuation.as_of), valuation.as_of)
    end as ended_at
  from intervals
  inner join details
    on
      intervals.workspace = details.workspace
      and intervals.ticket_number = details.ticket_number
  cross join valuation
  left join statuses
    on intervals.status = statuses.status
),

-- What the two clocks, the calendar's and the business calendar's, show at each beginning and its bounds.
read_off as (
  select
    bounded.*,
    {{ whole_minute('bounded.valid_from') }} as from_minute,
    {{ whole_minute('bounded.began_after') }} as from_minute_earliest,
    {{ whole_minute('bounded.valid_from_latest') }} as from_minute_latest,
    {{ whole_minute('bounded.ended_at') }} as end_minute,
    {{ business_minute('from_days', 'bounded.valid_from') }} as from_business_minute,
    {{ business_minute('earliest_days', 'bounded.began_after') }} as from_business_minute_earliest,
    {{ business_minute('latest_days', 'bounded.valid_from_latest') }} as from_business_minute_latest,
    {{ business_minute('end_days', 'bounded.ended_at') }} as end_business_minute,
    {{ whole_minute('bounded.maybe_open_until') }} as maybe_open_until_minute,
    {{ business_minute('look_days', 'bounded.maybe_open_until') }} as maybe_open_until_business_minute,
    {{ whole_minute('bounded.maybe_unassigned_until') }} as maybe_unassigned_until_minute
  from bounded
  left join business_days as from_days
    on {{ business_day_of('from_days', 'bounded.calendar_id', 'bounded.valid_from') }}
  left join business_days as earliest_days
    on {{ business_day_of('earliest_days', 'bounded.calendar_id', 'bounded.began_after') }}
  left join business_days as latest_days
    on {{ business_day_of('latest_days', 'bounded.calendar_id', 'bounded.valid_from_latest') }}
  left join business_days as end_days
    on {{ business_day_of('end_days', 'bounded.calendar_id', 'bounded.ended_at') }}
  left join business_days as look_days
    on {{ business_day_of('look_days', 'bounded.calendar_id', 'bounded.maybe_open_until') }}
),

neighbours as (
  select
    read_off.*,
    lead(status_class) over spells as next_status_class,
    coalesce(previous_status_class = status_class and previous_holding_number = holding_number, false)
      as goes_on_from_previous,
    coalesce(
      lead(status_class) over spells = status_class and lead(holding_number) over spells = holding_number, false
    ) as goes_on_in_next,
    lag(is_counted) over spells as previous_is_counted,
    lead(is_counted) over spells as next_is_counted,
    lag(status) over spells as previous_status,
    lead(status) over spells as next_status,
    coalesce(lag(is_backlog) over spells, false) as previous_is_backlog,
    coalesce(lead(is_backlog) over spells, false) as next_is_backlog,
    last_value(status_class) over (
      partition by workspace, ticket_number
      order by interval_number
      rows between unbounded preceding and unbounded following
    ) as last_status_class,
    coalesce(lead(from_minute) over spells, end_minute) as to_minute,
    coalesce(lead(from_minute_earliest) over spells, end_minute) as to_minute_earliest,
    coalesce(lead(from_minute_latest) over spells, end_minute) as to_minute_latest,
    coalesce(lead(from_business_minute) over spells, end_business_minute) as to_business_minute,
    coalesce(lead(from_business_minute_earliest) over spells, end_business_minute) as to_business_minute_earliest,
    coalesce(lead(from_business_minute_latest) over spells, end_business_minute) as to_business_minute_latest
  from read_off
  window spells as (partition by workspace, ticket_number order by interval_number)
),

bounds as (
  select
    neighbours.*,
    coalesce(maybe_open_until_minute, maybe_unassigned_until_minute) as first_look_minute,
    case when goes_on_from_previous then from_minute else from_minute_latest end as began_minute_latest
  from neighbours
),

final as (
  select
    workspace,
    ticket_number,
    interval_number,
    holding_number,
    calendar_id,
    assignee_id,

    status,
    previous_status,
    next_status,
    status_class,
    priority,
    basis,

    from_minute,
    from_minute_earliest,
    from_minute_latest,
    to_minute,
    to_minute_earliest,
    to_minute_latest,
    from_business_minute,
    from_business_minute_earliest,
    from_business_minute_latest,
    to_business_minute,
    to_business_minute_earliest,
    to_business_minute_latest,

    to_minute - from_minute as minutes,
    -- A boundary between two spells of one class is none: what the one loses by it the other gains.
    case when next_status_class = status_class then to_minute else to_minute_earliest end
    - case
      when previous_status_class = status_class then from_minute
      else coalesce(maybe_open_until_minute, from_minute_latest)
    end as minutes_least,
    case when next_status_class = status_class then to_minute else to_minute_latest end
    - case when previous_status_class = status_class then from_minute else from_minute_earliest end as minutes_most,
    coalesce(maybe_open_until_minute - from_minute, 0) as minutes_maybe_open,

    -- The same for what one holder had of a class: of two spells that go on from each other the boundary is none.
    case
      when goes_on_in_next then to_minute - coalesce(first_look_minute, began_minute_latest)
      when first_look_minute is not null then greatest(to_minute_earliest - first_look_minute, 0)
      else to_minute_earliest - began_minute_latest
    end as held_minutes_least,
    case when goes_on_in_next then to_minute else to_minute_latest end
    - case when goes_on_from_previous then from_minute else from_minute_earliest end as held_minutes_most,
    coalesce(maybe_unassigned_until_minute - from_minute, 0) as minutes_maybe_unassigned,

    to_business_minute - from_business_minute as business_minutes,
    case
      when is_counted
        then
          case when next_is_counted then to_business_minute else to_business_minute_earliest end
          - case when previous_is_counted then from_business_minute else from_business_minute_latest end
      when maybe_open_until_business_minute is not null then 0
    end as counted_business_minutes_least,
    case
      when is_counted
        then
          case when next_is_counted then to_business_minute else to_business_minute_latest end
          - case when previous_is_counted then from_business_minute else from_business_minute_earliest end
      else maybe_open_until_business_minute - from_business_minute
    end as counted_business_minutes_most,

    is_backlog,
    previous_is_backlog,
    next_is_backlog,
    is_counted,
    status_class = 'closed' and previous_status_class <> 'closed' as is_closing,
    is_current,

    valid_from,
    valid_from_earliest,
    valid_from_latest,

    -- What is not over yet is measured up to now, and made anew by each build.
    case
      when gone_at is not null or last_status_class = 'closed' then {{ shared_mark(['mark', 'details_mark']) }}
    end as mark
  from bounds
)

select * from final
