select
  tickets.workspace,
  tickets.ticket_number
from {{ ref('suptask_tickets') }} as tickets
inner join {{ ref('int_ticket_looks') }} as looks
  on
    tickets.workspace = looks.workspace
    and tickets.ticket_number = looks.ticket_number
    and looks.is_newest
inner join {{ ref('int_ticket_states') }} as states
  on looks.version_id = states.version_id
where
  tickets.status is distinct from states.status
  or tickets.status_class is distinct from states.status_class
  or tickets.priority is distinct from states.priority
  or tickets.assignee_id is distinct from states.assignee_id
  or tickets.queue_id is distinct from states.queue_id
  or tickets.is_archived is distinct from states.is_archived
