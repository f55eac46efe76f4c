/** Why a file cannot be imported, in the reader's language: the kind of fault has words of its own. */
import { isProblem, type Problem } from '@regulars/shared/problems'
import { useTranslation } from 'react-i18next'

export function useFileProblem(problem: unknown): unknown {
  const { t } = useTranslation('imports')
  if (!isProblem(problem) || problem.code !== 'file_refused') return problem
  const code = (problem.errors as { code?: string }[] | undefined)?.[0]?.code ?? ''
  const words = t(`refused.${code}`, { defaultValue: '' })
  return words ? ({ ...problem, detail: words, errors: [] } satisfies Problem) : problem
}
