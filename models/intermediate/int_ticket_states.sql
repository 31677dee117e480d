with versions as (
  select * from {{ ref('int_ticket_versions') }}
),

statuses as (
  select * from {{ ref('statuses') }}
),

priorities as (
  select * from {{ ref('priorities') }}
),

final as (
  select
    versions.fetch_id as version_id,

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
    versions.updated_at
  from versions
  left join statuses
    on statuses.status_key = {{ reference_key('versions.status') }}
  left join priorities
    on priorities.priority_key = {{ reference_key('versions.priority') }}
  where versions.is_readable
)

select * from final
