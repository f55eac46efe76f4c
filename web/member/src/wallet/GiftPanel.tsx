/** A coupon given to a friend: by a code that works once, taken back while nobody has used it. */
import { client } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Panel, Refusal } from '../shell/parts'
import { told } from '../shell/told'
import { useChanged, type Coupon } from './coupons'

export function GiftPanel({ coupon }: { coupon: Coupon }) {
  const { t } = useTranslation('wallet')
  const changed = useChanged()
  const path = { coupon: coupon.coupon ?? '' }
  const give = useMutation({
    mutationFn: () => told(client.POST('/v1/me/coupons/{coupon}/gift', { params: { path } })),
    onSettled: changed,
  })
  const takeBack = useMutation({
    mutationFn: () => told(client.DELETE('/v1/me/coupons/{coupon}/gift', { params: { path } })),
    onSettled: changed,
  })
  if (!coupon.is_giftable) return null
  const isGiven = coupon.standing === 'given'
  if (!isGiven && coupon.standing !== 'usable' && coupon.standing !== 'early') return null
  return (
    <Panel title={t('gift.title')}>
      {isGiven && coupon.gift ? (
        <>
          <Offered code={coupon.gift} until={coupon.gift_until} />
          <button
            type="button"
            className="quiet"
            disabled={takeBack.isPending}
            onClick={() => takeBack.mutate()}
          >
            {t('gift.takeBack')}
          </button>
        </>
      ) : (
        <>
          <p>{t('gift.text')}</p>
          <button
            type="button"
            className="button wide"
            disabled={give.isPending}
            onClick={() => give.mutate()}
          >
            {t('gift.give')}
          </button>
        </>
      )}
      <Refusal problem={give.error ?? takeBack.error} />
    </Panel>
  )
}

function Offered({ code, until }: { code: string; until?: string | null }) {
  const { t } = useTranslation('wallet')
  const { moment } = useFormats()
  const [isCopied, setCopied] = useState(false)
  const link = `${location.origin}/my/wallet/claim?code=${encodeURIComponent(code)}`
  const share = async () => {
    if (typeof navigator.share === 'function') await navigator.share({ url: link })
    else {
      await navigator.clipboard.writeText(link)
      setCopied(true)
    }
  }
  return (
    <>
      <p>{t('gift.offered')}</p>
      <p className="number">{code}</p>
      {until ? <p className="small">{t('gift.until', { moment: moment(until) })}</p> : null}
      <button
        type="button"
        className="button wide"
        // Whoever closes the sheet of the system has thought better of it.
        onClick={() => void share().catch(() => undefined)}
      >
        {isCopied ? t('shared:copied') : t('gift.share')}
      </button>
    </>
  )
}
