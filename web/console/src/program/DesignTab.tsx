/** The document as forms and as text, side by side where there is room, and what is wrong with it. */
import { Alert, Flex, Grid, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { useUrlStates } from '../shell/urlState'
import { FindingsBar } from './FindingsBar'
import { Sections } from './forms/Sections'
import { jumpTo } from './forms/jumps'
import type { Finding } from './forms/context'
import type { PanelProps } from './panel'
import { spanAt } from './drafts/useReading'
import { TextEditor } from './writing/TextEditor'

export function DesignTab({ desk, reading }: PanelProps) {
  const { t } = useTranslation('program')
  const isWide = Grid.useBreakpoint().xl ?? true
  const [read, write] = useUrlStates()
  const view = read('view') ?? (isWide ? 'both' : 'forms')
  const shown = !isWide && view === 'both' ? 'forms' : view
  const { writing } = desk

  const jump = (finding: Finding) => {
    const next = jumpTo(finding.pointer)
    const goesToText = shown === 'text' || !next
    write({ ...next, ...(goesToText && shown === 'forms' ? { view: 'text' } : {}) })
    const [from, to] = spanAt(writing.text, finding.line, finding.column)
    // Once the other section and, perhaps, the editor stand there.
    setTimeout(() => {
      writing.reveal(from, to, { focus: goesToText })
      if (!goesToText) focusOn(finding.pointer)
    }, 60)
  }
  return (
    <Flex vertical gap="middle">
      <Flex justify="space-between" gap="small" wrap>
        <FindingsBar reading={reading} onJump={jump} />
        <Segmented
          value={shown}
          onChange={(next) => write({ view: next })}
          options={(isWide ? ['forms', 'both', 'text'] : ['forms', 'text']).map((one) => ({
            value: one,
            label: t(`view.${one}`),
          }))}
        />
      </Flex>
      <div
        style={{
          display: 'grid',
          gridTemplateColumns:
            shown === 'both' ? 'minmax(0, 1fr) minmax(0, 1fr)' : 'minmax(0, 1fr)',
          gap: 16,
          alignItems: 'start',
        }}
      >
        {shown !== 'text' && (
          <div style={{ minWidth: 0 }}>
            {!reading.isReadable && (
              <Alert
                type="warning"
                showIcon
                title={t('forms.unreadable')}
                style={{ marginBottom: 12 }}
              />
            )}
            <Sections />
          </div>
        )}
        {shown !== 'forms' && (
          <div style={{ position: 'sticky', top: 64 }}>
            <TextEditor writing={writing} height="calc(100vh - 150px)" />
          </div>
        )}
      </div>
    </Flex>
  )
}

/** The innermost field around the place is brought into sight, and takes the keyboard. */
function focusOn(pointer: string): void {
  for (let at = pointer; at; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = document.querySelector<HTMLElement>(
      `[data-pointer="${at.replaceAll('"', '\\"')}"]`,
    )
    if (!found) continue
    found.scrollIntoView({ block: 'center' })
    found.querySelector<HTMLElement>('input, textarea, button')?.focus({ preventScroll: true })
    return
  }
}
