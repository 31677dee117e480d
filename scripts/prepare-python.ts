/** `npm run prepare`: makes the Python environment `.venv` with dbt, or leaves it where it is up to date. */
import { preparePython } from './python-environment.ts';

preparePython({ folder: '.venv', holds: 'dbt', requirements: 'requirements.txt', proof: 'dbt.version', command: 'npm run prepare' });
