select
  workspace,
  ticket_number,
  role
from {{ ref('identity_resolution') }}
where
  (outcome = 'resolved' and (staff_id is null or method is null or reason is not null))
  or (outcome = 'unresolved' and (staff_id is not null or reason is null))
  or (outcome in ('not_staff', 'not_applicable') and (staff_id is not null or reason is not null))
