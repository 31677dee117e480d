select
  tickets.workspace,
  tickets.ticket_number,
  count(history.ticket_number) as current_intervals
from {{ ref('suptask_tickets') }} as tickets
left join {{ ref('suptask_ticket_history') }} as history
  on
    tickets.workspace = history.workspace
    and tickets.ticket_number = history.ticket_number
    and history.is_current
    and history.valid_to is null
group by
  tickets.workspace,
  tickets.ticket_number
having count(history.ticket_number) <> 1
