/** The first page: the card, what one has, what lapses, and the way to the next tier. */
import { isProblem } from '@regulars/shared/problems'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { isStranger, useHome, type Home } from '../shell/home'
import { keptCard } from '../shell/keptCard'
import { Notice, Panel, Refusal, Skeleton } from '../shell/parts'
import { useOnline } from '../shell/online'
import { Balances } from './Balances'
import { CardPanel } from './CardPanel'
import { DuePanel } from './DuePanel'
import { Latest } from './Latest'
import { NewCard } from './NewCard'
import { TierPanel } from './TierPanel'

export function HomePage() {
  const { t } = useTranslation('home')
  const home = useHome()
  const isOnline = useOnline()
  const kept = keptCard()
  if (home.data) return <Filled home={home.data} isOnline={isOnline && !home.isRefetchError} />
  if (home.isError && kept && !isProblem(home.error)) {
    return (
      <>
        <CardPanel program={kept.program} tier={kept.tier} card={kept.card} />
        <Notice>
          <p>{t('offline')}</p>
          <button type="button" className="button" onClick={() => void home.refetch()}>
            {t('shared:retry')}
          </button>
        </Notice>
      </>
    )
  }
  if (home.isError && !isStranger(home.error))
    return <Refusal problem={home.error} retry={() => void home.refetch()} />
  return (
    <>
      {kept ? <CardPanel program={kept.program} tier={kept.tier} card={kept.card} /> : null}
      <Skeleton lines={kept ? 4 : 8} />
    </>
  )
}

function Filled({ home, isOnline }: { home: Home; isOnline: boolean }) {
  const { t } = useTranslation('home')
  return (
    <>
      <h1 className="unseen">{t('title', { program: home.program })}</h1>
      {home.card ? (
        <CardPanel program={home.program} tier={home.tier?.name ?? ''} card={home.card} />
      ) : (
        <NewCard />
      )}
      {isOnline ? null : (
        <Notice>
          <p>{t('offline')}</p>
        </Notice>
      )}
      <Balances balances={home.balances} />
      <DuePanel home={home} />
      {home.tier ? <TierPanel tier={home.tier} /> : null}
      <Panel title={t('latest')}>
        <Latest />
        <Link className="more" to="/history">
          {t('allHistory')}
        </Link>
      </Panel>
    </>
  )
}
