with source as (
  select * from {{ source('suptask_raw', 'error_events') }}
),

renamed as (
  select
    correlation_id,
    {{ utc(adapter.quote('at')) }} as happened_at,
    code,
    message,
    detail,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
