/** A lucky draw: its odds as they are, a turn, what was won, and the proof afterwards. */
import { useFormats } from '@regulars/shared/formats'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import './play.css'
import { Notice, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { useDraw, useTurn, useTurns, type OwnDraw, type Turn } from './asking'
import { nameOf } from './naming'
import { Proof } from './Proof'

export default function DrawPage() {
  const { t, i18n } = useTranslation('play')
  const { draw: id = '' } = useParams()
  const found = useDraw(id)
  const own = found.data
  const title = own ? nameOf(own.draw.terms.name, i18n.language) : t('draws')
  return (
    <>
      <PageHead title={title} back="/play" />
      {found.isPending ? <Skeleton lines={6} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {own ? (
        <>
          {own.draw.is_open ? <Turning own={own} /> : <Notice>{t('draw.notOpen')}</Notice>}
          <Odds own={own} />
          <Turns own={own} />
          <Proof draw={own.draw} />
        </>
      ) : null}
    </>
  )
}

const SHOW_MS = 1400

function Turning({ own }: { own: OwnDraw }) {
  const { t, i18n } = useTranslation('play')
  const formats = useFormats()
  const { terms } = own.draw
  const turn = useTurn(own.draw.draw)
  const [shown, show] = useState<Turn>()
  const taken = turn.data
  useEffect(() => {
    if (!taken) return undefined
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    const timer = setTimeout(() => show(taken), isStill ? 0 : SHOW_MS)
    return () => clearTimeout(timer)
  }, [taken])
  const isShown = shown !== undefined && shown.turn === taken?.turn
  const isRunning = turn.isPending || (taken !== undefined && !isShown)
  const prize = isShown ? terms.prizes.find((one) => one.code === shown.prize) : undefined
  const cost = own.chances
    ? t('draw.byChance', { count: own.chances })
    : terms.price
      ? t('draw.byPoints', { points: formats.count(terms.price.amount) })
      : t('draw.free')
  const isOver = own.turns_left === 0 || (terms.by_chance && !own.chances && !terms.price)
  return (
    <Panel>
      <div className={isRunning ? 'wheel running' : 'wheel'} aria-live="polite">
        {isRunning ? <span className="unseen">{t('draw.running')}</span> : null}
        <span aria-hidden={isRunning}>
          {isShown ? (prize ? nameOf(prize.name, i18n.language) : t('draw.nothing')) : '?'}
        </span>
      </div>
      {isShown && prize ? (
        <Notice tone={prize.kind === 'nothing' ? 'plain' : 'good'}>
          {t(`draw.wonKind.${prize.kind}`)}
          {shown.prize !== shown.rolled ? ` ${t('draw.instead')}` : ''}
        </Notice>
      ) : null}
      <button
        type="button"
        className="button wide"
        disabled={isRunning || isOver}
        onClick={() => turn.mutate()}
      >
        {t('draw.turn')}
      </button>
      <small>
        {cost}
        {own.turns_left === null ? '' : ` · ${t('draw.left', { count: own.turns_left })}`}
      </small>
      <Refusal problem={turn.error} />
    </Panel>
  )
}

function Odds({ own }: { own: OwnDraw }) {
  const { t, i18n } = useTranslation('play')
  const formats = useFormats()
  const { terms, left } = own.draw
  return (
    <Panel title={t('draw.odds')}>
      <table className="odds">
        <thead>
          <tr>
            <th scope="col">{t('draw.prize')}</th>
            <th scope="col">{t('draw.chance')}</th>
            <th scope="col">{t('draw.there')}</th>
          </tr>
        </thead>
        <tbody>
          {terms.prizes.map((one) => {
            const rest = left.find((known) => known.prize === one.code)
            return (
              <tr key={one.code}>
                <th scope="row">{nameOf(one.name, i18n.language)}</th>
                <td>
                  {formats.count(one.weight)}/{formats.count(terms.out_of)}
                </td>
                <td>{rest ? formats.count(rest.left) : '–'}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {terms.instead ? (
        <small>
          {t('draw.ruleInstead', {
            prize: nameOf(
              terms.prizes.find((one) => one.code === terms.instead)?.name ?? {},
              i18n.language,
            ),
          })}
        </small>
      ) : (
        <small>{t('draw.ruleNothing')}</small>
      )}
    </Panel>
  )
}

function Turns({ own }: { own: OwnDraw }) {
  const { t, i18n } = useTranslation('play')
  const formats = useFormats()
  const turns = useTurns(own.draw.draw)
  if (!turns.data?.items.length) return null
  return (
    <Panel title={t('draw.mine')}>
      <ul className="dues">
        {turns.data.items.map((one) => (
          <li key={one.turn}>
            <span>
              {nameOf(
                own.draw.terms.prizes.find((prize) => prize.code === one.prize)?.name ?? {},
                i18n.language,
              ) || t('draw.nothing')}
              {one.state === 'to_hand_out' ? <em> {t('draw.toHandOut')}</em> : null}
            </span>
            <span>{formats.moment(one.taken_at)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
