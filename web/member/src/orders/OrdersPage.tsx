/** What the member ordered, newest first. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

import { Empty, PageHead, Refusal, Row, Skeleton } from '../shell/parts'
import { useOrders } from './asking'

export default function OrdersPage() {
  const { t } = useTranslation('orders')
  const { day, money } = useFormats()
  const found = useOrders()
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <PageHead title={t('title')} back="/me" />
      {found.isPending ? <Skeleton lines={6} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {found.isSuccess && !items.length ? <Empty text={t('nothing')} /> : null}
      <div className="panel" hidden={!items.length}>
        {items.map((one) => (
          <Row key={one.order} to={`/orders/${one.order}`}>
            <strong>{money(one.to_pay, one.currency)}</strong>
            <small>
              {[t(`state.${one.state}`), one.store, day(one.opened_at)].filter(Boolean).join(' · ')}
              {one.discount ? ` · ${t('saved', { money: money(one.discount, one.currency) })}` : ''}
            </small>
          </Row>
        ))}
      </div>
      {found.hasNextPage ? (
        <button
          type="button"
          className="button second wide"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('more')}
        </button>
      ) : null}
    </>
  )
}
