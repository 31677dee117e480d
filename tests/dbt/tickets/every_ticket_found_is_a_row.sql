with found as (
  select distinct
    workspace,
    ticket_number
  from {{ ref('int_ticket_fetches') }}
  where outcome = 'found'
),

readable as (
  select distinct
    versions.workspace,
    versions.ticket_number
  from {{ ref('int_ticket_versions') }} as versions
  inner join {{ ref('int_ticket_fetches') }} as fetches
    on versions.fetch_id = fetches.fetch_id
  where versions.is_readable
)

select
  found.workspace,
  found.ticket_number
from found
inner join readable
  on
    found.workspace = readable.workspace
    and found.ticket_number = readable.ticket_number
left join {{ ref('suptask_tickets') }} as tickets
  on
    found.workspace = tickets.workspace
    and found.ticket_number = tickets.ticket_number
where tickets.ticket_number is null
