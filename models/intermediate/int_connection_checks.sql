with copies as (
  {{ numbered_copies(ref('stg_suptask__connection_checks'), 'check_id') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

checks as (
  select copies.*
  from copies
  cross join valuation
  where
    copies.copy_number = 1
    and (valuation.known_until is null or copies.checked_at <= valuation.known_until)
),

final as (
  select
    check_id,
    workspace,

    kind,
    scenario,
    code,
    {{ json_text(readable_json('evidence'), 'found') }} as finding,

    latency_ms,

    is_ok,

    checked_at
  from checks
)

select * from final
