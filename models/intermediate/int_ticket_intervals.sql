{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with looks as (
  {{ to_make(ref('int_ticket_looks')) }}
),

states as (
  {{ to_make(ref('int_ticket_states')) }}
),

creation as (
  {{ to_make(ref('int_ticket_creation')) }}
),

-- A look at the same body as the one before cannot show a change.
new_versions as (
  select
    looks.workspace,
    looks.ticket_number,
    looks.look_number,
    looks.seen_at,
    looks.previous_seen_at,
    states.status,
    states.status_class,
    states.priority,
    states.priority_rank,
    states.queue_id,
    states.assignee_id,
    states.is_archived,
    states.updated_at,
    -- As a number: texts are dear to sort along.
    {{ text_as_number(
      "concat_ws(chr(31), coalesce(states.status, ''), states.status_class, coalesce(states.priority, ''), "
      "coalesce(states.queue_id, ''), coalesce(states.assignee_id, ''), "
      "case when states.is_archived then 'archived' else '' end)"
    ) }} as tracked_fields
  from looks
  inner join states
    on looks.version_id = states.version_id
  where looks.is_new_version
),

compared as (
  select
    new_versions.*,
    lag(tracked_fields) over versions as previous_tracked_fields,
    lag(assignee_id) over versions as previous_assignee_id
  from new_versions
  window versions as (partition by workspace, ticket_number order by look_number)
),

changes as (
  select
    compared.*,
    creation.created_at,
    creation.created_at_basis,
    creation.mark
  from compared
  inner join creation
    on
      compared.workspace = creation.workspace
      and compared.ticket_number = creation.ticket_number
  where
    compared.previous_tracked_fields is null
    or compared.previous_tracked_fields <> compared.tracked_fields
),

-- Before the first look: what it saw, carried back to creation. Only a closing and an archiving must have come later.
beginnings as (
  select
    workspace,
    ticket_number,
    look_number,
    0 as step,
    case when status_class <> 'closed' then status end as status,
    case when status_class <> 'closed' then status_class else 'open' end as status_class,
    priority,
    priority_rank,
    queue_id,
    assignee_id,
    false as is_archived,
    case when created_at < seen_at then 'carried_back' else 'look' end as basis,
    created_at as valid_from,
    created_at as valid_from_earliest,
    created_at as valid_from_latest,
    0 as is_other_assignee,
    mark
  from changes
  where look_number = 1
),

-- A change lies after the look before it and not after the look that saw it.
later_changes as (
  select
    workspace,
    ticket_number,
    look_number,
    1 as step,
    status,
    status_class,
    priority,
    priority_rank,
    queue_id,
    assignee_id,
    is_archived,
    updated_at,
    seen_at,
    case when look_number > 1 and (assignee_id is distinct from previous_assignee_id) then 1 else 0 end
      as is_other_assignee,
    mark,
    case
      when look_number > 1 then previous_seen_at
      when created_at_basis = 'source' then created_at
    end as not_before
  from changes
  where look_number > 1 or status_class = 'closed' or is_archived
),

estimated as (
  select
    workspace,
    ticket_number,
    look_number,
    step,
    status,
    status_class,
    priority,
    priority_rank,
    queue_id,
    assignee_id,
    is_archived,
    case when updated_at > not_before and updated_at <= seen_at then 'updated_at' else 'look' end as basis,
    case when updated_at > not_before and updated_at <= seen_at then updated_at else seen_at end as valid_from,
    not_before as valid_from_earliest,
    seen_at as valid_from_latest,
    is_other_assignee,
    mark
  from later_changes
),

steps as (
  select * from beginnings
  union all
  select * from estimated
),

numbered as (
  select
    steps.*,
    row_number() over intervals as interval_number,
    lead(valid_from) over intervals as valid_to,
    lag(status_class) over intervals as previous_status_class,
    sum(is_other_assignee) over intervals as reassignments
  from steps
  window intervals as (partition by workspace, ticket_number order by look_number, step)
),

final as (
  select
    workspace,
    ticket_number,
    cast(interval_number as integer) as interval_number,
    -- Counts up with each change of the assignee: the key of int_ticket_holdings.
    cast(reassignments + 1 as integer) as holding_number,
    cast(case when interval_number > 1 then reassignments + 1 - is_other_assignee end as integer)
      as previous_holding_number,

    queue_id,
    assignee_id,

    status,
    status_class,
    previous_status_class,
    priority,
    basis,

    priority_rank,

    is_archived,
    status_class <> 'closed' and not is_archived as is_backlog,
    valid_to is null as is_current,

    valid_from,
    valid_from_earliest,
    valid_from_latest,
    valid_to,

    mark
  from numbered
)

select * from final
