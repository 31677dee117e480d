{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with intervals as (
  {{ to_make(ref('int_ticket_intervals')) }}
),

identities as (
  select * from {{ ref('int_slack_identities') }}
),

holdings as (
  select
    workspace,
    ticket_number,
    holding_number,
    assignee_id,
    max(mark) as mark,
    min(valid_from) as held_from,
    case when count(valid_to) = count(*) then max(valid_to) end as held_to
  from intervals
  group by
    workspace,
    ticket_number,
    holding_number,
    assignee_id
),

-- Someone who has left still held what they held while they worked.
resolved as (
  select
    holdings.*,
    identities.method,
    identities.staff_id,
    identities.staff_name,
    identities.display_name,
    identities.is_outsider,
    identities.is_deactivated,
    identities.is_conflicting,
    coalesce(
      identities.staff_id is not null
      and identities.staff_from <= coalesce(holdings.held_to, identities.staff_until)
      and identities.staff_until > holdings.held_from,
      false
    ) as is_staff_then,
    coalesce(identities.staff_until <= holdings.held_from, false) as has_left
  from holdings
  left join identities
    on holdings.assignee_id = identities.slack_user_id
),

kinds as (
  select
    resolved.*,
    case
      when assignee_id is null then 'unassigned'
      when is_staff_then then 'staff'
      when is_conflicting then 'unresolved'
      when is_outsider then 'not_staff'
      else 'unresolved'
    end as holder_kind
  from resolved
),

final as (
  select
    workspace,
    ticket_number,
    holding_number,

    assignee_id,
    case when holder_kind = 'staff' then staff_id else assignee_id end as holder_id,
    case when holder_kind = 'staff' then staff_id end as staff_id,

    holder_kind,
    case when holder_kind = 'staff' then staff_name else display_name end as holder_name,
    case when holder_kind = 'staff' then method end as method,
    case
      when holder_kind <> 'unresolved' then null
      when is_conflicting then 'conflicting_decisions'
      when is_deactivated or has_left then 'deactivated'
      else 'unmapped'
    end as reason,

    held_to is null as is_current,

    held_from,
    held_to,

    mark
  from kinds
)

select * from final
