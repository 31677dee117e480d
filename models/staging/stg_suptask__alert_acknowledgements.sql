with source as (
  select * from {{ source('suptask_raw', 'alert_acknowledgements') }}
),

renamed as (
  select
    ack_id,
    alert_key,
    {{ utc('opened_at') }} as opened_at,
    {{ utc(adapter.quote('at')) }} as acknowledged_at,
    {{ adapter.quote('by') }} as acknowledged_by,
    note,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
