with closings as (
  select * from {{ ref('ticket_closings') }}
),

metrics as (
  select
    ticket_metrics.*,
    -- In the join itself this would make DuckDB compare each ticket with each closing.
    case when status_class = 'closed' then ticket_number end as closed_ticket_number
  from {{ ref('ticket_metrics') }} as ticket_metrics
)

select
  metrics.workspace,
  metrics.ticket_number
from metrics
left join closings as first_closings
  on
    metrics.workspace = first_closings.workspace
    and metrics.ticket_number = first_closings.ticket_number
    and first_closings.is_first
left join closings as last_closings
  on
    metrics.workspace = last_closings.workspace
    and metrics.closed_ticket_number = last_closings.ticket_number
    and last_closings.is_last
where
  metrics.first_closed_at is distinct from first_closings.closed_at
  or metrics.first_resolution_minutes is distinct from first_closings.resolution_minutes
  or metrics.first_resolution_minutes_least <> first_closings.resolution_minutes_least
  or metrics.first_resolution_minutes_most <> first_closings.resolution_minutes_most
  or metrics.first_resolution_business_minutes <> first_closings.resolution_business_minutes
  or metrics.closed_at is distinct from last_closings.closed_at
  or metrics.final_resolution_minutes is distinct from last_closings.resolution_minutes
  or metrics.final_resolution_minutes_least <> last_closings.resolution_minutes_least
  or metrics.final_resolution_minutes_most <> last_closings.resolution_minutes_most
  or metrics.final_resolution_business_minutes <> last_closings.resolution_business_minutes
