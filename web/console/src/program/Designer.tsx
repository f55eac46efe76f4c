/** One draft, written as forms and as text, tried, simulated and published. */
import { Tabs } from 'antd'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { useMay } from '../shell/session'
import { useUrlState } from '../shell/urlState'
import { ConflictModal } from './drafts/ConflictModal'
import { DraftHead } from './drafts/DraftHead'
import { LeaveGuard } from './drafts/LeaveGuard'
import { useDesk, useSaving, useText, type Draft } from './drafts/useDraft'
import { useReading, spanAt } from './drafts/useReading'
import { DesignTab } from './DesignTab'
import {
  useChoiceName,
  useFindingText,
  useNames,
  useOptions,
  FormContext,
  type Form,
} from './forms/context'
import { useFields } from './forms/useFields'
import type { Schema } from './forms/schema'
import { DiffPanel } from './panels/DiffPanel'
import { PublishPanel } from './panels/PublishPanel'
import { SimulatePanel } from './panels/SimulatePanel'
import { TestsPanel } from './panels/TestsPanel'
import { TryPanel } from './panels/TryPanel'
import { extensions, setMarks, setReadOnly } from './writing/editor'
import { helpOf, type Teacher } from './writing/help'
import { Tree } from './writing/tree'

export function Designer({ first, root }: { first: Draft; root: Schema }) {
  const { t } = useTranslation('program')
  const may = useMay()
  const say = useFindingText()
  const teacher = useRef<Teacher | null>(null)
  const desk = useDesk(first, () => extensions(helpOf(() => teacher.current)))
  const { writing, saver } = desk
  const text = useText(writing)
  const saving = useSaving(saver)
  const reading = useReading(text)
  const fields = useFields(text, reading.isReadable)
  const [tab, setTab] = useUrlState('tab', 'design')
  const isReadOnly = !may('program:draft') || saving.phase === 'gone'

  useEffect(() => {
    setReadOnly(writing, isReadOnly)
  }, [writing, isReadOnly])
  useEffect(() => {
    setMarks(
      writing,
      reading.findings.map((finding) => {
        const [from, to] = spanAt(writing.text, finding.line, finding.column)
        const severity = finding.severity === 'error' ? 'error' : 'warning'
        return { from, to, severity, message: say(finding) }
      }),
    )
    // The words follow the language of the page, which the findings do not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [writing, reading.findings])

  const { parsed } = reading
  const reveal = useCallback<Form['reveal']>(
    (path) => {
      const range = new Tree(parsed.document).range(path)
      if (range) writing.reveal(range[0], range[0])
    },
    [writing, parsed],
  )
  const form = useMemo<Form>(
    () => ({
      root,
      value: reading.value,
      isReadOnly: isReadOnly || !reading.isReadable,
      findings: reading.findings,
      fields,
      edit: (change) => writing.edit(change),
      reveal,
    }),
    [
      root,
      reading.value,
      reading.isReadable,
      reading.findings,
      isReadOnly,
      fields,
      writing,
      reveal,
    ],
  )
  const panel = { desk, text, reading, onShow: setTab }
  return (
    <FormContext value={form}>
      <Teaching root={root} onKnow={(next) => (teacher.current = next)} />
      <DraftHead desk={desk} first={first} reading={reading} isReadOnly={isReadOnly} />
      <Tabs
        activeKey={tab}
        onChange={setTab}
        destroyOnHidden
        items={[
          { key: 'design', label: t('tabs.design'), children: <DesignTab {...panel} /> },
          { key: 'tests', label: t('tabs.tests'), children: <TestsPanel {...panel} /> },
          { key: 'try', label: t('tabs.try'), children: <TryPanel {...panel} /> },
          { key: 'changes', label: t('tabs.changes'), children: <DiffPanel {...panel} /> },
          { key: 'simulate', label: t('tabs.simulate'), children: <SimulatePanel {...panel} /> },
          { key: 'publish', label: t('tabs.publish'), children: <PublishPanel {...panel} /> },
        ]}
      />
      <LeaveGuard desk={desk} saving={saving} />
      <ConflictModal desk={desk} saving={saving} />
    </FormContext>
  )
}

/** Lets the editor know what the forms know. */
function Teaching({ root, onKnow }: { root: Schema; onKnow: (next: Teacher) => void }) {
  const names = useNames()
  const say = useChoiceName()
  const options = useOptions()
  useEffect(() => {
    onKnow({ root, names, say, options })
  })
  return null
}
