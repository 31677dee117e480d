with mappings as (
  select * from {{ ref('stg_suptask__identity_mappings') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

known as (
  select mappings.*
  from mappings
  cross join valuation
  where valuation.known_until is null or mappings.decided_at <= valuation.known_until
),

-- A decision stands until a later one names it as replaced.
standing as (
  select known.*
  from known
  left join known as later
    on known.mapping_id = later.replaces_mapping_id
  where later.mapping_id is null
),

firsts as (
  select
    source,
    external_id,
    min(decided_at) as first_decided_at
  from known
  group by
    source,
    external_id
),

-- Two people who decided at once have both replaced the same one: two stand, and they may disagree.
compared as (
  select
    standing.*,
    row_number() over (
      partition by source, external_id
      order by decided_at desc, mapping_id desc
    ) as newest_first,
    min(coalesce(entity_type || ':' || entity_id, '')) over (partition by source, external_id)
    <> max(coalesce(entity_type || ':' || entity_id, '')) over (partition by source, external_id) as is_conflicting
  from standing
),

final as (
  select
    compared.source,
    compared.external_id,
    compared.mapping_id,

    compared.entity_type,
    case when not compared.is_conflicting then compared.entity_id end as entity_id,
    compared.reason,
    compared.decided_by,

    compared.is_conflicting,

    firsts.first_decided_at,
    compared.decided_at
  from compared
  inner join firsts
    on
      compared.source = firsts.source
      and compared.external_id = firsts.external_id
  where compared.newest_first = 1
)

select * from final
