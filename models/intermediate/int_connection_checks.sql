with checks as (
  select * from {{ ref('stg_suptask__connection_checks') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

-- While files are being merged a row stands in two of them.
copies as (
  select
    checks.*,
    row_number() over (partition by checks.check_id order by checks.landed_at) as copy_number
  from checks
  cross join valuation
  where valuation.known_until is null or checks.checked_at <= valuation.known_until
),

final as (
  select
    check_id,
    workspace,

    kind,
    scenario,
    code,
    {{ json_texts(readable_json('evidence'), ['found']) }} as findings,

    latency_ms,

    is_ok,

    checked_at
  from copies
  where copy_number = 1
)

select * from final
