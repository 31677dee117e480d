with source as (
  select * from {{ source('suptask_raw', 'redactions') }}
),

renamed as (
  select
    redaction_id,
    {{ utc(adapter.quote('at')) }} as redacted_at,
    external_id_hash,
    {{ adapter.quote('rows') }} as redacted_rows,
    {{ adapter.quote('by') }} as redacted_by,
    reason,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
