{#- What tickets are made from beside the log: reference tables, people, and the models themselves. -#}
{%- set inputs = [
  'statuses', 'priorities',
  'business_calendars', 'business_calendar_rules', 'business_hours', 'business_holidays', 'time_zone_offsets',
  'sla_rules', 'sla_targets', 'sla_paused_statuses',
  'stg_identities__staff', 'stg_identities__partners', 'int_entity_external_ids', 'int_slack_identities',
] -%}

with fetches as (
  select
    workspace,
    ticket_number
  from {{ ref('int_ticket_fetches') }}
),

versions as (
  select
    workspace,
    ticket_number
  from {{ ref('int_ticket_versions') }}
),

inputs as (
  select
    md5(concat_ws(
      ' ',
      '{{ model_texts() }}',
      {%- for input in inputs %}
      {{ contents(ref(input)) }}{{ ',' if not loop.last }}
      {%- endfor %}
    )) as contents
),

rows_of_tickets as (
  select * from fetches
  union all
  select * from versions
),

-- The log only grows: as many rows of a ticket are the same rows.
counted as (
  select
    workspace,
    ticket_number,
    count(*) as rows_of_ticket
  from rows_of_tickets
  group by
    workspace,
    ticket_number
),

final as (
  select
    counted.workspace,
    counted.ticket_number,
    {{ row_as_number(['counted.rows_of_ticket', 'inputs.contents']) }} as mark
  from counted
  cross join inputs
)

select * from final
