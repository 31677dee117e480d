select
  workspace,
  ticket_number,
  interval_number
from {{ ref('suptask_ticket_history') }}
where
  valid_from < valid_from_earliest
  or valid_from > valid_from_latest
