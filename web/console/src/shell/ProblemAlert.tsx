/** A refusal of the API, in the reader's language, with the way to try again. */
import { useProblemText } from '@regulars/shared/problems'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'

interface Props {
  /** What a query or a deed threw; nothing is shown without one. */
  problem: unknown
  onRetry?: () => void
}

export function ProblemAlert({ problem, onRetry }: Props) {
  const { t } = useTranslation('shared')
  const text = useProblemText()
  if (problem === null || problem === undefined) return null
  const { title, detail, faults } = text(problem)
  const more = [detail, ...faults].filter((line) => line && line !== title)
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={title}
      description={more.length ? more.map((line) => <div key={line}>{line}</div>) : undefined}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t('retry')}
          </Button>
        )
      }
    />
  )
}
