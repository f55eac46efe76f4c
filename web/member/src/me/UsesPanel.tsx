/** Who used one's data, and for what. */
import { client } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { Empty, Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'

const PAGE = 10

export function UsesPanel() {
  const { t } = useTranslation('me')
  const { moment } = useFormats()
  const uses = useInfiniteQuery({
    queryKey: ['uses'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const query = pageParam ? { limit: PAGE, cursor: pageParam } : { limit: PAGE }
      return told(client.GET('/v1/me/uses', { params: { query } }))
    },
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const items = uses.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Panel title={t('data.uses')}>
      {uses.isPending ? <Skeleton lines={3} /> : null}
      <Refusal problem={uses.error} retry={() => void uses.refetch()} />
      {uses.isSuccess && !items.length ? <Empty text={t('data.noUses')} /> : null}
      <ul className="plain">
        {items.map((one) => (
          <li key={`${one.at} ${one.what}`}>
            <strong>{one.who}</strong> {one.what}
            {one.why ? <span> · {one.why}</span> : null}
            <time dateTime={one.at}>{moment(one.at)}</time>
          </li>
        ))}
      </ul>
      {uses.hasNextPage ? (
        <button type="button" className="more" onClick={() => void uses.fetchNextPage()}>
          {t('shared:more')}
        </button>
      ) : null}
    </Panel>
  )
}
