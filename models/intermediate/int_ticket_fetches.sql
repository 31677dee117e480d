{{ config(materialized='view') }}

with fetches as (
  select * from {{ ref('int_ticket_log') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

final as (
  select
    fetches.fetch_id,
    fetches.run_id,
    fetches.workspace,
    fetches.ticket_number,

    fetches.channel,
    fetches.outcome,
    fetches.error,

    fetches.http_status,
    fetches.body_number,
    fetches.duration_ms,
    fetches.attempt,

    fetches.is_found,
    fetches.is_failure,

    fetches.seen_at,
    fetches.observed_at
  from fetches
  cross join valuation
  where fetches.observed_at <= valuation.as_of
)

select * from final
