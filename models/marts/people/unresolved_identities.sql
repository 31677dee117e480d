with resolutions as (
  select * from {{ ref('identity_resolution') }}
  where outcome = 'unresolved'
),

-- A blank id is nobody in particular: each of its tickets is a row of its own.
keyed as (
  select
    resolutions.*,
    case when external_id is null then ticket_key end as blank_ticket_key
  from resolutions
),

reasons as (
  select
    role,
    external_id,
    blank_ticket_key,
    reason,
    count(*) as tickets,
    sum(case when is_slack_sourced then 1 else 0 end) as slack_sourced_tickets,
    min(created_at) as first_seen_at,
    max(last_seen_at) as last_seen_at
  from keyed
  group by
    role,
    external_id,
    blank_ticket_key,
    reason
),

-- An id may fail for several reasons over time; the one that most of its tickets have is told.
ranked as (
  select
    reasons.*,
    sum(tickets) over ids as all_tickets,
    sum(slack_sourced_tickets) over ids as all_slack_sourced_tickets,
    min(first_seen_at) over ids as ever_first_seen_at,
    max(last_seen_at) over ids as ever_last_seen_at,
    row_number() over (
      partition by role, external_id, blank_ticket_key
      order by tickets desc, last_seen_at desc, reason asc
    ) as place
  from reasons
  window ids as (partition by role, external_id, blank_ticket_key)
),

final as (
  select
    role,
    external_id,
    blank_ticket_key as ticket_key,

    reason,

    cast(all_tickets as bigint) as tickets,
    cast(all_slack_sourced_tickets as bigint) as slack_sourced_tickets,

    ever_first_seen_at as first_seen_at,
    ever_last_seen_at as last_seen_at
  from ranked
  where place = 1
)

select * from final
