{%- set promised = env_var('SUPTASK_PROMISED_FRESHNESS_MINUTES', '') | int(360) or 360 -%}

with workspaces as (
  select
    workspace,
    newest_at,
    newest_at - interval '1 day' as day_before
  from {{ ref('int_workspace_times') }}
),

checks as (
  select * from {{ ref('int_connection_checks') }}
),

runs as (
  select * from {{ ref('sync_runs') }}
),

ledger as (
  select * from {{ ref('number_ledger') }}
),

failures as (
  select * from {{ ref('fetch_failures') }}
),

resolutions as (
  select * from {{ ref('identity_resolution') }}
  where role = 'requester' and is_slack_sourced and outcome in ('resolved', 'unresolved')
),

alerts as (
  select * from {{ ref('alerts') }}
  where state <> 'closed'
),

connections as (
  select
    checks.workspace,
    max(case when checks.kind <> 'diagnostic' then checks.checked_at end) as last_check_at,
    max(case when checks.kind <> 'diagnostic' and checks.is_ok then checks.checked_at end) as last_verified_at,
    max(case when checks.kind = 'heartbeat' then checks.checked_at end) as last_heartbeat_at,
    sum(case when checks.kind = 'heartbeat' and checks.checked_at > workspaces.day_before then 1 else 0 end)
      as heartbeats_24h,
    sum(
      case
        when checks.kind = 'heartbeat' and not checks.is_ok and checks.checked_at > workspaces.day_before then 1
        else 0
      end
    ) as failed_heartbeats_24h
  from checks
  inner join workspaces
    on checks.workspace = workspaces.workspace
  group by checks.workspace
),

newest_checks as (
  select
    checks.*,
    row_number() over (partition by workspace order by checked_at desc, check_id desc) as age
  from checks
  where kind <> 'diagnostic'
),

newest_drift as (
  select
    checks.*,
    row_number() over (partition by workspace order by checked_at desc, check_id desc) as age
  from checks
  where kind = 'diagnostic' and scenario = 'payload_drift'
),

newest_runs as (
  select
    runs.*,
    row_number() over (partition by workspace order by started_at desc, run_id desc) as age
  from runs
),

finished_runs as (
  select
    workspace,
    max(case when state = 'finished' then ended_at end) as last_finished_at
  from runs
  group by workspace
),

failed_runs as (
  select
    runs.workspace,
    count(*) as runs_failed_in_row
  from runs
  inner join finished_runs
    on runs.workspace = finished_runs.workspace
  where
    runs.state in ('failed', 'abandoned')
    and (finished_runs.last_finished_at is null or runs.ended_at > finished_runs.last_finished_at)
  group by runs.workspace
),

numbers as (
  select
    workspace,
    count(*) as known_numbers
  from ledger
  group by workspace
),

queues as (
  select
    workspace,
    count(*) as failing_numbers,
    sum(case when is_parked then 1 else 0 end) as parked_numbers
  from failures
  group by workspace
),

shares as (
  select
    workspace,
    count(*) as judged,
    {{ share("sum(case when outcome = 'resolved' then 1 else 0 end)", 'count(*)') }} as resolution_share
  from resolutions
  group by workspace
),

open_alerts as (
  select
    workspace,
    count(*) as open_alerts
  from alerts
  group by workspace
),

final as (
  select
    workspaces.workspace,

    newest_runs.state as last_run_state,
    newest_checks.code as last_check_code,
    case when not newest_drift.is_ok then newest_drift.finding end as payload_drift,

    cast(coalesce(numbers.known_numbers, 0) as bigint) as known_numbers,
    cast(coalesce(queues.failing_numbers - queues.parked_numbers, 0) as bigint) as retry_queue,
    cast(coalesce(queues.parked_numbers, 0) as bigint) as parked_numbers,
    cast(coalesce(failed_runs.runs_failed_in_row, 0) as bigint) as runs_failed_in_row,
    cast(coalesce(open_alerts.open_alerts, 0) as bigint) as open_alerts,
    cast(coalesce(connections.heartbeats_24h, 0) as bigint) as heartbeats_24h,
    {{ share('connections.heartbeats_24h - connections.failed_heartbeats_24h', 'connections.heartbeats_24h') }}
      as uptime_24h_share,
    case
      when shares.judged >= {{ var('identity_resolution_minimum_tickets') }} then shares.resolution_share
    end as requester_resolution_share,
    cast({{ var('identity_resolution_minimum_share') }} as {{ engine_type('float8') }})
      as requester_resolution_minimum_share,
    {{ minutes_between('finished_runs.last_finished_at', 'workspaces.newest_at') }} as staleness_minutes,
    cast({{ promised }} as bigint) as promised_freshness_minutes,

    newest_checks.is_ok as is_last_check_ok,
    {{ minutes_between('finished_runs.last_finished_at', 'workspaces.newest_at') }} <= {{ promised }} as is_fresh,

    connections.last_verified_at,
    connections.last_check_at,
    connections.last_heartbeat_at,
    finished_runs.last_finished_at as last_sync_finished_at,
    newest_drift.checked_at as payload_looked_at,
    workspaces.newest_at as as_of
  from workspaces
  left join connections
    on workspaces.workspace = connections.workspace
  left join newest_checks
    on workspaces.workspace = newest_checks.workspace and newest_checks.age = 1
  left join newest_drift
    on workspaces.workspace = newest_drift.workspace and newest_drift.age = 1
  left join newest_runs
    on workspaces.workspace = newest_runs.workspace and newest_runs.age = 1
  left join finished_runs
    on workspaces.workspace = finished_runs.workspace
  left join failed_runs
    on workspaces.workspace = failed_runs.workspace
  left join numbers
    on workspaces.workspace = numbers.workspace
  left join queues
    on workspaces.workspace = queues.workspace
  left join shares
    on workspaces.workspace = shares.workspace
  left join open_alerts
    on workspaces.workspace = open_alerts.workspace
)

select * from final
