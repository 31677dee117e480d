{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with tickets as (
  {{ to_make(ref('int_ticket_details')) }}
),

details as (
  select
    tickets.*,
    greatest(last_change_at, created_at) as changed_at,
    -- Where a ticket does not say when it was created, no time since then is known at the most.
    case when created_at_basis = 'source' then created_at end as told_created_at
  from tickets
),

spells as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_spells')) }}
),

replies as (
  {{ to_make(ref('int_ticket_replies'), "reply = 'first_reply'") }}
),

looks as (
  {{ to_make(ref('int_ticket_looks'), 'look_number = 1') }}
),

business_days as (
  select * from {{ ref('int_business_days') }}
),

-- Replied to when it was first seen, and not known when it was created: since when it had waited nobody knows.
first_replies as (
  select
    replies.*,
    case
      when details.told_created_at is not null or replies.replied_at > details.created_at then replies.asked_minute
    end as waited_from_minute,
    case
      when details.told_created_at is not null or replies.replied_at > details.created_at
        then replies.asked_business_minute
    end as waited_from_business_minute
  from replies
  inner join details
    on
      replies.workspace = details.workspace
      and replies.ticket_number = details.ticket_number
),

first_closings as (
  select
    spells.*,
    row_number() over (partition by workspace, ticket_number order by interval_number) as nth_closing
  from spells
  where is_closing
),

-- Whoever held it, one after the other; nobody in between is left out.
held as (
  select
    spells.*,
    lag(assignee_id) over (partition by workspace, ticket_number order by interval_number) as previous_assignee_id
  from spells
  where assignee_id is not null
),

holders as (
  select
    workspace,
    ticket_number,
    min(interval_number) as first_interval_number,
    sum(case when assignee_id <> previous_assignee_id then 1 else 0 end) as reassignment_count,
    max(case when previous_assignee_id is null then basis end) as basis,
    max(case when previous_assignee_id is null then from_business_minute end) as business_minute,
    max(case when previous_assignee_id is null then valid_from end) as assigned_at,
    max(case when previous_assignee_id is null then valid_from_earliest end) as assigned_at_earliest,
    max(case when previous_assignee_id is null then valid_from_latest end) as assigned_at_latest
  from held
  group by
    workspace,
    ticket_number
),

first_looks as (
  select
    details.workspace,
    details.ticket_number,
    details.calendar_id,
    details.created_at,
    looks.seen_at,
    greatest(looks.changed_at, details.created_at) as changed_at
  from details
  inner join looks
    on
      details.workspace = looks.workspace
      and details.ticket_number = looks.ticket_number
),

-- Of a ticket that the first look saw assigned, the assignment is a change that this look saw.
assignments as (
  select
    holders.workspace,
    holders.ticket_number,
    holders.reassignment_count,
    case when holders.first_interval_number = 1 then 'first_look' else holders.basis end as basis,
    case
      when holders.first_interval_number = 1 then {{ business_minute('look_days', 'first_looks.changed_at') }}
      else holders.business_minute
    end as business_minute,
    case
      when holders.first_interval_number > 1 then holders.assigned_at
      else first_looks.changed_at
    end as assigned_at,
    case
      when holders.first_interval_number > 1 then holders.assigned_at_earliest
      else first_looks.created_at
    end as assigned_at_earliest,
    case
      when holders.first_interval_number > 1 then holders.assigned_at_latest
      else first_looks.seen_at
    end as assigned_at_latest
  from holders
  inner join first_looks
    on
      holders.workspace = first_looks.workspace
      and holders.ticket_number = first_looks.ticket_number
  left join business_days as look_days
    on {{ business_day_of('look_days', 'first_looks.calendar_id', 'first_looks.changed_at') }}
),

summed as (
  select
    workspace,
    ticket_number,
    -- Null where one of them has none: the ticket is not over.
    case when count(mark) = count(*) then max(mark) end as mark,
    max(case when is_current and status_class = 'closed' then to_minute end) as closed_until_minute,
    min(from_business_minute) as created_business_minute,
    max(case when is_closing then from_business_minute end) as last_closed_business_minute,
    sum(case when is_counted then business_minutes end) as counted_business_minutes,
    sum(counted_business_minutes_least) as counted_business_minutes_least,
    sum(counted_business_minutes_most) as counted_business_minutes_most,
    {%- for status_class in ['open', 'active', 'closed'] %}
    sum(case when status_class = '{{ status_class }}' then minutes else 0 end) as {{ status_class }}_minutes,
    sum(case when status_class = '{{ status_class }}' then minutes_least else 0 end)
      as {{ status_class }}_minutes_least,
    sum(case when status_class = '{{ status_class }}' then minutes_most else 0 end)
    {%- if status_class == 'open' %} + sum(minutes_maybe_open){% endif %} as {{ status_class }}_minutes_most,
    {%- endfor %}
    sum(case when status_class = 'open' then business_minutes else 0 end) as open_business_minutes,
    sum(case when status_class = 'active' then business_minutes else 0 end) as active_business_minutes
  from spells
  group by
    workspace,
    ticket_number
),

final as (
  select
    details.workspace,
    details.ticket_number,
    details.calendar_id,

    first_closings.basis as first_closed_at_basis,
    first_replies.basis as first_reply_at_basis,
    assignments.basis as first_assigned_at_basis,

    case
      when first_closings.valid_from_earliest is not null
        then {{ minutes_between('details.created_at', 'first_closings.valid_from') }}
    end as first_resolution_minutes,
    {{ minutes_between('details.created_at', 'first_closings.valid_from_earliest') }} as first_resolution_minutes_least,
    {{ minutes_between('details.told_created_at', 'first_closings.valid_from_latest') }}
      as first_resolution_minutes_most,
    case
      when first_closings.valid_from_earliest is not null
        then first_closings.from_business_minute - summed.created_business_minute
    end as first_resolution_business_minutes,
    case
      when details.told_created_at is not null or summed.last_closed_business_minute > summed.created_business_minute
        then summed.last_closed_business_minute - summed.created_business_minute
    end as last_resolution_business_minutes,

    {%- for bound in ['', '_least', '_most'] %}
    cast(coalesce(summed.counted_business_minutes{{ bound }}, 0) as bigint) as counted_business_minutes{{ bound }},
    {%- endfor %}

    first_replies.replied_minute - first_replies.waited_from_minute as first_reply_minutes,
    first_replies.replied_minute_earliest - first_replies.waited_from_minute as first_reply_minutes_least,
    first_replies.replied_business_minute - first_replies.waited_from_business_minute as first_reply_business_minutes,
    first_replies.replied_business_minute_earliest - first_replies.waited_from_business_minute
      as first_reply_business_minutes_least,

    case
      when details.told_created_at is not null or assignments.assigned_at > details.created_at
        then {{ minutes_between('details.created_at', 'assignments.assigned_at') }}
    end as first_assigned_minutes,
    {{ minutes_between('details.created_at', 'assignments.assigned_at_earliest') }} as first_assigned_minutes_least,
    {{ minutes_between('details.told_created_at', 'assignments.assigned_at_latest') }} as first_assigned_minutes_most,
    case
      when details.told_created_at is not null or assignments.assigned_at > details.created_at
        then assignments.business_minute - summed.created_business_minute
    end as first_assigned_business_minutes,

    {%- for status_class in ['open', 'active', 'closed'] %}
    {%- for bound in ['', '_least', '_most'] %}
    cast(summed.{{ status_class }}_minutes{{ bound }} as bigint) as {{ status_class }}_minutes{{ bound }},
    {%- endfor %}
    {%- endfor %}
    case when details.gone_at is null then summed.closed_until_minute end as closed_until_minute,
    cast(summed.open_business_minutes as bigint) as open_business_minutes,
    cast(summed.active_business_minutes as bigint) as active_business_minutes,

    summed.created_business_minute,
    {{ business_minute('change_days', 'details.changed_at') }} as changed_business_minute,

    cast(coalesce(assignments.reassignment_count, 0) as integer) as reassignment_count,

    first_closings.valid_from as first_closed_at,
    first_closings.valid_from_earliest as first_closed_at_earliest,
    first_closings.valid_from_latest as first_closed_at_latest,
    first_replies.replied_at as first_reply_at,
    first_replies.replied_at_earliest as first_reply_at_earliest,
    assignments.assigned_at as first_assigned_at,
    assignments.assigned_at_earliest as first_assigned_at_earliest,
    assignments.assigned_at_latest as first_assigned_at_latest,
    details.changed_at,

    {{ shared_mark(['summed.mark', 'details.mark']) }} as mark
  from details
  inner join summed
    on
      details.workspace = summed.workspace
      and details.ticket_number = summed.ticket_number
  inner join first_replies
    on
      details.workspace = first_replies.workspace
      and details.ticket_number = first_replies.ticket_number
  left join first_closings
    on
      details.workspace = first_closings.workspace
      and details.ticket_number = first_closings.ticket_number
      and first_closings.nth_closing = 1
  left join assignments
    on
      details.workspace = assignments.workspace
      and details.ticket_number = assignments.ticket_number
  left join business_days as change_days
    on {{ business_day_of('change_days', 'details.calendar_id', 'details.changed_at') }}
)

select * from final
