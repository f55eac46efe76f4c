/** What is to be played: the check-in of the day, challenges, badges, draws, leaderboards. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'

import './play.css'
import { Empty, PageHead, Panel, Progress as Bar, Refusal, Row, Skeleton } from '../shell/parts'
import { useBoards, useDraws, usePlay, type Progress } from './asking'
import { BadgeMark } from './BadgeMark'
import { CheckInPanel } from './CheckInPanel'
import { nameOf } from './naming'

export default function PlayPage() {
  const { t } = useTranslation('play')
  const play = usePlay()
  return (
    <>
      <PageHead title={t('title')} />
      <CheckInPanel />
      {play.isPending ? <Skeleton lines={4} /> : null}
      <Refusal problem={play.error} retry={() => void play.refetch()} />
      {play.data ? <Challenges found={play.data.progress} /> : null}
      <Draws />
      {play.data?.badges.length ? (
        <Panel title={t('badges')}>
          <ul className="badges">
            {play.data.badges.map((one) => (
              <BadgeMark key={one.badge} badge={one} />
            ))}
          </ul>
        </Panel>
      ) : null}
      <Boards />
    </>
  )
}

function Challenges({ found }: { found: Progress[] }) {
  const { t } = useTranslation('play')
  if (!found.length) return <Empty text={t('noChallenges')} />
  return (
    <Panel title={t('challenges')}>
      <ul className="plain">
        {found.map((one) => (
          <Challenge key={one.rule} one={one} />
        ))}
      </ul>
    </Panel>
  )
}

function Challenge({ one }: { one: Progress }) {
  const { t } = useTranslation('play')
  const formats = useFormats()
  const far = t('doneOf', { done: one.done, target: one.target })
  return (
    <li className="challenge">
      <strong>{one.name}</strong>
      <small>{one.says}</small>
      <Bar percent={(100 * one.done) / one.target} label={`${one.name}: ${far}`} />
      <span className="far">
        {one.is_done ? t('won') : far}
        {one.ends_at && !one.is_done ? (
          <small>{t('endsAt', { day: formats.moment(one.ends_at) })}</small>
        ) : null}
      </span>
    </li>
  )
}

function Draws() {
  const { t, i18n } = useTranslation('play')
  const draws = useDraws()
  if (draws.error) return <Refusal problem={draws.error} />
  if (!draws.data?.items.length) return null
  return (
    <Panel title={t('draws')}>
      {draws.data.items.map(({ draw }) => (
        <Row key={draw.draw} to={`/play/draws/${draw.draw}`}>
          {nameOf(draw.terms.name, i18n.language)}
          <small className="aside">{t(draw.is_open ? 'draw.open' : `draw.${draw.state}`)}</small>
        </Row>
      ))}
    </Panel>
  )
}

function Boards() {
  const { t, i18n } = useTranslation('play')
  const boards = useBoards()
  if (!boards.data?.items.length) return null
  return (
    <Panel title={t('boards')}>
      {boards.data.items.map((one) => (
        <Row key={one.leaderboard} to={`/play/boards/${one.leaderboard}`}>
          {nameOf(one.terms.name, i18n.language)}
        </Row>
      ))}
    </Panel>
  )
}
