/** All that happened, newest first. */
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty, PageHead, Refusal, Skeleton } from '../shell/parts'
import { Happening } from './Happening'
import { useHistory } from './history'

export default function HistoryPage() {
  const { t } = useTranslation('history')
  const history = useHistory()
  const lines = history.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <PageHead title={t('title')} />
      {history.isPending ? <Skeleton lines={8} /> : null}
      <Refusal problem={history.error} retry={() => void history.refetch()} />
      {history.isSuccess && !lines.length ? (
        <Empty text={t('nothing')}>
          <Link className="button" to="/rules">
            {t('toRules')}
          </Link>
        </Empty>
      ) : null}
      <ol className="happenings panel" hidden={!lines.length}>
        {lines.map((line) => (
          <Happening key={line.event} line={line} isWhole />
        ))}
      </ol>
      {history.hasNextPage ? (
        <button
          type="button"
          className="button wide"
          disabled={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          {t('earlier')}
        </button>
      ) : null}
    </>
  )
}
