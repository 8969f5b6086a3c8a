import { integer, MalformedContent, readObject, text, writeJson } from './json.js';
import type { Octets } from './octets.js';

/** The content of an ERROR frame: a problem document (RFC 9457) whose `code` a program may switch on. */
export interface StreamProblem {
  readonly code: string;
  readonly status: number;
  /** One sentence for people. */
  readonly title: string;
}

/** Sent by a client that no longer wants the answer. */
export const CANCELLED: StreamProblem = {
  code: 'cancelled',
  status: 499,
  title: 'The client cancelled the request.',
};

export function writeProblem(problem: StreamProblem): Octets {
  return writeJson({
    type: `urn:postern:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    code: problem.code,
  });
}

export function parseProblem(content: Octets): StreamProblem {
  const json = readObject(content);
  const problem = { code: text(json, 'code'), status: integer(json, 'status'), title: text(json, 'title') };
  const sound =
    problem.code.trim() !== '' &&
    problem.code.length <= 64 &&
    problem.status >= 400 &&
    problem.status <= 599 &&
    problem.title.length <= 1024;
  if (!sound) {
    throw new MalformedContent('a problem out of bounds');
  }
  return problem;
}
