/** What something costs: points, and money beside them. */
import type { Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

import { useHome } from '../shell/home'

interface Props {
  points: number
  currency: string
  cash?: Schemas['MoneyAnswer'] | null
}

export function Price({ points, currency, cash }: Props) {
  const say = usePrice()
  return <span className="price">{say({ points, currency, cash })}</span>
}

/** "800 points + ¥9.90". */
export function usePrice(): (price: Props) => string {
  const { t } = useTranslation('mall')
  const { count, money } = useFormats()
  const balances = useHome().data?.balances ?? []
  return ({ points, currency, cash }) => {
    const name = balances.find((one) => one.currency === currency)?.name ?? currency
    const parts = [
      ...(points ? [t('points', { count: points, points: count(points), currency: name })] : []),
      ...(cash ? [money(cash.amount, cash.currency)] : []),
    ]
    return parts.join(' + ') || t('free')
  }
}

/** What the member has of a currency; undefined while it is not known. */
export function useBalance(currency: string | undefined): number | undefined {
  return useHome().data?.balances.find((one) => one.currency === currency)?.available
}
