/** One reward: how it looks, its variants, and how to get it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'

import './mall.css'
import { Notice, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { useRedeem, useReward, useWait, type Reward } from './asking'
import { Picture } from './Picture'
import { Price, useBalance, usePrice } from './Price'
import { RedeemForm } from './RedeemForm'

export default function RewardPage() {
  const { t } = useTranslation('mall')
  const { reward: id = '' } = useParams()
  const found = useReward(id)
  return (
    <>
      <PageHead title={found.data?.name ?? t('title')} back="/mall" />
      {found.isPending ? <Skeleton lines={6} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {found.data ? <Whole reward={found.data} /> : null}
    </>
  )
}

function Whole({ reward }: { reward: Reward }) {
  const { t } = useTranslation('mall')
  const [chosen, choose] = useState(
    () => (reward.variants.find((one) => one.left !== 0) ?? reward.variants[0])?.variant,
  )
  const variant = reward.variants.find((one) => one.variant === chosen)
  if (!variant) return null
  return (
    <>
      <Panel>
        <div className="pictures">
          {reward.pictures.length ? (
            reward.pictures.map((src) => <Picture key={src} src={src} name={reward.name} />)
          ) : (
            <Picture src={null} name={reward.name} />
          )}
        </div>
        <Price points={variant.points} currency={reward.currency} cash={variant.cash} />
        {reward.description ? <p className="described">{reward.description}</p> : null}
        {reward.variants.length > 1 ? (
          <fieldset className="asked">
            <legend>{t('variant')}</legend>
            <div className="choices">
              {reward.variants.map((one) => (
                <label className="choice" key={one.variant}>
                  <input
                    type="radio"
                    name="variant"
                    checked={one.variant === chosen}
                    onChange={() => choose(one.variant)}
                  />
                  {one.name}
                  {one.left === 0 ? ` · ${t('whyNot.sold_out')}` : ''}
                </label>
              ))}
            </div>
          </fieldset>
        ) : null}
        <small>
          {variant.left === null ? '' : t('left', { count: variant.left })}
          {reward.own_left === null ? '' : ` · ${t('ownLeft', { count: reward.own_left })}`}
        </small>
      </Panel>
      <Getting key={variant.variant} reward={reward} variant={variant} />
    </>
  )
}

function Getting({ reward, variant }: { reward: Reward; variant: Reward['variants'][number] }) {
  const { t } = useTranslation('mall')
  const navigate = useNavigate()
  const redeem = useRedeem()
  const say = usePrice()
  const has = useBalance(reward.currency)
  if (reward.why_not && reward.why_not !== 'sold_out')
    return <Notice>{t(`whyNot.${reward.why_not}`)}</Notice>
  if (variant.left === 0) return <Waiting variant={variant} />
  if (has !== undefined && has < variant.points)
    return <Notice>{t('missing', { points: variant.points - has })}</Notice>
  const price = say({ points: variant.points, currency: reward.currency, cash: variant.cash })
  return (
    <Panel title={t('get')}>
      <RedeemForm
        variant={variant.variant}
        ways={reward.ways}
        places={reward.places}
        deed={t('redeemFor', { price })}
        note={variant.cash ? t('payAtShop') : undefined}
        isBusy={redeem.isPending}
        onWish={(wanted) =>
          redeem.mutate(wanted, {
            onSuccess: (made) => void navigate(`/mall/redemptions/${made.redemption}?new=1`),
          })
        }
      />
      <Refusal problem={redeem.error} />
    </Panel>
  )
}

function Waiting({ variant }: { variant: Reward['variants'][number] }) {
  const { t } = useTranslation('mall')
  const wait = useWait(variant.variant)
  return (
    <Panel title={t('whyNot.sold_out')}>
      <p>{t(variant.waits ? 'waits' : 'mayWait')}</p>
      <button
        type="button"
        className="button second"
        disabled={wait.isPending}
        onClick={() => wait.mutate(!variant.waits)}
      >
        {t(variant.waits ? 'waitNot' : 'wait')}
      </button>
      <Refusal problem={wait.error} />
    </Panel>
  )
}
