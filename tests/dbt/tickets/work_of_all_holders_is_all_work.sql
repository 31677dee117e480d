{#- Each figure, and where it is counted by itself. -#}
{%- set figures = {
  'open_tickets': 'tickets', 'active_tickets': 'tickets', 'backlog_tickets': 'tickets',
  'closed_90_days': 'events', 'reopened_90_days': 'events', 'breached_90_days': 'outcomes',
} -%}
{%- set sums = [] -%}
{%- for figure in figures -%}
{%- do sums.append('coalesce(sum(' ~ figure ~ '), 0) as ' ~ figure) -%}
{%- endfor %}

with by_staff as (
  select {{ sums | join(', ') }}
  from {{ ref('workload_by_staff') }}
),

by_partner as (
  select {{ sums | join(', ') }}
  from {{ ref('workload_by_partner') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

tickets as (
  select
    count(case when status_class = 'open' then 1 end) as open_tickets,
    count(case when status_class = 'active' then 1 end) as active_tickets,
    count(*) as backlog_tickets
  from {{ ref('suptask_tickets') }}
  where is_backlog
),

events as (
  select
    count(case when happenings.event = 'closed' then 1 end) as closed_90_days,
    count(case when happenings.event = 'reopened' then 1 end) as reopened_90_days
  from {{ ref('int_ticket_events') }} as happenings
  cross join valuation
  where {{ minutes_between('happenings.happened_at', 'valuation.as_of') }} < 90 * 1440
),

outcomes as (
  select count(*) as breached_90_days
  from {{ ref('sla_outcomes') }} as judged
  cross join valuation
  where judged.outcome = 'breached' and {{ minutes_between('judged.due_at', 'valuation.as_of') }} < 90 * 1440
)

{% for figure, counted in figures.items() -%}
select
  '{{ figure }}' as figure,
  {{ counted }}.{{ figure }} as counted,
  by_staff.{{ figure }} as of_staff,
  by_partner.{{ figure }} as of_partners
from {{ counted }}
cross join by_staff
cross join by_partner
where
  by_staff.{{ figure }} <> {{ counted }}.{{ figure }}
  or by_partner.{{ figure }} <> {{ counted }}.{{ figure }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor -%}
