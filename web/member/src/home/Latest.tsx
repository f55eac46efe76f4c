/** The last few things that happened. */
import { useTranslation } from 'react-i18next'

import { Happening } from '../history/Happening'
import { useLatest } from '../history/history'
import { Empty, Refusal, Skeleton } from '../shell/parts'

export function Latest() {
  const { t } = useTranslation('home')
  const latest = useLatest()
  if (latest.isPending) return <Skeleton lines={3} />
  if (latest.isError) return <Refusal problem={latest.error} retry={() => void latest.refetch()} />
  if (!latest.data.items.length) return <Empty text={t('nothingYet')} />
  return (
    <ol className="happenings">
      {latest.data.items.map((line) => (
        <Happening key={line.event} line={line} />
      ))}
    </ol>
  )
}
