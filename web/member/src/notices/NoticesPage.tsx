/** All that the member was told, newest first; to see it is to have read it. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Icon } from '../shell/Icon'
import { Empty, PageHead, Refusal, Skeleton } from '../shell/parts'
import { useNotices, useReading, type Notice } from './asking'
import { pathOf, saying } from './telling'
import './notices.css'

export default function NoticesPage() {
  const { t } = useTranslation('notices')
  const found = useNotices()
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  useReading(items[0])
  return (
    <>
      <PageHead title={t('title')} back="/me" />
      {found.isPending ? <Skeleton lines={6} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {found.isSuccess && !items.length ? <Empty text={t('nothing')} /> : null}
      <ol className="notices panel" hidden={!items.length}>
        {items.map((one) => (
          <li key={one.notice} data-kind={one.kind} className={one.read ? '' : 'fresh'}>
            <Line notice={one} />
          </li>
        ))}
      </ol>
      {found.hasNextPage ? (
        <button
          type="button"
          className="button second wide"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('earlier')}
        </button>
      ) : null}
    </>
  )
}

function Line({ notice }: { notice: Notice }) {
  const path = pathOf(notice)
  if (!path) return <Sentences notice={notice} />
  return (
    <Link to={path}>
      <Sentences notice={notice} />
      <Icon name="chevron" />
    </Link>
  )
}

function Sentences({ notice }: { notice: Notice }) {
  const { t, i18n } = useTranslation('notices')
  const { day, moment } = useFormats()
  const said = saying(notice, { language: i18n.language, day, moment })
  const isKnown = i18n.exists(said.title, { ns: 'notices' })
  return (
    <div>
      <strong>
        {notice.read ? null : <span className="unseen">{t('fresh')} </span>}
        {isKnown ? t(said.title, said.fills) : t('other')}
      </strong>
      {isKnown
        ? said.details.map((one) => <p key={one}>{t(`kinds.${notice.kind}.${one}`, said.fills)}</p>)
        : null}
      <time dateTime={notice.at}>{moment(notice.at)}</time>
    </div>
  )
}
