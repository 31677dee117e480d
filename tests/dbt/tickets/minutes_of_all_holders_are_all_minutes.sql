-- And all of them together are the ticket's whole time, up to now or until it was gone.
with by_holder as (
  select
    workspace,
    ticket_number,
    sum(open_minutes) as open_minutes,
    sum(active_minutes) as active_minutes,
    sum(closed_minutes) as closed_minutes,
    sum(active_business_minutes) as active_business_minutes
  from {{ ref('ticket_holder_minutes') }}
  group by
    workspace,
    ticket_number
)

select
  metrics.workspace,
  metrics.ticket_number
from {{ ref('ticket_metrics') }} as metrics
inner join {{ ref('suptask_tickets') }} as tickets
  on
    metrics.workspace = tickets.workspace
    and metrics.ticket_number = tickets.ticket_number
left join by_holder
  on
    metrics.workspace = by_holder.workspace
    and metrics.ticket_number = by_holder.ticket_number
where
  metrics.open_minutes is distinct from by_holder.open_minutes
  or metrics.active_minutes is distinct from by_holder.active_minutes
  or metrics.closed_minutes is distinct from by_holder.closed_minutes
  or metrics.active_business_minutes is distinct from by_holder.active_business_minutes
  or metrics.open_minutes + metrics.active_minutes + metrics.closed_minutes
  <> {{ minutes_between('tickets.created_at', 'least(coalesce(tickets.gone_at, tickets.as_of), tickets.as_of)') }}
