/** One coupon: its code as a till scans it, its conditions, and giving it to a friend. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { Notice, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { useCoupon, type Shown } from './coupons'
import { GiftPanel } from './GiftPanel'
import './wallet.css'

export default function CouponPage() {
  const { t } = useTranslation('wallet')
  const { coupon = '' } = useParams()
  const found = useCoupon(coupon)
  const shown = found.data
  return (
    <>
      <PageHead title={shown?.coupon.name ?? t('coupon')} back="/wallet" />
      {found.isPending ? <Skeleton lines={6} /> : null}
      {shown ? (
        <One shown={shown} />
      ) : (
        <Refusal problem={found.error} retry={() => void found.refetch()} />
      )}
    </>
  )
}

function One({ shown }: { shown: Shown }) {
  const { t } = useTranslation('wallet')
  const { moment } = useFormats()
  const { coupon } = shown
  const isThere = coupon.standing === 'usable' || coupon.standing === 'reserved'
  return (
    <>
      <Panel>
        <p className="worth">{coupon.words.worth}</p>
        {coupon.standing === 'usable' ? null : (
          <Notice tone={coupon.standing === 'redeemed' ? 'good' : 'plain'}>
            <p role="status">
              {t(`standing.${coupon.standing}`)}. {coupon.detail}
            </p>
          </Notice>
        )}
        {isThere ? (
          <div className="codes shown">
            <Drawn drawing={shown.qr} label={t('qr')} className="qr" />
            {shown.barcode ? (
              <Drawn drawing={shown.barcode} label={t('barcode')} className="barcode" isStretched />
            ) : null}
            <p className="number">{coupon.printed}</p>
            <p className="small">{t('atTheTill')}</p>
          </div>
        ) : null}
      </Panel>
      <Panel title={t('conditions')}>
        <ul className="plain conditions">
          {coupon.words.conditions.map((one) => (
            <li key={one}>{one}</li>
          ))}
          {coupon.claimed_at ? <li>{t('since', { moment: moment(coupon.claimed_at) })}</li> : null}
        </ul>
      </Panel>
      <GiftPanel coupon={coupon} />
    </>
  )
}

interface DrawnProps {
  drawing: Schemas['Drawing']
  label: string
  className: string
  isStretched?: boolean
}

function Drawn({ drawing, label, className, isStretched = false }: DrawnProps) {
  return (
    <svg
      className={className}
      viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      preserveAspectRatio={isStretched ? 'none' : 'xMidYMid meet'}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect width={drawing.width} height={drawing.height} fill="#fff" />
      <path d={drawing.path} fill="#000" />
    </svg>
  )
}
