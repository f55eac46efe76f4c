/** Which failed questions are asked again by themselves. */
import { problemOf } from '@regulars/shared/problems'

const MOST_TRIES = 2

/** What the server refused stays refused; only what it was too busy or too far for is tried again. */
export function isWorthAnotherTry(tries: number, thrown: unknown): boolean {
  const { status } = problemOf(thrown)
  return tries < MOST_TRIES && (status === 0 || status >= 500)
}
