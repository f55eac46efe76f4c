/** Points and tiers of a program, each as a card. */
import { useFormats } from '@regulars/shared/formats'
import { Card, Descriptions } from 'antd'
import { useTranslation } from 'react-i18next'

import { inWords, useChoiceName, useForm } from '../forms/context'
import { useSpan } from '../forms/spanWords'
import { digitsOf, plain } from '../forms/scalars'
import { Ladder } from '../forms/tiers/Ladder'

interface Currency {
  kind?: unknown
  name?: unknown
  pending?: unknown
  expiry?: unknown
  cash_value?: { points?: unknown; amount?: unknown }
  breakage?: unknown
  transferable?: unknown
}

export function TierCards() {
  const { t } = useTranslation('document')
  const { value } = useForm()
  if (!value.tiers) return null
  return (
    <Card size="small" title={t('fields.tiers.label')}>
      <Ladder schema={{}} />
    </Card>
  )
}

export function CurrencyCards() {
  const { t, i18n } = useTranslation('document')
  const { value } = useForm()
  const formats = useFormats()
  const say = useChoiceName()
  const span = useSpan()
  const money = plain(value.money)
  const currencies = Object.entries((value.currencies ?? {}) as Record<string, Currency>)
  return currencies.map(([code, one]) => {
    const worth = one.cash_value
    const items = [
      { key: 'kind', value: say(plain(one.kind)) },
      { key: 'expiry', value: span(one.expiry ?? 'never') },
      { key: 'pending', value: one.pending ? span(one.pending) : '' },
      {
        key: 'cash_value',
        value: worth
          ? `${formats.count(Number(worth.points))} = ${formats.money(
              Number(worth.amount) * 10 ** digitsOf(money),
              money,
            )}`
          : '',
      },
      { key: 'breakage', value: one.breakage ? formats.share(Number(one.breakage)) : '' },
      { key: 'transferable', value: one.transferable ? t('shared:yes') : '' },
    ]
    return (
      <Card key={code} size="small" title={inWords(one.name, i18n.language) || code}>
        <Descriptions
          size="small"
          column={1}
          items={items
            .filter((item) => item.value)
            .map((item) => ({
              key: item.key,
              label: t(`fields.${item.key}.label`),
              children: item.value,
            }))}
        />
      </Card>
    )
  })
}
