with given as (
  select * from {{ ref('stg_identities__entity_external_ids') }}
),

mappings as (
  select * from {{ ref('stg_suptask__identity_mappings') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

decisions as (
  select
    mappings.*,
    min(mappings.decided_at) over (partition by mappings.source, mappings.external_id) as first_decided_at,
    row_number() over (
      partition by mappings.source, mappings.external_id
      order by mappings.decided_at desc, mappings.mapping_id desc
    ) as newest_first
  from mappings
  cross join valuation
  where valuation.known_until is null or mappings.decided_at <= valuation.known_until
),

decided as (
  select
    entity_type,
    entity_id,
    source,
    external_id,
    cast(null as {{ dbt.type_string() }}) as metadata,
    'decision' as origin,
    mapping_id,
    reason,
    decided_by as created_by,
    first_decided_at as created_at,
    decided_at as updated_at
  from decisions
  where newest_first = 1
),

-- What a person decided wins over what was given, also when they decided that it is nobody.
final as (
  select * from decided
  union all
  select
    given.entity_type,
    given.entity_id,
    given.source,
    given.external_id,
    given.metadata,
    'given' as origin,
    cast(null as {{ dbt.type_string() }}) as mapping_id,
    cast(null as {{ dbt.type_string() }}) as reason,
    given.created_by,
    given.created_at,
    given.updated_at
  from given
  left join decided
    on
      given.source = decided.source
      and given.external_id = decided.external_id
  where decided.external_id is null
)

select * from final
