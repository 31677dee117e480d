{{ config(
  materialized='incremental', incremental_strategy='append', on_schema_change='fail',
  partition_by='landed_on'
) }}

with fetches as (
  {{ lacking_fetches([
    'fetch_id', 'run_id', 'workspace', 'ticket_number', 'channel', 'outcome', 'error', 'payload_hash', 'http_status',
    'duration_ms', 'attempt', 'ticket_updated_at', 'observed_at', 'landed_on',
  ]) }}
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

    http_status,
    -- A number takes an eighth of the room, and tells the bodies of one ticket apart as well.
    case when payload_hash is not null then {{ text_as_number('payload_hash') }} end as body_number,
    duration_ms,
    attempt,

    outcome in ('found', 'unchanged') as is_found,
    outcome in ('server_error', 'timeout', 'network_error', 'invalid_payload') as is_failure,

    -- A webhook tells of the moment of its update, not of the moment at which it came.
    case
      when
        channel = 'webhook'
        and ticket_updated_at >= cast('2000-01-01' as timestamp)
        and ticket_updated_at <= observed_at
        then ticket_updated_at
      else observed_at
    end as seen_at,
    observed_at,
    landed_on
  from fetches
)

select * from final
