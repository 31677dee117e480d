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

-- Each stretch without a change of assignee first: there are fewer of them than of spells.
held as (
  select
    workspace,
    ticket_number,
    holding_number,
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

    cast(sum(held.open_minutes) as bigint) as open_minutes,
    cast(sum(held.active_minutes) as bigint) as active_minutes,
    -- A closing that stands was measured up to some build, and has lasted longer since.
    cast(
      sum(
        held.closed_minutes
        + case
          when held.closed_until_minute is not null and details.gone_at is null
            then {{ whole_minute('valuation.as_of') }} - held.closed_until_minute
          else 0
        end
      ) as bigint
    ) as closed_minutes,
    cast(sum(held.open_business_minutes) as bigint) as open_business_minutes,
    cast(sum(held.active_business_minutes) as bigint) as active_business_minutes,

    '{{ var('metrics_version') }}' as metrics_version
  from held
  cross join valuation
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
