/** `npm run spark:install`: makes the Python environment `.venv-spark` with Spark and dbt for it, or leaves it where it is up to date. */
import { preparePython } from './python-environment.ts';

preparePython({
  folder: '.venv-spark',
  holds: 'Spark, 1 GB,',
  requirements: 'requirements-spark.txt',
  proof: 'dbt.version',
  command: 'npm run spark:install',
  oldestPythonMinor: 11,
});
