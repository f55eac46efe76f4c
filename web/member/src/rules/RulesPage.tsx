/** The rules in plain words, as the program itself states them. */
import { useTranslation } from 'react-i18next'

import { useProgramWords } from '../shell/brand'
import { PageHead, Panel, Refusal, Skeleton } from '../shell/parts'

interface Chapter {
  code: string
  name: string
  says: string[]
}

export default function RulesPage() {
  const { t } = useTranslation('rules')
  const words = useProgramWords()
  if (words.isPending) return <Skeleton lines={10} />
  if (words.isError) return <Refusal problem={words.error} retry={() => void words.refetch()} />
  const told = words.data
  return (
    <>
      <PageHead title={t('title')} />
      <Panel title={t('earning')}>
        <Chapters chapters={told.earning} />
        <Notes notes={told.earning_notes} />
      </Panel>
      {told.tiers.length ? (
        <Panel title={t('tiers')}>
          {told.tiers.map((tier) => (
            <div className="chapter" key={tier.tier}>
              <h3>{tier.name}</h3>
              <p>{tier.entry}</p>
              {tier.keep ? <p>{tier.keep}</p> : null}
              <Notes notes={tier.brings} />
            </div>
          ))}
          <Notes notes={told.tier_notes} />
        </Panel>
      ) : null}
      <Panel title={t('points')}>
        <Chapters chapters={told.currencies} />
      </Panel>
      <Panel title={t('returns')}>
        <Notes notes={told.returns} />
      </Panel>
      <p className="small">{t('zone', { zone: told.time_zone })}</p>
    </>
  )
}

function Chapters({ chapters }: { chapters: Chapter[] }) {
  return chapters.map((one) => (
    <div className="chapter" key={one.code}>
      <h3>{one.name}</h3>
      {one.says.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  ))
}

function Notes({ notes }: { notes: string[] }) {
  if (!notes.length) return null
  return (
    <ul className="notes">
      {notes.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  )
}
