/** The claim centre: coupons to be had, and the place to type a code or take a friend's gift. */
import { client, deedKey, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'

import { Empty, Field, Notice, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { told } from '../shell/told'
import { useChanged, useClaimable, type Shown } from './coupons'
import './wallet.css'

export default function ClaimPage() {
  const { t } = useTranslation('wallet')
  const found = useClaimable()
  return (
    <>
      <PageHead title={t('claim.title')} back="/wallet" />
      <CodePanel />
      <Panel title={t('claim.there')}>
        {found.isPending ? <Skeleton lines={4} /> : null}
        <Refusal problem={found.error} retry={() => void found.refetch()} />
        {found.data?.items.length === 0 ? <Empty text={t('claim.none')} /> : null}
        <ul className="tickets">
          {found.data?.items.map((one) => (
            <li key={one.template}>
              <Offered one={one} />
            </li>
          ))}
        </ul>
      </Panel>
    </>
  )
}

/** Typed, or brought along by the link that a friend has sent. */
function CodePanel() {
  const { t } = useTranslation('wallet')
  const changed = useChanged()
  const [asked] = useSearchParams()
  const [code, setCode] = useState(asked.get('code') ?? '')
  const take = useMutation({
    mutationFn: () => told(client.POST('/v1/me/coupons', { body: { code } })),
    onSuccess: async () => {
      setCode('')
      await changed()
    },
  })
  return (
    <Panel title={t('code.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          take.mutate()
        }}
      >
        <Field label={t('code.label')} hint={t('code.hint')}>
          <input
            value={code}
            onChange={(event) => setCode(event.target.value)}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={80}
          />
        </Field>
        <button
          type="submit"
          className="button wide"
          disabled={take.isPending || code.trim() === ''}
        >
          {t('code.take')}
        </button>
      </form>
      <Refusal problem={take.error} />
      {take.data ? <Taken shown={take.data} /> : null}
    </Panel>
  )
}

function Offered({ one }: { one: Schemas['ClaimableCouponAnswer'] }) {
  const { t } = useTranslation('wallet')
  const { moment, count } = useFormats()
  const changed = useChanged()
  // One key for one coupon: a second tap takes no second one.
  const [key, setKey] = useState(deedKey)
  const take = useMutation({
    mutationFn: () =>
      told(
        client.POST('/v1/me/claimable/{template}', {
          params: { path: { template: one.template }, header: { 'idempotency-key': key } },
        }),
      ),
    onSuccess: () => setKey(deedKey()),
    onSettled: changed,
  })
  return (
    <div className="ticket">
      <strong>{one.words.worth}</strong>
      <span>{one.name}</span>
      <ul className="plain small">
        {one.words.conditions.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
      {one.left !== null ? <small>{t('claim.left', { left: count(one.left) })}</small> : null}
      {one.why === 'not_yet' && one.opens_at ? (
        <small>{t('claim.opens', { moment: moment(one.opens_at) })}</small>
      ) : null}
      <button
        type="button"
        className="button"
        disabled={take.isPending || one.why !== ''}
        onClick={() => take.mutate()}
      >
        {one.why === '' ? t('claim.take') : one.detail}
      </button>
      <Refusal problem={take.error} />
      {take.data ? <Taken shown={take.data} /> : null}
    </div>
  )
}

function Taken({ shown }: { shown: Shown }) {
  const { t } = useTranslation('wallet')
  return (
    <Notice tone="good">
      <p role="status">{t('claim.yours', { name: shown.coupon.name })}</p>
      <Link to={`/wallet/coupons/${shown.coupon.coupon ?? ''}`}>{t('claim.look')}</Link>
    </Notice>
  )
}
