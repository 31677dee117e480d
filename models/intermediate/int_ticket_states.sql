{{ config(materialized=by_ticket(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with {{ tickets_to_make() }}
versions as (
  {{ to_make(ref('int_ticket_versions')) }}
),

statuses as (
  select * from {{ ref('statuses') }}
),

priorities as (
  select * from {{ ref('priorities') }}
),

marks as (
  select * from {{ ref('int_ticket_marks') }}
),

final as (
  select
    versions.fetch_id as version_id,
    versions.workspace,
    versions.ticket_number,

    versions.queue_id,
    versions.assignee_id,

    coalesce(statuses.status, versions.status) as status,
    case
      when versions.status is null then 'open'
      else coalesce(statuses.status_class, 'active')
    end as status_class,
    coalesce(priorities.priority, versions.priority) as priority,
    priorities.priority_rank,

    versions.is_archived,

    versions.created_at,
    versions.updated_at,

    marks.mark
  from versions
  left join marks
    on
      versions.workspace = marks.workspace
      and versions.ticket_number = marks.ticket_number
  left join statuses
    on statuses.status_key = {{ reference_key('versions.status') }}
  left join priorities
    on priorities.priority_key = {{ reference_key('versions.priority') }}
  where versions.is_readable
)

select * from final
