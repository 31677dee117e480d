with staff as (
  select * from {{ ref('stg_identities__staff') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

final as (
  select
    staff.staff_id,

    staff.name,
    staff.email,

    coalesce(
      coalesce(staff.valid_from, valuation.as_of) <= valuation.as_of
      and coalesce(staff.valid_to, timestamp '9999-12-31') > valuation.as_of,
      false
    ) as is_current,

    staff.valid_from,
    staff.valid_to
  from staff
  cross join valuation
)

select * from final
