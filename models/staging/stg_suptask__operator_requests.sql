with source as (
  select * from {{ source('suptask_raw', 'operator_requests') }}
),

renamed as (
  select
    request_id,
    {{ utc(adapter.quote('at')) }} as requested_at,
    kind,
    arguments,
    {{ adapter.quote('by') }} as requested_by,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
