import { dbtProgram } from '../../../extractor/operations/dbt.ts';

/** Ends the tests before they begin, with what to do, where dbt for Spark or Java is not installed. */
export default function requireSpark(): void {
  dbtProgram([], { ...process.env, DBT_TARGET: 'spark' });
}
