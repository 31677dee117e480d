with external_ids as (
  select * from {{ ref('int_entity_external_ids') }}
),

final as (
  select
    source,
    external_id,
    entity_type,
    entity_id,
    mapping_id,

    origin,
    reason,
    metadata,
    created_by,

    created_at,
    updated_at
  from external_ids
)

select * from final
