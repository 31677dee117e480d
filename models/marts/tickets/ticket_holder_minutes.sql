with spells as (
  select * from {{ ref('int_ticket_spells') }}
),

holdings as (
  select * from {{ ref('int_ticket_holdings') }}
),

details as (
  select * from {{ ref('int_ticket_details') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

final as (
  select
    spells.workspace,
    spells.ticket_number,
    details.ticket_key,
    holdings.holder_id,

    holdings.holder_kind,
    max(holdings.holder_name) as holder_name,

    {%- for status_class in ['open', 'active'] %}
    cast(
      sum(case when spells.status_class = '{{ status_class }}' then spells.minutes else 0 end) as bigint
    ) as {{ status_class }}_minutes,
    {%- endfor %}
    -- The spell of a closing that stands was measured up to some build.
    cast(
      sum(
        case
          when spells.status_class <> 'closed' then 0
          when spells.is_current and details.gone_at is null
            then spells.minutes + {{ whole_minute('valuation.as_of') }} - spells.to_minute
          else spells.minutes
        end
      ) as bigint
    ) as closed_minutes,
    cast(
      sum(case when spells.status_class = 'open' then spells.business_minutes else 0 end) as bigint
    ) as open_business_minutes,
    cast(
      sum(case when spells.status_class = 'active' then spells.business_minutes else 0 end) as bigint
    ) as active_business_minutes,

    '{{ var('metrics_version') }}' as metrics_version
  from spells
  cross join valuation
  inner join holdings
    on
      spells.workspace = holdings.workspace
      and spells.ticket_number = holdings.ticket_number
      and spells.holding_number = holdings.holding_number
  inner join details
    on
      spells.workspace = details.workspace
      and spells.ticket_number = details.ticket_number
  group by
    spells.workspace,
    spells.ticket_number,
    details.ticket_key,
    holdings.holder_id,
    holdings.holder_kind
)

select * from final
