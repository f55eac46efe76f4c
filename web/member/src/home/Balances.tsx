/** What one has of each currency. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

import type { Home } from '../shell/home'

type Balance = Home['balances'][number]

export function Balances({ balances }: { balances: Balance[] }) {
  const { t } = useTranslation('home')
  const shown = balances.filter((one, place) => place === 0 || totalOf(one) !== 0 || one.owed > 0)
  return (
    <section className="balances" aria-label={t('balances')}>
      {shown.map((one) => (
        <Currency key={one.currency} balance={one} />
      ))}
    </section>
  )
}

function Currency({ balance }: { balance: Balance }) {
  const { t } = useTranslation('home')
  const { count } = useFormats()
  return (
    <div className="balance" data-currency={balance.currency}>
      <span className="amount">{count(balance.available)}</span>
      <span className="unit">{balance.name}</span>
      {balance.pending > 0 ? (
        <small>{t('pending', { amount: count(balance.pending) })}</small>
      ) : null}
      {balance.held > 0 ? <small>{t('held', { amount: count(balance.held) })}</small> : null}
      {balance.owed > 0 ? <small>{t('owed', { amount: count(balance.owed) })}</small> : null}
    </div>
  )
}

function totalOf(one: Balance): number {
  return one.available + one.pending + one.held
}
