{{
  config(
    materialized=in_part(),
    incremental_strategy='by_ticket',
    on_schema_change='fail',
    grows={'minutes': ['closed_minutes', 'closed_minutes_least', 'closed_minutes_most']},
    grows_while='stands_closed'
  )
}}

with spells as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_spells')) }}
),

holdings as (
  {{ to_make(ref('int_ticket_holdings')) }}
),

details as (
  {{ to_make(ref('int_ticket_details')) }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

-- Each stretch without a change of assignee first: there are fewer of them than of spells.
held as (
  select
    workspace,
    ticket_number,
    holding_number,
    max(mark) as mark,
    {%- for status_class in ['open', 'active', 'closed'] %}
    sum(case when status_class = '{{ status_class }}' then minutes else 0 end) as {{ status_class }}_minutes,
    sum(case when status_class = '{{ status_class }}' then held_minutes_least else 0 end)
      as {{ status_class }}_minutes_least,
    sum(case when status_class = '{{ status_class }}' then held_minutes_most else 0 end)
    {%- if status_class == 'open' %} + sum(minutes_maybe_open){% endif %} as {{ status_class }}_minutes_most,
    {%- endfor %}
    sum(case when status_class = 'open' then business_minutes else 0 end) as open_business_minutes,
    sum(case when status_class = 'active' then business_minutes else 0 end) as active_business_minutes,
    max(case when status_class = 'closed' and is_current then to_minute end) as closed_until_minute
  from spells
  group by
    workspace,
    ticket_number,
    holding_number
),

-- Before the first look nobody may have held what it saw assigned, in the class that it saw, or open.
maybe_unassigned as (
  select
    workspace,
    ticket_number,
    minutes_maybe_unassigned as open_minutes,
    case when status_class = 'active' then minutes_maybe_unassigned else 0 end as active_minutes,
    0 as closed_minutes
  from spells
  where minutes_maybe_unassigned > 0
),

by_holder as (
  select
    held.workspace,
    held.ticket_number,
    details.ticket_key,
    holdings.holder_id,
    holdings.holder_kind,
    max(holdings.holder_name) as holder_name,
    {%- for status_class in ['open', 'active', 'closed'] %}
    sum(held.{{ status_class }}_minutes) as {{ status_class }}_minutes,
    sum(held.{{ status_class }}_minutes_least) as {{ status_class }}_minutes_least,
    sum(held.{{ status_class }}_minutes_most)
    + case
      when holdings.holder_kind = 'unassigned' then coalesce(max(maybe_unassigned.{{ status_class }}_minutes), 0)
      else 0
    end as {{ status_class }}_minutes_most,
    {%- endfor %}
    sum(held.open_business_minutes) as open_business_minutes,
    sum(held.active_business_minutes) as active_business_minutes,
    max(case when details.gone_at is null then held.closed_until_minute end) as closed_until_minute,
    {{ shared_mark(['max(held.mark)', 'max(holdings.mark)', 'max(details.mark)']) }} as mark
  from held
  inner join holdings
    on
      held.workspace = holdings.workspace
      and held.ticket_number = holdings.ticket_number
      and held.holding_number = holdings.holding_number
  inner join details
    on
      held.workspace = details.workspace
      and held.ticket_number = details.ticket_number
  left join maybe_unassigned
    on
      held.workspace = maybe_unassigned.workspace
      and held.ticket_number = maybe_unassigned.ticket_number
  group by
    held.workspace,
    held.ticket_number,
    details.ticket_key,
    holdings.holder_id,
    holdings.holder_kind
),

final as (
  select
    by_holder.workspace,
    by_holder.ticket_number,
    by_holder.ticket_key,
    by_holder.holder_id,

    by_holder.holder_kind,
    by_holder.holder_name,

    {%- for status_class in ['open', 'active'] %}
    {%- for bound in ['', '_least', '_most'] %}
    cast(by_holder.{{ status_class }}_minutes{{ bound }} as bigint) as {{ status_class }}_minutes{{ bound }},
    {%- endfor %}
    {%- endfor %}
    -- A closing that stands was measured up to some build, and has lasted longer since.
    {%- for bound in ['', '_least', '_most'] %}
    cast(
      by_holder.closed_minutes{{ bound }}
      + coalesce({{ whole_minute('valuation.as_of') }} - by_holder.closed_until_minute, 0) as bigint
    ) as closed_minutes{{ bound }},
    {%- endfor %}
    cast(by_holder.open_business_minutes as bigint) as open_business_minutes,
    cast(by_holder.active_business_minutes as bigint) as active_business_minutes,

    by_holder.closed_until_minute is not null as stands_closed,

    valuation.as_of,

    '{{ var('metrics_version') }}' as metrics_version,
    by_holder.mark
  from by_holder
  cross join valuation
)

select * from final
