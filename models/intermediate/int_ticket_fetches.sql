with copies as (
  {{ numbered_copies(ref('stg_suptask__ticket_fetches'), 'fetch_id') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

fetches as (
  select
    copies.fetch_id,
    copies.run_id,
    copies.workspace,
    copies.ticket_number,
    copies.channel,
    copies.outcome,
    copies.http_status,
    copies.observed_at,
    copies.duration_ms,
    copies.attempt,
    copies.payload_hash,
    copies.error,
    -- A webhook tells of the moment of its update, not of the moment at which it came.
    case
      when
        copies.channel = 'webhook'
        and copies.ticket_updated_at >= cast('2000-01-01' as timestamp)
        and copies.ticket_updated_at <= copies.observed_at
        then copies.ticket_updated_at
      else copies.observed_at
    end as seen_at
  from copies
  cross join valuation
  where copies.copy_number = 1 and copies.observed_at <= valuation.as_of
),

final as (
  select
    fetch_id,
    run_id,
    workspace,
    ticket_number,

    channel,
    outcome,
    error,
    payload_hash,

    http_status,
    duration_ms,
    attempt,

    outcome in ('found', 'unchanged') as is_found,
    outcome in ('server_error', 'timeout', 'network_error', 'invalid_payload') as is_failure,

    seen_at,
    observed_at
  from fetches
)

select * from final
