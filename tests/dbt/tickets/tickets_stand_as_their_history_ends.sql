-- Each is made from the looks by a way of its own.
select
  tickets.workspace,
  tickets.ticket_number
from {{ ref('suptask_tickets') }} as tickets
left join {{ ref('suptask_ticket_history') }} as history
  on
    tickets.workspace = history.workspace
    and tickets.ticket_number = history.ticket_number
    and history.is_current
where
  history.ticket_number is null
  or tickets.status is distinct from history.status
  or tickets.status_class is distinct from history.status_class
  or tickets.priority is distinct from history.priority
  or tickets.assignee_id is distinct from history.assignee_id
  or tickets.queue_id is distinct from history.queue_id
  or tickets.is_archived is distinct from history.is_archived
  or tickets.is_backlog is distinct from (history.is_backlog and history.gone_at is null)
