{#-
  After a build on DuckDB: each mart that was built is written as one Parquet file to
  SUPTASK_EXPORTS, beside its final name and then renamed, so that whoever reads the old file
  reads it to its end. A mart that failed or was skipped keeps the file that it has.
  On PostgreSQL the marts are read where they are.
-#}
{% macro publish_marts(results) -%}
  {%- if execute and flags.WHICH in ('build', 'run') -%}
    {{ adapter.dispatch('publish_marts')(results) }}
  {%- endif -%}
{%- endmacro %}

{% macro default__publish_marts(results) -%}
{%- endmacro %}

{% macro duckdb__publish_marts(results) -%}
  {%- set exports = env_var('SUPTASK_EXPORTS', 'exports').rstrip('/') -%}
  {%- set built = [] -%}
  {%- for result in results
    if result.node.resource_type == 'model' and result.status == 'success' and 'marts' in result.node.fqn -%}
    {%- do built.append(result.node) -%}
  {%- endfor -%}
  {%- if built -%}
    {{ create_folder(exports) }}
    {%- for mart in built -%}
      copy (select * from {{ mart.relation_name }})
      to '{{ (exports ~ '/' ~ mart.alias ~ '.parquet') | replace("'", "''") }}'
      (
        format parquet, compression zstd, compression_level 1, write_bloom_filter false,
        {#- A column with more values than these in a block has too many for a dictionary to pay. #}
        dictionary_size_limit 1000,
        use_tmp_file true
      );
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{#- DuckDB makes no folder for a single file, but it makes the last one of a partitioned write,
    also when there is nothing to write. -#}
{% macro create_folder(path) -%}
  {%- set parts = path.split('/') -%}
  {%- for part in parts -%}
    {%- set folder = '/'.join(parts[:loop.index]) -%}
    {%- if folder and part not in ('.', '..') -%}
      copy (select 1 as nothing where false)
      to '{{ folder | replace("'", "''") }}'
      (format parquet, partition_by (nothing), write_partition_columns true, overwrite_or_ignore true);
    {%- endif -%}
  {%- endfor -%}
{%- endmacro %}
