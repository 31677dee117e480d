with source as (
  select * from {{ source('suptask_raw', 'identity_mappings') }}
),

renamed as (
  select
    mapping_id,
    replaces_mapping_id,
    {{ utc(adapter.quote('at')) }} as decided_at,
    source,
    external_id,
    entity_type,
    entity_id,
    decided_by,
    reason,
    workspace,
    batch_id,
    {{ utc('landed_at') }} as landed_at,
    landed_on
  from source
)

select * from renamed
