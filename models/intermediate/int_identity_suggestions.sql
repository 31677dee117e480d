with identities as (
  select * from {{ ref('int_slack_identities') }}
),

staff as (
  select * from {{ ref('stg_identities__staff') }}
),

requesters as (
  select * from {{ ref('int_ticket_requesters') }}
),

holdings as (
  select * from {{ ref('int_ticket_holdings') }}
  where is_current
),

details as (
  select * from {{ ref('int_ticket_details') }}
),

bases as (
  select * from {{ ref('suggestion_bases') }}
),

-- Whom a person may still be told to be: mapped to nobody, undecided, and no outsider.
listed as (
  select
    slack_user_id,
    email,
    {{ comparable_name('display_name') }} as name
  from identities
  where staff_id is null and not is_decided and not is_outsider
),

named_staff as (
  select
    staff_id,
    email,
    {{ comparable_name('name') }} as name
  from staff
),

directory as (
  select
    listed.slack_user_id,
    named_staff.staff_id,
    coalesce(listed.email = named_staff.email, false) as has_same_email,
    coalesce(listed.name = named_staff.name, false) as has_same_name
  from listed
  inner join named_staff
    on listed.email = named_staff.email or listed.name = named_staff.name
),

directory_bases as (
  select
    slack_user_id,
    staff_id,
    'same_email' as basis
  from directory
  where has_same_email
  union all
  select
    slack_user_id,
    staff_id,
    'same_name' as basis
  from directory
  where has_same_name
  union all
  select
    slack_user_id,
    staff_id,
    'same_email_and_name' as basis
  from directory
  where has_same_email and has_same_name
),

-- Some of this person's tickets have an address of somebody on the staff, others have none.
ticket_bases as (
  select distinct
    requesters.requester_id as slack_user_id,
    requesters.staff_id,
    'email_on_other_tickets' as basis
  from requesters
  left join identities
    on requesters.requester_id = identities.slack_user_id
  where
    requesters.requester_id is not null
    and requesters.method in ('requester_email', 'form_email', 'custom_field_email')
    and identities.staff_id is null
    and not coalesce(identities.is_decided, false)
),

-- Who asks, and who answers, in each channel.
parts as (
  select
    'requester' as role,
    details.channel_id,
    requesters.requester_id as slack_user_id,
    requesters.outcome = 'unresolved' as is_unresolved,
    requesters.staff_id
  from requesters
  inner join details
    on
      requesters.workspace = details.workspace
      and requesters.ticket_number = details.ticket_number
  where requesters.outcome in ('resolved', 'unresolved')
  union all
  select
    'assignee' as role,
    details.channel_id,
    holdings.assignee_id as slack_user_id,
    holdings.holder_kind = 'unresolved' as is_unresolved,
    holdings.staff_id
  from holdings
  inner join details
    on
      holdings.workspace = details.workspace
      and holdings.ticket_number = details.ticket_number
  where holdings.holder_kind in ('staff', 'unresolved')
),

channels_of_one as (
  select
    role,
    channel_id,
    max(staff_id) as staff_id
  from parts
  where not is_unresolved and channel_id is not null
  group by
    role,
    channel_id
  having count(distinct staff_id) = 1
),

-- Only somebody whose own Slack id nobody knows can be the one behind an unknown id.
channels_of_one_unknown as (
  select channels_of_one.*
  from channels_of_one
  left join identities
    on channels_of_one.staff_id = identities.staff_id
  where identities.slack_user_id is null
),

channel_bases as (
  select
    parts.slack_user_id,
    max(channels.staff_id) as staff_id,
    'only_one_in_channel' as basis
  from parts
  left join channels_of_one_unknown as channels
    on
      parts.role = channels.role
      and parts.channel_id = channels.channel_id
  left join identities
    on parts.slack_user_id = identities.slack_user_id
  where
    parts.is_unresolved
    and parts.slack_user_id is not null
    and identities.staff_id is null
    and not coalesce(identities.is_decided, false)
  group by parts.slack_user_id
  having count(distinct channels.staff_id) = 1 and count(channels.staff_id) = count(*)
),

candidates as (
  select * from directory_bases
  union all
  select * from ticket_bases
  union all
  select * from channel_bases
),

-- A basis that names several people names nobody.
clear as (
  select
    slack_user_id,
    basis,
    max(staff_id) as staff_id
  from candidates
  group by
    slack_user_id,
    basis
  having count(distinct staff_id) = 1
),

judged as (
  select
    clear.slack_user_id,
    clear.staff_id,
    clear.basis,
    case
      when bases.judged > 0
        then cast(
          cast(bases.proved_right + 1 as {{ dbt.type_numeric() }}) / cast(bases.judged + 2 as {{ dbt.type_numeric() }})
          as decimal(4, 3)
        )
    end as confidence
  from clear
  inner join bases
    on clear.basis = bases.basis
),

final as (
  select
    slack_user_id,
    staff_id,

    basis,

    confidence,

    row_number() over (
      partition by slack_user_id
      order by coalesce(confidence, 0) desc, basis asc
    ) = 1 as is_best,
    min(staff_id) over (partition by slack_user_id)
    <> max(staff_id) over (partition by slack_user_id) as is_contradicted
  from judged
)

select * from final
