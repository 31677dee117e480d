{{ config(materialized=by_ticket(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with {{ tickets_to_make() }}
fetches as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_fetches'), 'is_found') }}
),

-- A delivery that comes again tells nothing again, even where another of the same second came between.
deliveries as (
  select
    fetch_id,
    row_number() over (
      partition by workspace, ticket_number, payload_hash, seen_at
      order by fetch_id
    ) as repetition
  from fetches
  where channel = 'webhook'
),

fetches_once as (
  select fetches.*
  from fetches
  left join deliveries
    on fetches.fetch_id = deliveries.fetch_id
  where deliveries.repetition is null or deliveries.repetition = 1
),

states as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_states')) }}
),

-- An unchanged read has no body of its own: its hash says which one it saw again.
bodies as (
  select
    fetches.workspace,
    fetches.ticket_number,
    fetches.payload_hash,
    min(states.version_id) as version_id
  from fetches
  inner join states
    on fetches.fetch_id = states.version_id
  group by
    fetches.workspace,
    fetches.ticket_number,
    fetches.payload_hash
),

seen as (
  select
    fetches_once.fetch_id,
    fetches_once.workspace,
    fetches_once.ticket_number,
    bodies.version_id,
    fetches_once.channel,
    fetches_once.observed_at,
    states.updated_at,
    fetches_once.seen_at,
    states.mark
  from fetches_once
  inner join bodies
    on
      fetches_once.workspace = bodies.workspace
      and fetches_once.ticket_number = bodies.ticket_number
      and fetches_once.payload_hash = bodies.payload_hash
  inner join states
    on bodies.version_id = states.version_id
),

ordered as (
  select
    seen.*,
    row_number() over looks as look_number,
    lag(seen_at) over looks as previous_seen_at,
    lag(version_id) over looks as previous_version_id,
    lag(updated_at) over looks as previous_updated_at,
    lead(fetch_id) over looks as next_fetch_id
  from seen
  window looks as (partition by workspace, ticket_number order by seen_at, fetch_id)
),

final as (
  select
    fetch_id,
    workspace,
    ticket_number,
    version_id,

    channel,

    look_number,

    next_fetch_id is null as is_newest,
    previous_version_id is null or previous_version_id <> version_id as is_new_version,
    coalesce(
      updated_at > seen_at + interval '5 minutes' or updated_at < previous_updated_at,
      false
    ) as has_contradictory_updated_at,

    seen_at,
    previous_seen_at,
    -- When what this look saw had changed: as late as the look, unless the ticket tells better.
    case
      when updated_at <= seen_at and (previous_seen_at is null or updated_at > previous_seen_at) then updated_at
      else seen_at
    end as changed_at,
    observed_at,
    updated_at,

    mark
  from ordered
)

select * from final
