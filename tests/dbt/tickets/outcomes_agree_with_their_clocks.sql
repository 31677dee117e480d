select
  workspace,
  ticket_number,
  sla_rule_id
from {{ ref('sla_outcomes') }}
where
  (outcome in ('met', 'running') and minutes_left < 0)
  or (outcome = 'breached' and target_minutes is null)
  or (outcome = 'running' and not is_paused and (due_at is null or (minutes_left > 0 and due_at < as_of)))
  or (outcome = 'breached' and (due_at is null or due_at > as_of or due_at < date_trunc('minute', started_at)))
  or (outcome in ('ended', 'no_target') and due_at is not null)
