/** One order: what each line cost, what was taken off, and what came back. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { useOrder, type Order } from './asking'

export default function OrderPage() {
  const { t } = useTranslation('orders')
  const { order = '' } = useParams()
  const found = useOrder(order)
  return (
    <>
      <PageHead title={t('one', { number: found.data?.id ?? '' })} back="/orders" />
      {found.isPending ? <Skeleton lines={8} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {found.data ? <Whole order={found.data} /> : null}
    </>
  )
}

function Whole({ order }: { order: Order }) {
  const { t } = useTranslation('orders')
  const { count, moment, money } = useFormats()
  const { price } = order
  const say = (minor: number) => money(minor, price.currency)
  return (
    <>
      <Panel title={t(`state.${order.state}`)}>
        <p>
          {[order.store, moment(order.confirmed_at ?? order.opened_at)].filter(Boolean).join(' · ')}
        </p>
        <ul className="plain">
          <Sum label={t('total')} value={say(price.total)} />
          {price.discount ? <Sum label={t('discount')} value={`−${say(price.discount)}`} /> : null}
          {price.points?.used ? (
            <Sum
              label={t('byPoints', { points: count(price.points.used) })}
              value={`−${say(price.points.value)}`}
            />
          ) : null}
          <Sum label={t('toPay')} value={say(price.to_pay)} isStrong />
        </ul>
      </Panel>
      <Panel title={t('lines')}>
        <ul className="plain">
          {price.lines.map((line, place) => (
            <li key={place}>
              <span>
                {line.sku ?? t('line', { number: place + 1 })}
                {line.quantity > 1 ? ` × ${count(line.quantity)}` : ''}
              </span>
              <span>
                {line.net < line.price ? <s>{say(line.price)}</s> : null} {say(line.net)}
              </span>
              {line.returned ? <small>{t('returned', { count: line.returned })}</small> : null}
            </li>
          ))}
          {price.delivery.price ? (
            <Sum label={t('delivery')} value={say(price.delivery.net)} />
          ) : null}
        </ul>
      </Panel>
      <Reasons order={order} />
      {order.returns.length ? (
        <Panel title={t('back')}>
          <ul className="plain">
            {order.returns.map((one) => (
              <Sum
                key={one.id}
                label={[
                  moment(one.at),
                  one.points ? t('pointsBack', { points: count(one.points) }) : '',
                ]
                  .filter(Boolean)
                  .join(' · ')}
                value={say(one.money)}
              />
            ))}
          </ul>
        </Panel>
      ) : null}
    </>
  )
}

function Reasons({ order }: { order: Order }) {
  const { t, i18n } = useTranslation('orders')
  const { count, money } = useFormats()
  const language = i18n.language === 'zh' ? 'zh-CN' : 'en'
  const earned = Object.entries(order.earned ?? order.price.earns)
  const { applied } = order.price
  if (!applied.length && !earned.length) return null
  return (
    <Panel title={t('why')}>
      <ul className="plain">
        {applied.map((one) => (
          <Sum
            key={one.offer}
            label={one.name[language] ?? one.name.en ?? one.offer}
            note={one.detail}
            value={one.off ? `−${money(one.off, order.price.currency)}` : ''}
          />
        ))}
        {earned.map(([code, points]) => (
          <Sum
            key={code}
            label={t(order.earned ? 'earned' : 'willEarn')}
            value={`+${count(points)} ${code}`}
          />
        ))}
      </ul>
    </Panel>
  )
}

interface SumProps {
  label: string
  value: string
  note?: string | null
  isStrong?: boolean
}

function Sum({ label, value, note, isStrong = false }: SumProps) {
  return (
    <li className="withdeed">
      <span>
        {isStrong ? <strong>{label}</strong> : label}
        {note && <small className="quiet"> {note}</small>}
      </span>
      {isStrong ? <strong>{value}</strong> : <span>{value}</span>}
    </li>
  )
}
