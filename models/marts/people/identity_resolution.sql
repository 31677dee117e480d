{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with details as (
  {{ to_make(ref('int_ticket_details')) }}
),

requesters as (
  {{ to_make(ref('int_ticket_requesters')) }}
),

holdings as (
  {{ to_make(ref('int_ticket_holdings'), 'is_current') }}
),

roles as (
  select
    workspace,
    ticket_number,
    'requester' as role,
    requester_id as external_id,
    staff_id,
    outcome,
    staff_name,
    method,
    reason,
    staff_address,
    mark
  from requesters
  union all
  select
    workspace,
    ticket_number,
    'assignee' as role,
    assignee_id as external_id,
    staff_id,
    case holder_kind
      when 'staff' then 'resolved'
      when 'unassigned' then 'not_applicable'
      else holder_kind
    end as outcome,
    case when holder_kind = 'staff' then holder_name end as staff_name,
    method,
    reason,
    cast(null as {{ dbt.type_string() }}) as staff_address,
    mark
  from holdings
),

final as (
  select
    roles.workspace,
    roles.ticket_number,
    roles.role,
    details.ticket_key,
    details.team_id,
    roles.external_id,
    roles.staff_id,
    details.partner_id,

    roles.outcome,
    roles.staff_name,
    roles.method,
    roles.reason,
    roles.staff_address,
    case when details.is_slack_sourced then 'slack' else details.source end as source,

    details.is_slack_sourced,

    details.created_at,
    details.last_seen_at,

    {{ shared_mark(['roles.mark', 'details.mark']) }} as mark
  from roles
  inner join details
    on
      roles.workspace = details.workspace
      and roles.ticket_number = details.ticket_number
)

select * from final
