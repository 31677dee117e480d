with copies as (
  {{ numbered_copies(ref('stg_suptask__alert_deliveries'), 'delivery_id') }}
),

acknowledgements as (
  select * from {{ ref('stg_suptask__alert_acknowledgements') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

attempts as (
  select copies.*
  from copies
  cross join valuation
  where
    copies.copy_number = 1
    and (valuation.known_until is null or copies.delivered_at <= valuation.known_until)
),

newest_acknowledgements as (
  select
    acknowledgements.*,
    row_number() over (
      partition by acknowledgements.workspace, acknowledgements.alert_key, acknowledgements.opened_at
      order by acknowledgements.acknowledged_at desc, acknowledgements.ack_id desc
    ) as age
  from acknowledgements
  cross join valuation
  where valuation.known_until is null or acknowledgements.acknowledged_at <= valuation.known_until
),

occurrences as (
  select
    workspace,
    alert_key,
    opened_at,
    max(case when event = 'opened' then message end) as message,
    sum(case when channel <> 'log' then 1 else 0 end) as attempts,
    sum(case when channel <> 'log' and not is_ok then 1 else 0 end) as failed_attempts,
    min(case when channel <> 'log' and event = 'opened' and is_ok then delivered_at end) as first_told_at,
    min(case when channel = 'log' and event = 'closed' then delivered_at end) as closed_at
  from attempts
  group by
    workspace,
    alert_key,
    opened_at
),

final as (
  select
    occurrences.workspace,
    occurrences.alert_key,

    case
      when occurrences.closed_at is not null then 'closed'
      when acknowledged.ack_id is not null then 'acknowledged'
      else 'open'
    end as state,
    occurrences.message,
    acknowledged.acknowledged_by,
    acknowledged.note,

    cast(occurrences.attempts as bigint) as attempts,
    cast(occurrences.failed_attempts as bigint) as failed_attempts,
    {{ minutes_between('occurrences.opened_at', 'occurrences.closed_at') }} as open_minutes,

    occurrences.opened_at,
    occurrences.first_told_at,
    acknowledged.acknowledged_at,
    occurrences.closed_at
  from occurrences
  left join newest_acknowledgements as acknowledged
    on
      occurrences.workspace = acknowledged.workspace
      and occurrences.alert_key = acknowledged.alert_key
      and occurrences.opened_at = acknowledged.opened_at
      and acknowledged.age = 1
)

select * from final
