/** One line of a go/no-go list: what was asked, the answer, what it rests on, and what to do about a no. */
export interface Verdict {
  what: string;
  ok: boolean;
  evidence: string;
  remedy: string;
}
