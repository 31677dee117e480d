with source as (
  select * from {{ source('suptask_raw', 'alert_deliveries') }}
),

renamed as (
  select
    delivery_id,
    alert_key,
    {{ utc('opened_at') }} as opened_at,
    event,
    {{ utc(adapter.quote('at')) }} as delivered_at,
    channel,
    ok as is_ok,
    message,
    error,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
