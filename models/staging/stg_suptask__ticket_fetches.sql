with source as (
  select * from {{ source('suptask_raw', 'ticket_fetches') }}
),

renamed as (
  select
    fetch_id,
    run_id,
    ticket_number,
    channel,
    outcome,
    http_status,
    {{ utc('observed_at') }} as observed_at,
    observed_basis,
    {{ utc('fetched_at') }} as fetched_at,
    duration_ms,
    attempt,
    team_id,
    ticket_status,
    {{ utc('ticket_updated_at') }} as ticket_updated_at,
    payload_hash,
    payload,
    error,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
