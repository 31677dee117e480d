with fetches as (
  select * from {{ ref('int_ticket_fetches') }}
  where is_found
),

states as (
  select
    version_id,
    updated_at
  from {{ ref('int_ticket_states') }}
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

-- A webhook tells of the moment of its update, not of the moment at which it came.
seen as (
  select
    fetches.fetch_id,
    fetches.workspace,
    fetches.ticket_number,
    bodies.version_id,
    fetches.channel,
    fetches.observed_at,
    states.updated_at,
    case
      when fetches.channel = 'webhook' and states.updated_at <= fetches.observed_at then states.updated_at
      else fetches.observed_at
    end as seen_at
  from fetches
  inner join bodies
    on
      fetches.workspace = bodies.workspace
      and fetches.ticket_number = bodies.ticket_number
      and fetches.payload_hash = bodies.payload_hash
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
    updated_at
  from ordered
)

select * from final
