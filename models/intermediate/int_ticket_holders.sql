{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with spells as (
  {{ to_make(ref('int_ticket_spells')) }}
),

holdings as (
  {{ to_make(ref('int_ticket_holdings')) }}
),

details as (
  {{ to_make(ref('int_ticket_details')) }}
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

final as (
  select
    held.workspace,
    held.ticket_number,
    details.ticket_key,
    holdings.holder_id,

    holdings.holder_kind,
    max(holdings.holder_name) as holder_name,

    {%- for held in ['open', 'active', 'closed', 'open_business', 'active_business'] %}
    cast(sum(held.{{ held }}_minutes) as bigint) as {{ held }}_minutes,
    {%- endfor %}
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
  group by
    held.workspace,
    held.ticket_number,
    details.ticket_key,
    holdings.holder_id,
    holdings.holder_kind
)

select * from final
