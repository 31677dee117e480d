-- Bodies that were imported into old folders are not looked for by an ordinary build.
select
  count(*) as unparsed_bodies,
  cast(count(*) as {{ dbt.type_string() }})
  || ' landed bodies are not parsed, as after an import into old folders. Build once with --full-refresh.' as finding
from {{ ref('int_ticket_fetches') }} as fetches
left join {{ ref('int_ticket_versions') }} as versions
  on fetches.fetch_id = versions.fetch_id
where fetches.outcome = 'found' and versions.fetch_id is null
having count(*) > 0
