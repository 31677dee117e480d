with source as (
  select * from {{ given('slack_users') }}
),

renamed as (
  select
    cast(trim(slack_user_id) as {{ dbt.type_string() }}) as slack_user_id,
    cast(nullif(trim(display_name), '') as {{ dbt.type_string() }}) as display_name,
    cast(nullif(lower(trim(email)), '') as {{ dbt.type_string() }}) as email,
    cast(nullif(lower(trim(user_type)), '') as {{ dbt.type_string() }}) as user_type,
    cast(deactivated_at as timestamp) as deactivated_at
  from source
)

select * from renamed
