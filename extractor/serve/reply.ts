/** What a request is answered with. */
export interface Reply {
  status: number;
  /** Text as it is, anything else as JSON. */
  body: unknown;
  headers?: Record<string, string>;
}

/** An answer that says what was wrong, in the form in which the command line says it with `--json`. */
export function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): Reply {
  return { status, body: { error: { code, message } }, headers };
}
