/** One thing that happened, and why it brought what it brought. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

import { useHome } from '../shell/home'
import type { HistoryLine } from './history'

type Amount = HistoryLine['points'][number]

export function Happening({ line, isWhole = false }: { line: HistoryLine; isWhole?: boolean }) {
  const { moment } = useFormats()
  return (
    <li className="happening" data-type={line.type}>
      <div className="what">
        <span>
          <strong>{line.title}</strong>
          {line.paid ? <span className="paid"> {line.paid}</span> : null}
          <time dateTime={line.time}>{moment(line.time)}</time>
        </span>
        <Amounts line={line} />
      </div>
      {line.says.map((one) => (
        <p className="why" key={one}>
          {one}
        </p>
      ))}
      {isWhole && line.parts.length > 1 ? <Parts line={line} /> : null}
    </li>
  )
}

function Amounts({ line }: { line: HistoryLine }) {
  const { t } = useTranslation('shell')
  const { signed } = useFormats()
  const nameOf = useCurrencyName()
  const amount = (one: Amount, isLapsed: boolean) => (
    <span
      key={`${one.currency} ${isLapsed}`}
      className={one.amount < 0 || isLapsed ? 'less' : 'plus'}
    >
      {signed(isLapsed ? -one.amount : one.amount)} <small>{nameOf(one.currency)}</small>
      {isLapsed ? <small> {t('lapsed')}</small> : null}
    </span>
  )
  return (
    <span className="amounts">
      {line.points.map((one) => amount(one, false))}
      {line.lapsed.map((one) => amount(one, true))}
    </span>
  )
}

function Parts({ line }: { line: HistoryLine }) {
  const { t } = useTranslation('shell')
  const { signed } = useFormats()
  return (
    <details>
      <summary>{t('byRule')}</summary>
      <ul className="parts">
        {line.parts.map((part) => (
          <li key={part.rule}>
            <span>
              <strong>{part.name}</strong>
              <small>{part.says}</small>
            </span>
            <span className="plus">{signed(part.points)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function useCurrencyName(): (code: string) => string {
  const { data } = useHome()
  return (code) => data?.balances.find((one) => one.currency === code)?.name ?? code
}
