with checks as (
  select * from {{ ref('int_connection_checks') }}
),

runs as (
  select * from {{ ref('sync_runs') }}
  where ended_at is not null
),

fetches as (
  select * from {{ ref('int_ticket_fetches') }}
  where channel <> 'webhook'
),

checks_by_hour as (
  select
    workspace,
    date_trunc('hour', checked_at) as hour_start,
    count(*) as checks,
    sum(case when is_ok then 0 else 1 end) as failed_checks,
    sum(case when kind = 'heartbeat' then 1 else 0 end) as heartbeats,
    sum(case when kind = 'heartbeat' and not is_ok then 1 else 0 end) as failed_heartbeats
  from checks
  group by
    workspace,
    date_trunc('hour', checked_at)
),

runs_by_hour as (
  select
    workspace,
    date_trunc('hour', ended_at) as hour_start,
    sum(case when state = 'finished' then 1 else 0 end) as runs_finished,
    sum(case when state = 'finished' then 0 else 1 end) as runs_failed
  from runs
  group by
    workspace,
    date_trunc('hour', ended_at)
),

reads_by_hour as (
  select
    workspace,
    date_trunc('hour', observed_at) as hour_start,
    count(*) as reads,
    sum(case when is_failure then 1 else 0 end) as failed_reads,
    sum(case when outcome = 'rate_limited' then 1 else 0 end) as rate_limited_reads,
    percentile_cont(0.5) within group (
      order by duration_ms
    ) as median_latency_ms,
    percentile_cont(0.95) within group (
      order by duration_ms
    ) as p95_latency_ms
  from fetches
  group by
    workspace,
    date_trunc('hour', observed_at)
),

hours as (
  select
    workspace,
    hour_start
  from checks_by_hour
  union
  select
    workspace,
    hour_start
  from runs_by_hour
  union
  select
    workspace,
    hour_start
  from reads_by_hour
),

final as (
  select
    hours.workspace,
    hours.hour_start,

    cast(coalesce(checks.checks, 0) as bigint) as checks,
    cast(coalesce(checks.failed_checks, 0) as bigint) as failed_checks,
    cast(coalesce(checks.heartbeats, 0) as bigint) as heartbeats,
    cast(coalesce(checks.failed_heartbeats, 0) as bigint) as failed_heartbeats,
    {{ share('checks.heartbeats - checks.failed_heartbeats', 'checks.heartbeats') }} as uptime_share,
    cast(coalesce(runs.runs_finished, 0) as bigint) as runs_finished,
    cast(coalesce(runs.runs_failed, 0) as bigint) as runs_failed,
    cast(coalesce(reads.reads, 0) as bigint) as reads,
    cast(coalesce(reads.failed_reads, 0) as bigint) as failed_reads,
    cast(coalesce(reads.rate_limited_reads, 0) as bigint) as rate_limited_reads,
    cast(reads.median_latency_ms as decimal(18, 3)) as median_latency_ms,
    cast(reads.p95_latency_ms as decimal(18, 3)) as p95_latency_ms
  from hours
  left join checks_by_hour as checks
    on
      hours.workspace = checks.workspace
      and hours.hour_start = checks.hour_start
  left join runs_by_hour as runs
    on
      hours.workspace = runs.workspace
      and hours.hour_start = runs.hour_start
  left join reads_by_hour as reads
    on
      hours.workspace = reads.workspace
      and hours.hour_start = reads.hour_start
)

select * from final
