with holders as (
  select * from {{ ref('int_ticket_holders') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

final as (
  select
    holders.workspace,
    holders.ticket_number,
    holders.ticket_key,
    holders.holder_id,

    holders.holder_kind,
    holders.holder_name,

    {%- for status_class in ['open', 'active'] %}
    {%- for bound in ['', '_least', '_most'] %}
    holders.{{ status_class }}_minutes{{ bound }},
    {%- endfor %}
    {%- endfor %}
    -- A closing that stands was measured up to some build, and has lasted longer since.
    {%- for bound in ['', '_least', '_most'] %}
    holders.closed_minutes{{ bound }}
    + coalesce({{ whole_minute('valuation.as_of') }} - holders.closed_until_minute, 0) as closed_minutes{{ bound }},
    {%- endfor %}
    holders.open_business_minutes,
    holders.active_business_minutes,

    '{{ var('metrics_version') }}' as metrics_version
  from holders
  cross join valuation
)

select * from final
