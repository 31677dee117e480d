with source as (
  select * from {{ given('partners') }}
),

renamed as (
  select
    cast(trim(partner_id) as {{ dbt.type_string() }}) as partner_id,
    cast(name as {{ dbt.type_string() }}) as name
  from source
)

select * from renamed
