/** A leaderboard: only for those who want to stand on it, by names of their choice. */
import { useFormats } from '@regulars/shared/formats'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import './play.css'
import { Empty, Field, PageHead, Panel, Refusal, Skeleton } from '../shell/parts'
import { useBoard, usePlayName, useRename } from './asking'
import { nameOf } from './naming'

export default function BoardPage() {
  const { t, i18n } = useTranslation('play')
  const formats = useFormats()
  const { board: id = '' } = useParams()
  const [earlier, setEarlier] = useState(0)
  const found = useBoard(id, earlier)
  const data = found.data
  const terms = data?.leaderboard.terms
  return (
    <>
      <PageHead title={terms ? nameOf(terms.name, i18n.language) : t('boards')} back="/play" />
      <NamePanel />
      {found.isPending ? <Skeleton lines={6} /> : null}
      <Refusal problem={found.error} retry={() => void found.refetch()} />
      {data ? (
        <Panel>
          {terms?.per ? (
            <div className="withdeed">
              <span>
                {t('board.from', { day: formats.day(`${data.period}T00:00:00Z`, 'UTC') })}
              </span>
              <button
                type="button"
                className="button second"
                onClick={() => setEarlier(earlier ? 0 : 1)}
              >
                {t(earlier ? 'board.present' : 'board.earlier')}
              </button>
            </div>
          ) : null}
          {data.own_place ? (
            <p>{t('board.own', { place: data.own_place, score: data.own_score ?? 0 })}</p>
          ) : null}
          {data.places.length ? (
            <ol className="places">
              {data.places.map((one, row) => (
                <li key={`${one.name}-${row}`} className={one.is_own ? 'own' : undefined}>
                  <span>
                    {one.place}. {one.name}
                    {one.is_own ? <em> {t('board.you')}</em> : null}
                  </span>
                  <span>{formats.count(one.score)}</span>
                </li>
              ))}
            </ol>
          ) : (
            <Empty text={t('board.nobody')} />
          )}
          {data.leaderboard.computed_at ? (
            <small>{t('board.asOf', { when: formats.moment(data.leaderboard.computed_at) })}</small>
          ) : null}
        </Panel>
      ) : null}
    </>
  )
}

function NamePanel() {
  const { t } = useTranslation('play')
  const name = usePlayName()
  const rename = useRename()
  const [typed, setTyped] = useState('')
  if (!name.data) return <Refusal problem={name.error} />
  const has = name.data.name
  return (
    <Panel title={t('name.title')}>
      <p className="small">{t('name.about')}</p>
      {has ? (
        <div className="withdeed">
          <strong>{has}</strong>
          <button
            type="button"
            className="button second"
            disabled={rename.isPending}
            onClick={() => rename.mutate(null)}
          >
            {t('name.leave')}
          </button>
        </div>
      ) : (
        <form
          className="makeup"
          onSubmit={(event) => {
            event.preventDefault()
            rename.mutate(typed)
          }}
        >
          <Field label={t('name.choose')} hint={t('name.hint')}>
            <input
              required
              minLength={2}
              maxLength={20}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
          <button type="submit" className="button" disabled={rename.isPending}>
            {t('name.join')}
          </button>
        </form>
      )}
      <Refusal problem={rename.error} />
    </Panel>
  )
}
