{{ config(materialized=in_part(), incremental_strategy='by_day', on_schema_change='fail') }}

{%- set moves = ['created', 'reopened', 'restored', 'moved_in', 'closed', 'archived', 'gone', 'moved_out'] -%}
{#- What a backlog is cut by: the kind of the member, its id and its name. -#}
{%- set cuts = {
  'total': ["'total'", 'cast(null as ' ~ dbt.type_string() ~ ')', 'cast(null as ' ~ dbt.type_string() ~ ')'],
  'holder': ['holder_kind', 'holder_id', 'holder_name'],
  'queue': ["case when queue_id is null then 'no_queue' else 'queue' end", 'queue_id', 'queue_id'],
  'priority': ["case when priority is null then 'no_priority' else 'priority' end", 'priority', 'priority'],
  'partner': ['partner_kind', 'partner_id', 'partner_name'],
} -%}

{#- Whose a ticket is: what it may be moved by, and its partner, which stays. -#}
{%- set movable = ['holder_kind', 'holder_id', 'holder_name', 'queue_id', 'priority'] -%}
{%- set staying = ['partner_kind', 'partner_id', 'partner_name'] -%}
{%- set whose = (movable + staying) | join(',\n    ') -%}
{#- By what it has been moved. -#}
{%- set moved_by = ['is_other_holder', 'is_other_queue', 'is_other_priority'] | join(',\n    ') -%}
{%- set moved_by_nothing = moved_by | replace('is_', 'false as is_') -%}

{#- Each of these is read for itself: an engine would copy the whole history, if one CTE were read for all of them. -#}
with spells_begun as (
  select * from {{ ref('suptask_ticket_history') }}
  where {{ day_is_to_make('cast(valid_from as date)') }}
),

-- A spell begins when the one before it ends.
spells_ended as (
  select * from {{ ref('suptask_ticket_history') }}
  where {{ day_is_to_make('cast(valid_to as date)') }}
),

spells_gone as (
  select * from {{ ref('suptask_ticket_history') }}
  where
    is_current
    and is_backlog
    and gone_at is not null
    and {{ day_is_to_make('cast(gone_at as date)') }}
),

stands as (
  select * from {{ ref('backlog_daily') }}
  where {{ day_is_to_make('day') }}
),

-- A day ends with what the next one begins with.
stood as (
  select
    backlog.*,
    cast(backlog.day + interval '1 day' as date) as next_day
  from {{ ref('backlog_daily') }} as backlog
  where {{ day_is_to_make("cast(backlog.day + interval '1 day' as date)") }}
),

marks as (
  {{ day_marks('backlog_flow_daily') }}
),

last_day as (
  select max(day) as day
  from {{ ref('int_days') }}
),

neighbours as (
  select
    begun.interval_number,
    begun.status_class,
    {%- for column in movable + staying %}
    begun.{{ column }},
    {%- endfor %}
    begun.is_backlog,
    begun.valid_from,
    {%- for column in ['status_class'] + movable %}
    ended.{{ column }} as previous_{{ column }},
    {%- endfor %}
    coalesce(ended.is_backlog, false) as was_backlog
  from spells_begun as begun
  left join spells_ended as ended
    on
      begun.workspace = ended.workspace
      and begun.ticket_number = ended.ticket_number
      and begun.interval_number = ended.interval_number + 1
),

compared as (
  select
    neighbours.*,
    (
      holder_kind is distinct from previous_holder_kind
      or holder_id is distinct from previous_holder_id
    ) as is_other_holder,
    (queue_id is distinct from previous_queue_id) as is_other_queue,
    (priority is distinct from previous_priority) as is_other_priority
  from neighbours
  where is_backlog or was_backlog
),

-- What came in is told of where it came to, what went out of where it had been.
moves as (
  select
    cast(valid_from as date) as day,
    case
      when was_backlog then 'moved_in'
      when interval_number = 1 then 'created'
      when previous_status_class = 'closed' then 'reopened'
      else 'restored'
    end as move,
    {{ whose }},
    {{ moved_by }}
  from compared
  where is_backlog and (not was_backlog or is_other_holder or is_other_queue or is_other_priority)
  union all
  select
    cast(valid_from as date) as day,
    case
      when is_backlog then 'moved_out'
      when status_class = 'closed' then 'closed'
      else 'archived'
    end as move,
    {%- for column in movable %}
    previous_{{ column }} as {{ column }},
    {%- endfor %}
    {{ staying | join(',\n    ') }},
    {{ moved_by }}
  from compared
  where was_backlog and (not is_backlog or is_other_holder or is_other_queue or is_other_priority)
  union all
  select
    cast(gone_at as date) as day,
    'gone' as move,
    {{ whose }},
    {{ moved_by_nothing }}
  from spells_gone
),

counted as (
  select
    day,
    move,
    {{ whose }},
    {{ moved_by }},
    count(*) as tickets
  from moves
  group by
    day,
    move,
    {{ whose }},
    {{ moved_by }}
),

facts as (
  select * from counted
  union all
  select
    day,
    'stands' as move,
    {{ whose }},
    {{ moved_by_nothing }},
    tickets
  from stands
  union all
  select
    next_day as day,
    'stood' as move,
    {{ whose }},
    {{ moved_by_nothing }},
    tickets
  from stood
  where next_day <= (select last_day.day from last_day)
),

cut as (
  {%- for cut, (kind, id, name) in cuts.items() %}
  select
    day,
    '{{ cut }}' as cut_by,
    {{ kind }} as member_kind,
    {{ id }} as member_id,
    {{ name }} as member_name,
    move,
    tickets
  from facts
  where
    move not in ('moved_in', 'moved_out')
    or {{ 'is_other_' ~ cut if cut in ['holder', 'queue', 'priority'] else 'false' }}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
),

summed as (
  select
    day,
    cut_by,
    member_id,

    member_kind,
    max(member_name) as member_name,

    cast(sum(case when move = 'stood' then tickets else 0 end) as bigint) as backlog_before,
    {%- for move in moves %}
    cast(sum(case when move = '{{ move }}' then tickets else 0 end) as bigint) as {{ move }},
    {%- endfor %}
    cast(sum(case when move = 'stands' then tickets else 0 end) as bigint) as backlog_after
  from cut
  group by
    day,
    cut_by,
    member_id,
    member_kind
),

final as (
  select
    summed.*,
    '{{ var('metrics_version') }}' as metrics_version,
    marks.mark
  from summed
  left join marks
    on summed.day = marks.day
)

select * from final
