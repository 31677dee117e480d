select
  day,
  cut_by,
  member_kind,
  member_id
from {{ ref('backlog_flow_daily') }}
where backlog_before + created + reopened + restored + moved_in - closed - archived - gone - moved_out <> backlog_after
