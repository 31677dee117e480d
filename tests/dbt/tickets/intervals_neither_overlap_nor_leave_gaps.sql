with neighbours as (
  select
    workspace,
    ticket_number,
    interval_number,
    valid_from,
    valid_to,
    created_at,
    lag(valid_to) over (
      partition by workspace, ticket_number
      order by interval_number
    ) as previous_valid_to
  from {{ ref('suptask_ticket_history') }}
)

select * from neighbours
where
  valid_to < valid_from
  or valid_from is distinct from (case when interval_number = 1 then created_at else previous_valid_to end)
