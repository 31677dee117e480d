with fetches as (
  select * from {{ ref('int_ticket_fetches') }}
),

checks as (
  select * from {{ ref('int_connection_checks') }}
),

runs as (
  select * from {{ ref('sync_runs') }}
),

moments as (
  select
    workspace,
    observed_at as moment
  from fetches
  union all
  select
    workspace,
    checked_at as moment
  from checks
  union all
  select
    workspace,
    coalesce(ended_at, started_at) as moment
  from runs
),

final as (
  select
    workspace,
    max(moment) as newest_at
  from moments
  group by workspace
)

select * from final
