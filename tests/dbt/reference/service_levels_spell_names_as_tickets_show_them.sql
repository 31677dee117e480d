with statuses as (
  select
    'The status ' || paused.status || ' of seeds/reference/sla_paused_statuses.csv pauses nothing: tickets show it as '
    || statuses.status || '. Write it so.' as finding
  from {{ ref('sla_paused_statuses') }} as paused
  inner join {{ ref('statuses') }} as statuses
    on {{ reference_key('paused.status') }} = statuses.status_key
  where paused.status <> statuses.status
),

priorities as (
  select
    'The priority ' || targets.priority || ' of seeds/reference/sla_targets.csv fits no ticket: tickets show it as '
    || priorities.priority || '. Write it so.' as finding
  from {{ ref('sla_targets') }} as targets
  inner join {{ ref('priorities') }} as priorities
    on {{ reference_key('targets.priority') }} = priorities.priority_key
  where targets.priority <> priorities.priority
)

select * from statuses
union
select * from priorities
