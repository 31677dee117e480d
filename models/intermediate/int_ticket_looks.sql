{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with fetches as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_fetches'), 'is_found') }}
),

-- A delivery that comes again tells nothing again, even where another of the same second came between.
deliveries as (
  select
    fetch_id,
    row_number() over (
      partition by workspace, ticket_number, body_number, seen_at
      order by fetch_id
    ) as repetition
  from fetches
  where channel = 'webhook'
),

fetches_once as {{ each_reads() }}(
  select fetches.*
  from fetches
  left join deliveries
    on fetches.fetch_id = deliveries.fetch_id
  where deliveries.repetition is null or deliveries.repetition = 1
),

versions as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_versions'), 'is_readable', 'fetch_id, updated_at') }}
),

marks as (
  select * from {{ ref('int_ticket_marks') }}
),

seen_first as (
  select
    fetches_once.fetch_id,
    fetches_once.workspace,
    fetches_once.ticket_number,
    fetches_once.fetch_id as version_id,
    fetches_once.body_number,
    versions.updated_at,
    fetches_once.seen_at
  from fetches_once
  inner join versions
    on fetches_once.fetch_id = versions.fetch_id
),

-- An unchanged read has no body of its own: its number says which one it saw again.
unchanged as (
  select * from fetches_once
  where outcome = 'unchanged'
),

known_bodies as (
  select distinct
    workspace,
    ticket_number,
    body_number
  from unchanged
),

bodies as (
  select
    fetches.workspace,
    fetches.ticket_number,
    fetches.body_number,
    min(fetches.fetch_id) as version_id,
    max(versions.updated_at) as updated_at
  from fetches
  inner join known_bodies
    on
      fetches.workspace = known_bodies.workspace
      and fetches.ticket_number = known_bodies.ticket_number
      and fetches.body_number = known_bodies.body_number
  inner join versions
    on fetches.fetch_id = versions.fetch_id
  group by
    fetches.workspace,
    fetches.ticket_number,
    fetches.body_number
),

seen_again as (
  select
    unchanged.fetch_id,
    unchanged.workspace,
    unchanged.ticket_number,
    bodies.version_id,
    unchanged.body_number,
    bodies.updated_at,
    unchanged.seen_at
  from unchanged
  inner join bodies
    on
      unchanged.workspace = bodies.workspace
      and unchanged.ticket_number = bodies.ticket_number
      and unchanged.body_number = bodies.body_number
),

seen as (
  select * from seen_first
  union all
  select * from seen_again
),

ordered as (
  select
    fetch_id,
    workspace,
    ticket_number,
    version_id,
    body_number,
    updated_at,
    seen_at,
    row_number() over looks as look_number,
    lag(seen_at) over looks as previous_seen_at,
    lag(body_number) over looks as previous_body_number,
    lag(updated_at) over looks as previous_updated_at,
    lead(seen_at) over looks as next_seen_at
  from seen
  window looks as (partition by workspace, ticket_number order by seen_at, fetch_id)
),

final as (
  select
    ordered.fetch_id,
    ordered.workspace,
    ordered.ticket_number,
    ordered.version_id,

    ordered.look_number,

    ordered.next_seen_at is null as is_newest,
    ordered.previous_body_number is null or ordered.previous_body_number <> ordered.body_number as is_new_version,
    coalesce(
      ordered.updated_at > ordered.seen_at + interval '5 minutes' or ordered.updated_at < ordered.previous_updated_at,
      false
    ) as has_contradictory_updated_at,

    ordered.seen_at,
    ordered.previous_seen_at,
    -- When what this look saw had changed: as late as the look, unless the ticket tells better.
    case
      when
        ordered.updated_at <= ordered.seen_at
        and (ordered.previous_seen_at is null or ordered.updated_at > ordered.previous_seen_at)
        then ordered.updated_at
      else ordered.seen_at
    end as changed_at,

    marks.mark
  from ordered
  left join marks
    on
      ordered.workspace = marks.workspace
      and ordered.ticket_number = marks.ticket_number
)

select * from final
