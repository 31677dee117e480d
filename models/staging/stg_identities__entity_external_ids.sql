with source as (
  select * from {{ given('entity_external_ids') }}
),

renamed as (
  select
    cast(lower(trim(entity_type)) as {{ dbt.type_string() }}) as entity_type,
    cast(nullif(trim(entity_id), '') as {{ dbt.type_string() }}) as entity_id,
    cast(lower(trim(source)) as {{ dbt.type_string() }}) as source,
    cast(trim(external_id) as {{ dbt.type_string() }}) as external_id,
    cast(nullif(trim(metadata), '') as {{ dbt.type_string() }}) as metadata,
    cast(created_at as timestamp) as created_at,
    cast(updated_at as timestamp) as updated_at,
    cast(created_by as {{ dbt.type_string() }}) as created_by
  from source
)

select * from renamed
