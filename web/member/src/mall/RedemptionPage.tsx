/** One redemption: where it stands, the code to show, and the way back while there is one. */
import { useFormats } from '@regulars/shared/formats'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'

import './mall.css'
import { Notice, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { useCancel, useRedemption, type Redemption } from './asking'
import { Picture } from './Picture'
import { Price } from './Price'

const CANCELLABLE = new Set(['awaiting_payment', 'placed', 'accepted'])

export default function RedemptionPage() {
  const { t } = useTranslation('mall')
  const { redemption = '' } = useParams()
  const [params] = useSearchParams()
  const found = useRedemption(redemption)
  return (
    <>
      <PageHead title={found.data?.name ?? t('mine.one')} back="/mall/redemptions" />
      {params.has('new') ? <Notice tone="good">{t('mine.made')}</Notice> : null}
      {found.isPending ? <Skeleton lines={6} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {found.data ? <Whole one={found.data} /> : null}
    </>
  )
}

function Whole({ one }: { one: Redemption }) {
  const { t } = useTranslation('mall')
  const { moment } = useFormats()
  return (
    <>
      <Panel title={t(`state.${one.state}`)}>
        <div className="row salerow">
          <Picture src={one.picture} name={one.name} />
          <span>
            <strong>
              {[one.name, one.variant_name].filter(Boolean).join(' · ')}
              {one.quantity > 1 ? ` × ${one.quantity}` : ''}
            </strong>
            <Price points={one.points} currency={one.currency} cash={one.cash} />
          </span>
        </div>
        {one.state === 'awaiting_payment' && one.pay_by ? (
          <p>{t('mine.payBy', { at: moment(one.pay_by) })}</p>
        ) : null}
        {one.settlement ? <p className="small">{t('mine.settled')}</p> : null}
        {one.tracking ? (
          <p>
            {one.carrier} <strong className="tracking">{one.tracking}</strong>
          </p>
        ) : null}
      </Panel>
      {one.way === 'pick_up' && one.code && !['picked_up', 'cancelled'].includes(one.state) ? (
        <Panel title={one.place_name || t('ways.pick_up')}>
          <p>{t('mine.show')}</p>
          <p className="pickup">{one.code}</p>
        </Panel>
      ) : null}
      <Panel title={t('mine.history')}>
        <ol className="plain">
          {one.steps.map((step) => (
            <li key={step.at + step.state}>
              {t(`state.${step.state}`)}
              <time dateTime={step.at}>{moment(step.at)}</time>
              {step.reason ? <small>{step.reason}</small> : null}
            </li>
          ))}
        </ol>
      </Panel>
      {CANCELLABLE.has(one.state) ? <Cancelling one={one} /> : null}
    </>
  )
}

function Cancelling({ one }: { one: Redemption }) {
  const { t } = useTranslation('mall')
  const cancel = useCancel(one.redemption)
  const [isAsked, ask] = useState(false)
  return (
    <Panel>
      <p className="small">{t('mine.mayCancel')}</p>
      {isAsked ? (
        <div className="choices">
          <button
            type="button"
            className="button bad"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {t('mine.cancelYes')}
          </button>
          <button type="button" className="quiet" onClick={() => ask(false)}>
            {t('mine.keep')}
          </button>
        </div>
      ) : (
        <button type="button" className="button bad" onClick={() => ask(true)}>
          {t('mine.cancel')}
        </button>
      )}
      <Refusal problem={cancel.error} />
    </Panel>
  )
}
