/** The wallet: coupons that can be used, were used or are over, and the member's benefits. */
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'

import { BenefitsPanel } from '../benefits/BenefitsPanel'
import { Empty, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { PARTS, partOf, useCoupons, type Part } from './coupons'
import { Ticket } from './Ticket'
import './wallet.css'

export default function WalletPage() {
  const { t } = useTranslation('wallet')
  const [asked, setAsked] = useSearchParams()
  const part = PARTS.find((one) => one === asked.get('part')) ?? 'usable'
  const found = useCoupons()
  const items = found.data?.items ?? []
  const show = (one: Part) => setAsked(one === 'usable' ? {} : { part: one }, { replace: true })
  return (
    <>
      <PageHead title={t('title')} />
      <Link className="button wide" to="/wallet/claim">
        {t('more')}
      </Link>
      <Panel title={t('coupons')}>
        <div className="parts-of" role="tablist" aria-label={t('coupons')}>
          {PARTS.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              aria-selected={one === part}
              onClick={() => show(one)}
            >
              {t(`part.${one}`)} ({items.filter((coupon) => partOf(coupon) === one).length})
            </button>
          ))}
        </div>
        {found.isPending ? <Skeleton lines={4} /> : null}
        <Refusal problem={found.error} retry={() => void found.refetch()} />
        <Tickets part={part} items={items} isKnown={found.isSuccess} />
      </Panel>
      <BenefitsPanel />
    </>
  )
}

interface Listed {
  part: Part
  items: Parameters<typeof Ticket>[0]['coupon'][]
  isKnown: boolean
}

function Tickets({ part, items, isKnown }: Listed) {
  const { t } = useTranslation('wallet')
  const shown = items.filter((coupon) => partOf(coupon) === part)
  if (isKnown && shown.length === 0)
    return (
      <Empty text={t(`none.${part}`)}>
        {part === 'usable' ? <Link to="/wallet/claim">{t('more')}</Link> : null}
      </Empty>
    )
  return (
    <ul className="tickets">
      {shown.map((coupon) => (
        <li key={coupon.coupon}>
          <Ticket coupon={coupon} />
        </li>
      ))}
    </ul>
  )
}
