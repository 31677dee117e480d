with neighbours as (
  select
    history.workspace,
    history.ticket_number,
    history.interval_number,
    history.valid_from,
    history.valid_to,
    tickets.created_at,
    lag(history.valid_to) over (
      partition by history.workspace, history.ticket_number
      order by history.interval_number
    ) as previous_valid_to
  from {{ ref('suptask_ticket_history') }} as history
  inner join {{ ref('suptask_tickets') }} as tickets
    on
      history.workspace = tickets.workspace
      and history.ticket_number = tickets.ticket_number
)

select * from neighbours
where
  valid_to < valid_from
  or valid_from is distinct from (case when interval_number = 1 then created_at else previous_valid_to end)
