with source as (
  select * from {{ source('suptask_raw', 'sync_runs') }}
),

renamed as (
  select
    event_id,
    run_id,
    event,
    {{ utc(adapter.quote('at')) }} as happened_at,
    kind,
    host,
    pid,
    counts,
    error,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
