/** What the member took out of the mall, newest first. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import './mall.css'
import { Empty, PageHead, Refusal, Skeleton } from '../shell/parts'
import { useRedemptions } from './asking'
import { Picture } from './Picture'

export default function RedemptionsPage() {
  const { t } = useTranslation('mall')
  const { day } = useFormats()
  const found = useRedemptions()
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <PageHead title={t('mine.title')} back="/mall" />
      {found.isPending ? <Skeleton lines={6} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {found.isSuccess && !items.length ? (
        <Empty text={t('mine.nothing')}>
          <Link className="button" to="/mall">
            {t('mine.toMall')}
          </Link>
        </Empty>
      ) : null}
      <div className="panel" hidden={!items.length}>
        {items.map((one) => (
          <Link
            className="row salerow"
            key={one.redemption}
            to={`/mall/redemptions/${one.redemption}`}
          >
            <Picture src={one.picture} name={one.name} />
            <span>
              <strong>
                {one.name}
                {one.quantity > 1 ? ` × ${one.quantity}` : ''}
              </strong>
              <small>
                {t(`state.${one.state}`)} · {day(one.placed_at)}
              </small>
            </span>
          </Link>
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
