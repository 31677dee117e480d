with source as (
  select * from {{ source('suptask_raw', 'connection_checks') }}
),

renamed as (
  select
    check_id,
    correlation_id,
    kind,
    scenario,
    {{ utc(adapter.quote('at')) }} as checked_at,
    ok as is_ok,
    latency_ms,
    code,
    evidence,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
