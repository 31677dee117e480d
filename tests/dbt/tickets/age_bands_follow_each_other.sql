with neighbours as (
  select
    age_band,
    from_minutes,
    coalesce(lag(to_minutes) over (order by age_band_rank), 0) as expected_from_minutes
  from {{ ref('age_bands') }}
)

select * from neighbours
where from_minutes <> expected_from_minutes
