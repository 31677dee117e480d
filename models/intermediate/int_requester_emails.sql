with details as (
  select * from {{ ref('int_ticket_details') }}
),

staff as (
  select * from {{ ref('stg_identities__staff') }}
  where email is not null
),

texts as (
  select
    workspace,
    ticket_number,
    created_at,
    1 as place,
    requester_email as text
  from details
  union all
  select
    workspace,
    ticket_number,
    created_at,
    2 as place,
    form_addresses as text
  from details
  union all
  select
    workspace,
    ticket_number,
    created_at,
    3 as place,
    custom_field_addresses as text
  from details
),

addresses as (
  select
    workspace,
    ticket_number,
    created_at,
    place,
    {{ email_addresses('text') }} as address
  from texts
  where text like '%@%'
),

-- ana+travel@example.com is delivered to ana@example.com. One way of writing a row: staff are found by it.
candidates as (
  select
    workspace,
    ticket_number,
    created_at,
    place,
    address
  from addresses
  union
  select
    workspace,
    ticket_number,
    created_at,
    place,
    {{ without_plus_tag('address') }} as address
  from addresses
),

matched as (
  select
    candidates.workspace,
    candidates.ticket_number,
    candidates.place,
    staff.staff_id,
    staff.email as address
  from candidates
  inner join staff
    on candidates.address = staff.email
  where
    coalesce(staff.valid_from, timestamp '1900-01-01') <= candidates.created_at
    and coalesce(staff.valid_to, timestamp '9999-12-31') > candidates.created_at
),

first_places as (
  select
    workspace,
    ticket_number,
    min(place) as place
  from matched
  group by
    workspace,
    ticket_number
),

final as (
  select
    matched.workspace,
    matched.ticket_number,
    case when count(distinct matched.staff_id) = 1 then max(matched.staff_id) end as staff_id,
    case matched.place
      when 1 then 'requester_email'
      when 2 then 'form_email'
      else 'custom_field_email'
    end as method,
    min(matched.address) as address,
    count(distinct matched.staff_id) > 1 as is_ambiguous
  from matched
  inner join first_places
    on
      matched.workspace = first_places.workspace
      and matched.ticket_number = first_places.ticket_number
      and matched.place = first_places.place
  group by
    matched.workspace,
    matched.ticket_number,
    matched.place
)

select * from final
