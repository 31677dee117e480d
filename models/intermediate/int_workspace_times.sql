with fetches as (
  select * from {{ ref('int_ticket_fetches') }}
),

checks as (
  select * from {{ ref('int_connection_checks') }}
),

steps as (
  select * from {{ ref('stg_suptask__sync_runs') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
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
    steps.workspace,
    steps.happened_at as moment
  from steps
  cross join valuation
  where valuation.known_until is null or steps.happened_at <= valuation.known_until
),

final as (
  select
    workspace,
    max(moment) as newest_at
  from moments
  group by workspace
)

select * from final
