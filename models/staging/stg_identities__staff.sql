with source as (
  select * from {{ given('staff') }}
),

renamed as (
  select
    cast(trim(staff_id) as {{ dbt.type_string() }}) as staff_id,
    cast(name as {{ dbt.type_string() }}) as name,
    cast(nullif(lower(trim(email)), '') as {{ dbt.type_string() }}) as email,
    cast(valid_from as timestamp) as valid_from,
    cast(valid_to as timestamp) as valid_to
  from source
)

select * from renamed
