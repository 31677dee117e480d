with resolutions as (
  select * from {{ ref('identity_resolution') }}
  where outcome = 'unresolved'
),

identities as (
  select * from {{ ref('int_slack_identities') }}
),

suggestions as (
  select * from {{ ref('int_identity_suggestions') }}
  where is_best and not is_contradicted
),

staff as (
  select * from {{ ref('stg_identities__staff') }}
),

-- A blank id is nobody in particular: each of its tickets is a row of its own.
keyed as (
  select
    resolutions.*,
    case when external_id is null then ticket_key end as blank_ticket_key,
    -- One key in place of three: PostgreSQL would join by the role alone, and compare all rows of it with each other.
    concat_ws(
      ' ', role, case when external_id is null then 'blank' else 'id' end, coalesce(external_id, ticket_key)
    ) as entry
  from resolutions
),

ids as (
  select
    entry,
    role,
    external_id,
    blank_ticket_key,
    count(*) as tickets,
    sum(case when is_slack_sourced then 1 else 0 end) as slack_sourced_tickets,
    count(distinct partner_id) as partners,
    {{ distinct_list('partner_id') }} as partner_ids,
    min(created_at) as first_seen_at,
    max(last_seen_at) as last_seen_at
  from keyed
  group by
    entry,
    role,
    external_id,
    blank_ticket_key
),

reasons as (
  select
    entry,
    reason,
    count(*) as tickets,
    max(last_seen_at) as last_seen_at
  from keyed
  group by
    entry,
    reason
),

-- An id may fail for several reasons over time; the one that most of its tickets have is told.
ranked as (
  select
    reasons.*,
    row_number() over (
      partition by entry
      order by tickets desc, last_seen_at desc, reason asc
    ) as place
  from reasons
),

final as (
  select
    ids.role,
    ids.external_id,
    ids.blank_ticket_key as ticket_key,
    suggestions.staff_id as suggested_staff_id,

    identities.display_name,
    ranked.reason,
    ids.partner_ids,
    staff.name as suggested_staff_name,
    suggestions.basis as suggestion_basis,

    cast(ids.tickets as bigint) as tickets,
    cast(ids.slack_sourced_tickets as bigint) as slack_sourced_tickets,
    cast(ids.partners as bigint) as partners,
    cast(suggestions.confidence as decimal(4, 3)) as suggestion_confidence,

    ids.first_seen_at,
    ids.last_seen_at
  from ids
  inner join ranked
    on
      ids.entry = ranked.entry
      and ranked.place = 1
  left join identities
    on ids.external_id = identities.slack_user_id
  left join suggestions
    on ids.external_id = suggestions.slack_user_id
  left join staff
    on suggestions.staff_id = staff.staff_id
)

select * from final
