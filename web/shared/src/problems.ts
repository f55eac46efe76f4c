/** Refusals of the API in the reader's language. */
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'

import type { Schemas } from './api/client'

export type Problem = Omit<Schemas['Problem'], 'code'> & { code: string }

export interface ProblemText {
  /** What is wrong, in a sentence. */
  title: string
  /** What the server says of this very case; empty where it says no more than the title. */
  detail: string
  /** What is wrong where, one line each. */
  faults: string[]
}

const EMPTY: Problem = {
  type: 'about:blank',
  code: 'no_answer',
  status: 0,
  title: 'No answer came',
  detail: '',
  errors: [],
  instance: '',
}

/** The problem document in what was thrown; one of our own where no answer came at all. */
export function problemOf(thrown: unknown): Problem {
  // The server leaves out what is empty.
  if (isProblem(thrown)) return { ...EMPTY, ...thrown }
  const isFault = thrown instanceof Error && !(thrown instanceof TypeError)
  return { ...EMPTY, detail: isFault ? thrown.message : '' }
}

export function isProblem(thrown: unknown): thrown is Problem {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'status' in thrown
}

/** Says problems in the language of the page. */
export function useProblemText(): (thrown: unknown) => ProblemText {
  const { t } = useTranslation('shared')
  return (thrown) =>
    textOf(problemOf(thrown), (code) => t(`problems.${code}`, { defaultValue: '' }))
}

/** The title is ours, in the reader's language; the server's own words follow where they add to it. */
function textOf(problem: Problem, named: (code: string) => string): ProblemText {
  const own = named(problem.code)
  const title = own || problem.title
  const isSpoken = i18next.language === 'en' || /[\u4e00-\u9fff]/.test(problem.detail) || !own
  const detail =
    problem.detail === title || (!isSpoken && problem.errors.length > 0) ? '' : problem.detail
  return {
    title,
    detail,
    faults: problem.errors.map((fault) => [fault.pointer, fault.detail].filter(Boolean).join(': ')),
  }
}
