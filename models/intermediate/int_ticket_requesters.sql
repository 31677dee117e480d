with details as (
  select * from {{ ref('int_ticket_details') }}
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

facts as (
  select
    details.workspace,
    details.ticket_number,
    details.requester_id,
    identities.display_name,
    identities.is_outsider,
    identities.is_deactivated,
    coalesce(identities.staff_until <= details.created_at, false) as has_left,
    case
      when identities.staff_from <= details.created_at and identities.staff_until > details.created_at
        then identities.staff_id
    end as mapped_staff_id,
    identities.method as mapped_method,
    emails.staff_id as email_staff_id,
    emails.method as email_method,
    emails.is_ambiguous
  from details
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
      when mapped_staff_id is not null then 'resolved'
      when is_outsider then 'not_staff'
      when email_staff_id is not null then 'resolved'
      else 'unresolved'
    end as outcome
  from facts
),

final as (
  select
    judged.workspace,
    judged.ticket_number,

    judged.requester_id,
    case when judged.outcome = 'resolved' then coalesce(judged.mapped_staff_id, judged.email_staff_id) end as staff_id,

    judged.outcome,
    staff.name as staff_name,
    judged.display_name,
    case
      when judged.mapped_staff_id is not null then judged.mapped_method
      when judged.outcome = 'resolved' then judged.email_method
    end as method,
    case
      when judged.outcome <> 'unresolved' then null
      when judged.is_ambiguous then 'ambiguous_email'
      when judged.requester_id is null then 'blank'
      when judged.is_deactivated or judged.has_left then 'deactivated'
      else 'unmapped'
    end as reason
  from judged
  left join staff
    on
      judged.outcome = 'resolved'
      and coalesce(judged.mapped_staff_id, judged.email_staff_id) = staff.staff_id
)

select * from final
