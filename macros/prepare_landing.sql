{#-
  Before anything runs: make the landing log readable as `source('suptask_raw', …)`.
  On DuckDB that is one view a stream over its Parquet files, on Spark one table over them; on
  PostgreSQL the extractor has made the tables, and all that is needed is a way to read JSON that
  cannot end a build.
-#}
{% macro prepare_landing() -%}
  {%- if execute -%}
    {{ adapter.dispatch('prepare_landing')() }}
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__prepare_landing() -%}
  {%- set landing = landing_folder() -%}
  {%- for source in graph.sources.values() if source.source_name == 'suptask_raw' -%}
    {{ create_landing_view(source, literal_path(landing)) }}
  {%- endfor -%}
{%- endmacro %}

{% macro landing_folder() -%}
  {%- set landing = env_var('SUPTASK_LANDING', 'landing') -%}
  {%- if landing.startswith('postgres://') or landing.startswith('postgresql://') -%}
    {%- do exceptions.raise_compiler_error(
      "SUPTASK_LANDING is a PostgreSQL address, but dbt's target is " ~ target.name ~ ", which reads a folder. "
      ~ "Build where the log is: dbt build --target postgres (or DBT_TARGET=postgres)."
    ) -%}
  {%- endif -%}
  {{ return(landing.rstrip('/')) }}
{%- endmacro %}

{#- A path in which the characters that a glob takes for wild ones stand for themselves. -#}
{% macro literal_path(path) -%}
  {{ return(path | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')) }}
{%- endmacro %}

{#-
  The files of a stream that no merged file stands in for. A view names them one by one, so that a
  build reads one state of the log from its first model to its last, and so that no file is gone when
  it comes to it: those that a later merge replaces stay for another hour, but those that an earlier
  one replaced may be removed at any moment.
-#}
{% macro standing_files(folder) -%}
  {%- set folder = folder | replace("'", "''") -%}
  {%- set merged = folder ~ '/*/compacted-*.parquet' -%}
  {%- set replaced -%}
    {%- if run_query("select count(*) from glob('" ~ merged ~ "')").columns[0].values()[0] > 0 -%}
    select regexp_replace(file_name, '[^/\\]*$', '') || unnest(from_json(decode(value), '["varchar"]'))
    from parquet_kv_metadata('{{ merged }}')
    where decode(key) = 'replaces'
    {%- else -%}
    select null where false
    {%- endif -%}
  {%- endset -%}
  {{ return(run_query("select file from glob('" ~ folder ~ "/*/*.parquet') where file not in (" ~ replaced ~ ") order by file").columns[0].values()) }}
{%- endmacro %}

{#- A stream without files is a view without rows: an empty folder is a valid log. -#}
{% macro create_landing_view(source, landing) -%}
  {%- set files = standing_files(landing ~ '/' ~ source.name) -%}
  create schema if not exists {{ source.schema }};
  create or replace view {{ source.relation_name }} as
  with declared as (
    select
      {%- for column in source.columns.values() %}
      cast(null as {{ column.data_type }}) as "{{ column.name }}"{{ ',' if not loop.last }}
      {%- endfor %}
    where false
  ),

  landed as (
    select * from declared
    {%- if files %}
    union all by name
    select *
    from read_parquet([{% for file in files %}'{{ literal_path(file) | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}], union_by_name = true, hive_partitioning = true, hive_types = {'landed_on': date})
    {%- endif %}
  )

  select
    {%- for column in source.columns.values() %}
    cast("{{ column.name }}" as {{ column.data_type }}) as "{{ column.name }}"{{ ',' if not loop.last }}
    {%- endfor %}
  from landed;
{%- endmacro %}

{#- A table over the folder, in which each day's folder is a partition: Spark reads those that are asked for. -#}
{% macro spark__prepare_landing() -%}
  {%- set landing = absolute_path(landing_folder()) -%}
  {%- for source in graph.sources.values() if source.source_name == 'suptask_raw' -%}
    {%- set declared = [] -%}
    {%- for column in source.columns.values() -%}
      {%- do declared.append('`' ~ column.name ~ '` ' ~ engine_type(column.data_type)) -%}
    {%- endfor -%}
    {%- do run_query('create schema if not exists ' ~ source.schema) -%}
    {%- do run_query('drop table if exists ' ~ source.relation_name) -%}
    {%- do run_query(
      'create table ' ~ source.relation_name ~ ' (' ~ declared | join(', ') ~ ') using parquet'
      ~ ' partitioned by (landed_on) location ' ~ spark_text(landing ~ '/' ~ source.name)
    ) -%}
    {%- do run_query('msck repair table ' ~ source.relation_name) -%}
  {%- endfor -%}
{%- endmacro %}

{#- To Spark a relative path is one of its warehouse; to a server, one that only the server knows. -#}
{% macro absolute_path(path) -%}
  {%- if path.startswith('/') or ':' in path -%}
    {{ return(path) }}
  {%- elif target.method != 'session' or env_var('SPARK_REMOTE', '') -%}
    {%- do exceptions.raise_compiler_error(
      "SUPTASK_LANDING is " ~ path ~ ", a path of this machine. Set it to the folder as the Spark server sees it: "
      ~ "an absolute path, or an address such as s3a://bucket/landing."
    ) -%}
  {%- endif -%}
  {{ return(run_query("select reflect('java.lang.System', 'getProperty', 'user.dir')").rows[0][0] ~ '/' ~ path) }}
{%- endmacro %}

{% macro postgres__prepare_landing() -%}
  {%- set landing = env_var('SUPTASK_LANDING', '') -%}
  {%- if landing and not (landing.startswith('postgres://') or landing.startswith('postgresql://')) -%}
    {%- do exceptions.raise_compiler_error(
      "SUPTASK_LANDING is a folder (" ~ landing ~ "), but dbt's target is postgres, which reads the schema suptask_raw. "
      ~ "Build with dbt build --target duckdb, or land in PostgreSQL: set SUPTASK_LANDING to its postgres:// address."
    ) -%}
  {%- endif -%}
  {%- set missing = [] -%}
  {%- for source in graph.sources.values() if source.source_name == 'suptask_raw' -%}
    {%- if adapter.get_relation(source.database, source.schema, source.name) is none -%}
      {%- do missing.append(source.schema ~ '.' ~ source.name) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if missing -%}
    {%- do exceptions.raise_compiler_error(
      "There is no " ~ missing | sort | join(', ') ~ " in the database " ~ target.dbname ~ ". "
      ~ "The extractor makes these tables: set SUPTASK_LANDING to the postgres:// address of this database and run suptask sync."
    ) -%}
  {%- endif -%}
  {{ create_json_reader() }}
{%- endmacro %}

{#- PostgreSQL has no cast that yields null instead of an error (before 16 not even a way to ask),
    and one unreadable body must not end a build. -#}
{% macro create_json_reader() -%}
  {#- Even "if not exists" asks for the right to make schemas. -#}
  {%- if not adapter.check_schema_exists(target.database, json_reader_schema()) %}
  create schema {{ json_reader_schema() }};
  {%- endif %}
  create or replace function {{ json_reader_schema() }}.json_or_null(body text) returns jsonb as $$
  begin
    return body::jsonb;
  exception when others then
    return null;
  end
  $$ language plpgsql immutable;
{%- endmacro %}

{% macro json_reader_schema() -%}
  {{ generate_schema_name('suptask_staging', none) }}
{%- endmacro %}
