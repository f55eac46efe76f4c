/** One coupon in a list. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import type { Coupon } from './coupons'

export function Ticket({ coupon }: { coupon: Coupon }) {
  const { t } = useTranslation('wallet')
  const { day } = useFormats()
  const isFaint = ['redeemed', 'expired', 'revoked'].includes(coupon.standing)
  return (
    <Link
      className={`ticket ${isFaint ? 'faint' : ''}`}
      to={`/wallet/coupons/${coupon.coupon ?? ''}`}
    >
      <strong>{coupon.words.worth}</strong>
      <span>{coupon.name}</span>
      {coupon.valid_until ? (
        <small>{t('until', { day: day(coupon.valid_until) })}</small>
      ) : (
        <small>{t('forEver')}</small>
      )}
      {coupon.standing === 'usable' ? null : (
        <em className="standing">{t(`standing.${coupon.standing}`)}</em>
      )}
    </Link>
  )
}
