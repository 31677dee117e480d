with fetches as (
  select * from {{ ref('stg_suptask__ticket_fetches') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

-- While files are being merged a row stands in two of them.
copies as (
  select
    fetches.fetch_id,
    fetches.run_id,
    fetches.workspace,
    fetches.ticket_number,
    fetches.channel,
    fetches.outcome,
    fetches.http_status,
    fetches.observed_at,
    fetches.duration_ms,
    fetches.attempt,
    fetches.payload_hash,
    fetches.error,
    -- A webhook tells of the moment of its update, not of the moment at which it came.
    case
      when
        fetches.channel = 'webhook'
        and fetches.ticket_updated_at >= cast('2000-01-01' as timestamp)
        and fetches.ticket_updated_at <= fetches.observed_at
        then fetches.ticket_updated_at
      else fetches.observed_at
    end as seen_at,
    row_number() over (partition by fetches.fetch_id order by fetches.landed_at) as copy_number
  from fetches
  cross join valuation
  where fetches.observed_at <= valuation.as_of
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
  from copies
  where copy_number = 1
)

select * from final
