{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with details as (
  {{ to_make(ref('int_ticket_details')) }}
),

identities as (
  select * from {{ ref('int_slack_identities') }}
),

emails as (
  select * from {{ ref('int_requester_emails') }}
),

staff as (
  select * from {{ ref('stg_identities__staff') }}
),

-- A ticket may itself be mapped to whoever asked: the only way where its requester is blank.
ticket_requesters as (
  select
    ids.external_id as ticket_key,
    case when ids.origin = 'decision' then 'manual_mapping' else 'suptask_ticket' end as method,
    ids.is_conflicting,
    staff.staff_id,
    coalesce(staff.valid_from, timestamp '1900-01-01') as staff_from,
    coalesce(staff.valid_to, timestamp '9999-12-31') as staff_until
  from {{ ref('int_entity_external_ids') }} as ids
  left join staff
    on ids.entity_id = staff.staff_id
  where ids.source = 'suptask_ticket' and ids.entity_type = 'staff'
),

facts as (
  select
    details.workspace,
    details.ticket_number,
    details.requester_id,
    details.mark,
    identities.display_name,
    identities.is_outsider,
    identities.is_deactivated,
    coalesce(ticket_requesters.is_conflicting, false) or coalesce(identities.is_conflicting, false) as is_conflicting,
    coalesce(ticket_requesters.staff_until <= details.created_at, false)
    or coalesce(identities.staff_until <= details.created_at, false) as has_left,
    case
      when ticket_requesters.staff_from <= details.created_at and ticket_requesters.staff_until > details.created_at
        then ticket_requesters.staff_id
    end as ticket_staff_id,
    ticket_requesters.method as ticket_method,
    case
      when identities.staff_from <= details.created_at and identities.staff_until > details.created_at
        then identities.staff_id
    end as mapped_staff_id,
    identities.method as mapped_method,
    emails.staff_id as email_staff_id,
    emails.method as email_method,
    emails.address as email_address,
    emails.is_ambiguous
  from details
  left join ticket_requesters
    on details.ticket_key = ticket_requesters.ticket_key
  left join identities
    on details.requester_id = identities.slack_user_id
  left join emails
    on
      details.workspace = emails.workspace
      and details.ticket_number = emails.ticket_number
),

-- In this order. A bot, a guest or a Connect user is nobody's address, whatever the form says.
judged as (
  select
    facts.*,
    case
      when ticket_staff_id is not null then 'resolved'
      when is_conflicting then 'unresolved'
      when mapped_staff_id is not null then 'resolved'
      when is_outsider then 'not_staff'
      when email_staff_id is not null then 'resolved'
      else 'unresolved'
    end as outcome
  from facts
),

named as (
  select
    judged.*,
    case when outcome = 'resolved' then coalesce(ticket_staff_id, mapped_staff_id, email_staff_id) end as staff_id
  from judged
),

final as (
  select
    named.workspace,
    named.ticket_number,

    named.requester_id,
    named.staff_id,

    named.outcome,
    staff.name as staff_name,
    named.display_name,
    case
      when named.outcome <> 'resolved' then null
      when named.ticket_staff_id is not null then named.ticket_method
      when named.mapped_staff_id is not null then named.mapped_method
      else named.email_method
    end as method,
    case
      when named.outcome <> 'unresolved' then null
      when named.is_conflicting then 'conflicting_decisions'
      when named.is_ambiguous then 'ambiguous_email'
      when named.requester_id is null then 'blank'
      when named.is_deactivated or named.has_left then 'deactivated'
      else 'unmapped'
    end as reason,
    named.email_address as staff_address,

    named.mark
  from named
  left join staff
    on named.staff_id = staff.staff_id
)

select * from final
