{{ config(materialized='view') }}

with versions as (
  select * from {{ ref('int_ticket_versions') }}
  where is_readable
),

statuses as (
  select * from {{ ref('statuses') }}
),

priorities as (
  select * from {{ ref('priorities') }}
),

-- What is written in few ways is looked up once for each. (Of a CTE that all three read, an engine would make a copy.)
written_statuses as (
  select distinct status
  from {{ ref('int_ticket_versions') }}
  where is_readable
),

written_priorities as (
  select distinct priority
  from {{ ref('int_ticket_versions') }}
  where is_readable
),

known_statuses as (
  select
    written_statuses.status as written,
    statuses.status,
    statuses.status_class
  from written_statuses
  inner join statuses
    on statuses.status_key = {{ reference_key('written_statuses.status') }}
),

known_priorities as (
  select
    written_priorities.priority as written,
    priorities.priority,
    priorities.priority_rank
  from written_priorities
  inner join priorities
    on priorities.priority_key = {{ reference_key('written_priorities.priority') }}
),

final as (
  select
    versions.fetch_id as version_id,
    versions.workspace,
    versions.ticket_number,

    versions.queue_id,
    versions.assignee_id,

    coalesce(known_statuses.status, versions.status) as status,
    case
      when versions.status is null then 'open'
      else coalesce(known_statuses.status_class, 'active')
    end as status_class,
    coalesce(known_priorities.priority, versions.priority) as priority,
    known_priorities.priority_rank,

    versions.is_archived,

    versions.updated_at
  from versions
  left join known_statuses
    on versions.status = known_statuses.written
  left join known_priorities
    on versions.priority = known_priorities.written
)

select * from final
