{#-
  Marts that are made day by day. Each of their rows carries the mark of what its day was made from; a build
  makes anew the days that have another mark by now, and leaves the others alone. Nothing is kept elsewhere. A mark sums a
  number for each spell that tells of the day, whatever their order.
-#}

{#- The marks of all days, in a table of the connection, and the days of which the mart has no row with its present mark,
    or some with another one. -#}
{% macro find_days_to_make() -%}
  {{ passing_table('day_marks', marks_of_days(model.name)) }}
  {{ passing_table('days_to_make', made_otherwise('day_marks', ['day'])) }}
{%- endmacro %}

{#- The mark of each day, as the mart of that name is about to be made; none where all of it is replaced each time. -#}
{% macro day_marks(name) -%}
  {%- if in_part() == 'table' -%}
    select
      cast(null as date) as day,
      cast(null as bigint) as mark
  {%- elif leaves_some_alone() -%}
    select * from day_marks
  {%- else -%}
    {{ marks_of_days(name) }}
  {%- endif -%}
{%- endmacro %}

{% macro marks_of_days(name) -%}
  {{ marks_of_standing() if name == 'backlog_daily' else marks_of_moves() }}
{%- endmacro %}

{#- Rows whose days are to be made. -#}
{% macro day_is_to_make(day) -%}
  {{ return(day ~ ' in (select days_to_make.day from days_to_make)' if leaves_some_alone() else 'true') }}
{%- endmacro %}

{#- A first day, or where none before it is to be made, the first of those that are. -#}
{% macro from_first_to_make(first_day) -%}
  {{ return('greatest(' ~ first_day ~ ', (select min(days_to_make.day) from days_to_make))' if leaves_some_alone() else first_day) }}
{%- endmacro %}

{#- A day's backlog is made of the spells that stand at its end; today's, of the valuation time as well. A spell that
    begins or ends changes the sum of all days after, so that an old ticket which is closed today changes today's alone. -#}
{% macro marks_of_standing() -%}
  {%- set tells = [
    'status_class', 'priority', 'priority_rank', 'queue_id', 'holder_kind', 'holder_id', 'holder_name', 'partner_kind',
    'partner_id', 'partner_name', 'created_at',
  ] -%}
  with spells as (
    select
      cast(valid_from as date) as first_day,
      cast(least(valid_to, gone_at) as date) as left_on,
      {{ row_as_number(tells) }} as spell
    from {{ ref('suptask_ticket_history') }}
    where is_backlog
  ),

  changes as (
    select
      first_day as day,
      spell
    from spells
    union all
    select
      left_on as day,
      -spell as spell
    from spells
    where left_on is not null
  ),

  changed as (
    select
      day,
      sum(spell) as spells
    from changes
    group by day
  ),

  standing as (
    select
      days.day,
      sum(changed.spells) over (order by days.day) as spells,
      case when days.day = cast(valuation.as_of as date) then valuation.as_of end as as_of
    from {{ ref('int_days') }} as days
    cross join {{ ref('int_valuation') }} as valuation
    left join changed
      on days.day = changed.day
  ),

  models as (
    select concat('{{ model_texts() }}', {{ contents(ref('age_bands')) }}) as texts
  )

  select
    standing.day,
    {{ row_as_number(['standing.spells', 'standing.as_of', 'models.texts']) }} as mark
  from standing
  cross join models
{%- endmacro %}

{#- A day's flow is made of the spells that begin on it, those that end on it, the tickets gone on it, and the backlogs of
    the day and of the one before. -#}
{% macro marks_of_moves() -%}
  {%- set tells = [
    'workspace', 'ticket_number', 'interval_number', 'status_class', 'is_backlog', 'priority', 'queue_id', 'holder_kind',
    'holder_id', 'holder_name', 'partner_kind', 'partner_id', 'partner_name',
  ] -%}
  with spells as (
    select
      cast(valid_from as date) as began_on,
      cast(valid_to as date) as ended_on,
      case when is_current then cast(gone_at as date) end as gone_on,
      {{ row_as_number(tells) }} as spell
    from {{ ref('suptask_ticket_history') }}
  ),

  moves as (
    {%- for move in ['began', 'ended', 'gone'] %}
    select
      {{ move }}_on as day,
      '{{ move }}' as move,
      sum(spell) as spells
    from spells
    where {{ move }}_on is not null
    group by {{ move }}_on
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    union all
    select
      day,
      'stands' as move,
      max(mark) as spells
    from {{ ref('backlog_daily') }}
    group by day
    union all
    select
      cast(day + interval '1 day' as date) as day,
      'stood' as move,
      max(mark) as spells
    from {{ ref('backlog_daily') }}
    group by day
  ),

  moved as (
    select
      day,
      {%- for move in ['began', 'ended', 'gone', 'stands', 'stood'] %}
      max(case when move = '{{ move }}' then spells end) as {{ move }}{{ ',' if not loop.last }}
      {%- endfor %}
    from moves
    group by day
  )

  select
    day,
    {{ row_as_number(['began', 'ended', 'gone', 'stands', 'stood', "cast('" ~ model_texts() ~ "' as " ~ dbt.type_string() ~ ")"]) }} as mark
  from moved
{%- endmacro %}

{% macro get_incremental_by_day_sql(arguments) -%}
  {{ put_in(arguments, 'days_to_make', ['day']) }}
{%- endmacro %}
