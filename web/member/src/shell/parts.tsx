/** The pieces that pages are made of. */
import { useProblemText } from '@regulars/shared/problems'
import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Icon } from './Icon'

interface Held {
  children: ReactNode
}

export function PageHead({ title, back }: { title: string; back?: string }) {
  const { t } = useTranslation('shell')
  return (
    <div className="head">
      {back ? (
        <Link className="back" to={back} aria-label={t('shared:back')}>
          <Icon name="back" />
        </Link>
      ) : null}
      <h1>{title}</h1>
    </div>
  )
}

export function Panel({ title, children }: Held & { title?: string }) {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={title ? id : undefined}>
      {title ? <h2 id={id}>{title}</h2> : null}
      {children}
    </section>
  )
}

export function Notice({ tone = 'plain', children }: Held & { tone?: 'plain' | 'bad' | 'good' }) {
  return (
    <div className={`notice ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      {children}
    </div>
  )
}

/** What went wrong, in the reader's language, and what to do. */
export function Refusal({ problem, retry }: { problem: unknown; retry?: () => void }) {
  const { t } = useTranslation('shared')
  const say = useProblemText()
  if (!problem) return null
  const text = say(problem)
  return (
    <Notice tone="bad">
      <p>{text.title}</p>
      {text.detail ? <p className="small">{text.detail}</p> : null}
      {text.faults.map((fault) => (
        <p className="small" key={fault}>
          {fault}
        </p>
      ))}
      {retry ? (
        <button type="button" className="button" onClick={retry}>
          {t('retry')}
        </button>
      ) : null}
    </Notice>
  )
}

/** Nothing there yet, and what to do about it. */
export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p>{text}</p>
      {children}
    </div>
  )
}

export function Skeleton({ lines }: { lines: number }) {
  return (
    <div className="skeleton" aria-busy="true">
      {Array.from({ length: lines }, (_, place) => (
        <span key={place} />
      ))}
    </div>
  )
}

export function Field({ label, hint, children }: Held & { label: string; hint?: string }) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
      {hint ? <small>{hint}</small> : null}
    </label>
  )
}

/** How far one has come, for eyes and for screen readers. */
export function Progress({ percent, label }: { percent: number; label: string }) {
  return <progress className="progress" max={100} value={percent} aria-label={label} />
}

export function Row({ to, children }: Held & { to: string }) {
  return (
    <Link className="row" to={to}>
      <span>{children}</span>
      <Icon name="chevron" />
    </Link>
  )
}
