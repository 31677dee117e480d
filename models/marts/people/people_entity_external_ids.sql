with external_ids as (
  select * from {{ ref('int_entity_external_ids') }}
),

details as (
  select * from {{ ref('int_ticket_details') }}
),

requesters as (
  select * from {{ ref('int_ticket_requesters') }}
),

mapped as (
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
    is_conflicting,
    created_at,
    updated_at
  from external_ids
),

-- Every ticket is an anchor for other systems. Where nobody mapped it itself, it stands for its partner,
-- else for the staff member who asked.
anchors as (
  select
    'suptask_ticket' as source,
    details.ticket_key as external_id,
    case
      when details.partner_id is not null then 'partner'
      when requesters.staff_id is not null then 'staff'
    end as entity_type,
    coalesce(details.partner_id, requesters.staff_id) as entity_id,
    cast(null as {{ dbt.type_string() }}) as mapping_id,
    'ticket' as origin,
    cast(null as {{ dbt.type_string() }}) as reason,
    cast(null as {{ dbt.type_string() }}) as metadata,
    cast(null as {{ dbt.type_string() }}) as created_by,
    false as is_conflicting,
    details.created_at,
    details.last_change_seen_at as updated_at
  from details
  inner join requesters
    on
      details.workspace = requesters.workspace
      and details.ticket_number = requesters.ticket_number
  left join mapped
    on
      mapped.source = 'suptask_ticket'
      and details.ticket_key = mapped.external_id
  where mapped.external_id is null
),

final as (
  select * from mapped
  union all
  select * from anchors
)

select * from final
