with source as (
  select * from {{ source('suptask_raw', 'redactions') }}
),

renamed as (
  select
    redaction_id,
    {{ utc('"at"') }} as redacted_at,
    external_id_hash,
    "rows" as redacted_rows,
    "by" as redacted_by,
    reason,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
