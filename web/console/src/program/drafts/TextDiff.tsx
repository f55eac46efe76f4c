/** Two texts, line by line: what went and what came. */
import { theme } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { diffLines, linesOf } from '../writing/merge'

interface Props {
  before: string
  after: string
}

interface Row {
  sign: ' ' | '−' | '+' | '…'
  text: string
}

const AROUND = 2

export function TextDiff({ before, after }: Props) {
  const { t } = useTranslation('program')
  const rows = useMemo(() => rowsOf(linesOf(before), linesOf(after)), [before, after])
  if (!rows.length) return <p>{t('revisions.same')}</p>
  return <DiffRows rows={rows} />
}

function DiffRows({ rows }: { rows: Row[] }) {
  const { token } = theme.useToken()
  const { t } = useTranslation('program')
  const grounds = { '+': token.colorSuccessBg, '−': token.colorErrorBg, ' ': '', '…': '' }
  return (
    <pre
      tabIndex={0}
      aria-label={t('revisions.difference')}
      style={{
        margin: 0,
        fontSize: 12,
        overflow: 'auto',
        maxHeight: 420,
        border: `1px solid ${token.colorBorderSecondary}`,
        borderRadius: token.borderRadius,
      }}
    >
      {rows.map((row, number) => (
        <div
          key={number}
          style={{ background: grounds[row.sign], padding: '0 8px', minWidth: 'max-content' }}
        >
          {row.sign} {row.text}
        </div>
      ))}
    </pre>
  )
}

function rowsOf(a: string[], b: string[]): Row[] {
  const hunks = diffLines(a, b)
  const near = new Set<number>()
  for (const { aFrom, aTo } of hunks)
    for (let at = aFrom - AROUND; at < aTo + AROUND; at++) near.add(at)
  const rows: Row[] = []
  let [at, isGap] = [0, false]
  const same = (until: number) => {
    for (; at < until; at++) {
      if (near.has(at)) rows.push({ sign: ' ', text: a[at] ?? '' })
      else if (!isGap) rows.push({ sign: '…', text: '' })
      isGap = !near.has(at)
    }
  }
  for (const hunk of hunks) {
    same(hunk.aFrom)
    rows.push(...a.slice(hunk.aFrom, hunk.aTo).map((text): Row => ({ sign: '−', text })))
    rows.push(...b.slice(hunk.bFrom, hunk.bTo).map((text): Row => ({ sign: '+', text })))
    at = hunk.aTo
    isGap = false
  }
  if (hunks.length) same(a.length)
  return rows
}
