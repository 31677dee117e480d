import type { StreamName } from './streams.ts';

/** A text of a row, whole, and where it stands. */
export interface FoundText {
  stream: StreamName;
  id: string;
  column: string;
  text: string;
}

/** What a row's texts were found by: the part of regular expressions that DuckDB, PostgreSQL and JavaScript share; case is ignored. */
export type TextPattern = string;
