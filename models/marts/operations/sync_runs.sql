with copies as (
  {{ numbered_copies(ref('stg_suptask__sync_runs'), 'event_id') }}
),

fetches as (
  select * from {{ ref('int_ticket_fetches') }}
  where run_id is not null
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

steps as (
  select copies.*
  from copies
  cross join valuation
  where
    copies.copy_number = 1
    and (valuation.known_until is null or copies.happened_at <= valuation.known_until)
),

-- A run that was given up and yet finished has two endings: the later one counts.
ordered as (
  select
    steps.*,
    row_number() over (partition by run_id order by happened_at desc, event_id desc) as newest_first
  from steps
),

runs as (
  select
    run_id,
    max(case when newest_first = 1 then workspace end) as workspace,
    max(case when newest_first = 1 then kind end) as kind,
    max(case when newest_first = 1 then event end) as last_event,
    max(case when newest_first = 1 then host end) as host,
    max(case when newest_first = 1 then pid end) as pid,
    max(case when newest_first = 1 then error end) as error,
    min(happened_at) as started_at,
    max(case when event <> 'started' then happened_at end) as ended_at
  from ordered
  group by run_id
),

reads as (
  select
    run_id,
    count(*) as reads,
    sum(case when outcome = 'found' then 1 else 0 end) as found,
    sum(case when outcome = 'unchanged' then 1 else 0 end) as unchanged,
    sum(case when outcome = 'not_found' then 1 else 0 end) as not_found,
    sum(case when outcome = 'forbidden' then 1 else 0 end) as forbidden,
    sum(case when outcome = 'rate_limited' then 1 else 0 end) as rate_limited,
    sum(case when is_failure then 1 else 0 end) as failed
  from fetches
  group by run_id
),

final as (
  select
    runs.run_id,
    runs.workspace,

    runs.kind,
    case when runs.last_event = 'started' then 'running' else runs.last_event end as state,
    runs.host,
    runs.error,

    cast(runs.pid as integer) as pid,
    cast(coalesce(reads.reads, 0) as bigint) as reads,
    cast(coalesce(reads.found, 0) as bigint) as found,
    cast(coalesce(reads.unchanged, 0) as bigint) as unchanged,
    cast(coalesce(reads.not_found, 0) as bigint) as not_found,
    cast(coalesce(reads.forbidden, 0) as bigint) as forbidden,
    cast(coalesce(reads.rate_limited, 0) as bigint) as rate_limited,
    cast(coalesce(reads.failed, 0) as bigint) as failed,
    {{ minutes_between('runs.started_at', 'runs.ended_at') }} as duration_minutes,

    runs.started_at,
    runs.ended_at
  from runs
  left join reads
    on runs.run_id = reads.run_id
)

select * from final
