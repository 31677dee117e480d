{{ config(severity='warn') }}

select
  ids.source,
  ids.external_id,
  ids.entity_type,
  ids.entity_id,
  'The ' || ids.source || ' ' || ids.external_id || ' is mapped to ' || ids.entity_id || ', which is no '
  || ids.entity_type || ' that was given.' as finding
from {{ ref('people_entity_external_ids') }} as ids
left join {{ ref('people_staff') }} as staff
  on ids.entity_id = staff.staff_id
left join {{ ref('people_partners') }} as partners
  on ids.entity_id = partners.partner_id
where
  (ids.entity_type = 'staff' and ids.entity_id is not null and staff.staff_id is null)
  or (ids.entity_type = 'partner' and ids.entity_id is not null and partners.partner_id is null)
