/** What happened to an order, step by step. */
import { useFormats } from '@regulars/shared/formats'
import { Card, Timeline, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { useActor } from '../shell/actors'
import type { Order } from './asking'

const COLORS: Record<string, string> = {
  confirmed: 'green',
  reported: 'green',
  cancelled: 'gray',
  timed_out: 'orange',
  returned: 'gold',
}

export function OrderSteps({ order, zone }: { order: Order; zone: string }) {
  const { t } = useTranslation('orders')
  const formats = useFormats()
  const actor = useActor()
  return (
    <Card size="small" title={t('steps')}>
      <Timeline
        items={order.steps.map((one) => {
          const money = one.facts.money
          const reason = one.facts.reason
          return {
            color: COLORS[one.what] ?? 'blue',
            content: (
              <>
                <div>{t(`step.${one.what}`)}</div>
                <Typography.Text type="secondary">
                  {formats.moment(one.at, zone)} · {actor(one.actor)}
                </Typography.Text>
                {typeof money === 'number' && (
                  <div>{t('gaveBack', { money: formats.money(money, order.price.currency) })}</div>
                )}
                {typeof reason === 'string' && <div>{reason}</div>}
              </>
            ),
          }
        })}
      />
    </Card>
  )
}
