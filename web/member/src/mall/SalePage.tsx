/** A flash sale: counted down by the server's clock, bought at, and what came of it. */
import { isProblem } from '@regulars/shared/problems'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import './mall.css'
import { Notice, PageHead, Panel, Progress, Refusal, Skeleton } from '../shell/parts'
import { useRedeem, useSale, type Sale } from './asking'
import { remaining, useServerTime } from './countdown'
import { Picture } from './Picture'
import { Price, usePrice } from './Price'
import { RedeemForm } from './RedeemForm'

type Timed = Sale & { aheadMs: number }

export default function SalePage() {
  const { t } = useTranslation('mall')
  const { sale: id = '' } = useParams()
  const found = useSale(id, true)
  return (
    <>
      <PageHead title={found.data?.name ?? t('sale.title')} back="/mall" />
      {found.isPending ? <Skeleton lines={6} /> : null}
      {found.data ? null : <Refusal problem={found.error} retry={() => void found.refetch()} />}
      {found.data ? <Whole sale={found.data} /> : null}
    </>
  )
}

function Whole({ sale }: { sale: Timed }) {
  const { t } = useTranslation('mall')
  const begins = new Date(sale.starts_at).getTime()
  const ends = new Date(sale.ends_at).getTime()
  const now = useServerTime(sale.aheadMs, sale.phase === 'open' || sale.phase === 'not_begun')
  const isOpen = sale.phase !== 'paused' && begins <= now && now < ends && sale.phase !== 'over'
  return (
    <>
      <Panel>
        <div className="pictures">
          <Picture src={sale.picture} name={sale.reward_name} />
        </div>
        <strong>{[sale.reward_name, sale.variant_name].filter(Boolean).join(' · ')}</strong>
        <Price points={sale.points} currency={sale.currency} cash={sale.cash} />
        {sale.usual_points > sale.points ? (
          <small>
            <s>
              <Price points={sale.usual_points} currency={sale.currency} />
            </s>
          </small>
        ) : null}
        {now < begins ? (
          <p className="countdown" role="timer">
            <small>{t('sale.beginsIn')}</small>
            {remaining(begins, now)}
          </p>
        ) : isOpen ? (
          <p className="countdown" role="timer">
            <small>{t('sale.endsIn')}</small>
            {remaining(ends, now)}
          </p>
        ) : (
          <Notice>{t(`sale.phase.${sale.phase}`)}</Notice>
        )}
        <Progress
          percent={Math.round((100 * (sale.pieces - sale.left)) / sale.pieces)}
          label={t('sale.gone')}
        />
        <small>{t('sale.left', { count: sale.left, pieces: sale.pieces })}</small>
      </Panel>
      <Buying sale={sale} isOpen={isOpen} />
    </>
  )
}

function Buying({ sale, isOpen }: { sale: Timed; isOpen: boolean }) {
  const { t } = useTranslation('mall')
  const buy = useRedeem(sale.sale)
  const say = usePrice()
  if (buy.data)
    return (
      <Notice tone="good">
        <p className="result">{t('sale.won')}</p>
        <Link className="button" to={`/mall/redemptions/${buy.data.redemption}`}>
          {t('sale.look')}
        </Link>
      </Notice>
    )
  if (sale.own_left === 0)
    return (
      <Notice>
        <p className="result">{t('sale.enough')}</p>
        <Link className="button second" to="/mall/redemptions">
          {t('mine.title')}
        </Link>
      </Notice>
    )
  if (sale.why_not) return <Notice>{t(`whyNot.${sale.why_not}`)}</Notice>
  const price = say({ points: sale.points, currency: sale.currency, cash: sale.cash })
  return (
    <Panel>
      <RedeemForm
        variant={sale.variant}
        ways={sale.ways}
        places={sale.places}
        deed={t(isOpen ? 'sale.buyFor' : 'sale.notYet', { price })}
        note={sale.cash ? t('payAtShop') : undefined}
        isBusy={buy.isPending}
        isClosed={!isOpen || sale.phase === 'over'}
        onWish={(wanted) => buy.mutate(wanted)}
      />
      <Outcome problem={buy.error} />
    </Panel>
  )
}

const PLAIN = new Set(['sold_out', 'limit_reached', 'sale_not_open'])

function Outcome({ problem }: { problem: unknown }) {
  const { t } = useTranslation('mall')
  if (isProblem(problem) && PLAIN.has(problem.code))
    return (
      <Notice tone="bad">
        <p className="result">{t(`sale.${problem.code}`)}</p>
      </Notice>
    )
  return <Refusal problem={problem} />
}
