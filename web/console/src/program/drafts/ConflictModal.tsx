/** Somebody else saved the draft meanwhile: both texts are shown, and nothing of either is lost. */
import { useFormats } from '@regulars/shared/formats'
import { Alert, Button, Card, Flex, Input, Modal, Radio, Tabs, Typography } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useActor } from '../../shell/actors'
import { clashes, merge, settle, type Choice, type Chunk } from '../writing/merge'
import type { Kept, Saving } from './saver'
import { TextDiff } from './TextDiff'
import { useText, type Desk } from './useDraft'

export function ConflictModal({ desk, saving }: { desk: Desk; saving: Saving }) {
  const { t } = useTranslation('program')
  const { theirs, base } = saving
  return (
    <Modal
      open={saving.phase === 'conflict' && !!theirs}
      title={t('conflict.title')}
      width={920}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={null}
      destroyOnHidden
    >
      {theirs && <Settling key={theirs.revision} desk={desk} base={base} theirs={theirs} />}
    </Modal>
  )
}

function Settling({ desk, base, theirs }: { desk: Desk; base: Kept; theirs: Kept }) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const who = useActor()
  const mine = useText(desk.writing)
  const chunks = useMemo(
    () => merge(base.document, mine, theirs.document),
    [base.document, mine, theirs.document],
  )
  const count = clashes(chunks)
  const [choices, setChoices] = useState<Choice[]>([])
  const [written, setWritten] = useState<string | null>(null)
  const both = written ?? settle(chunks, choices)
  const isChosen = Array.from({ length: count }, (_, at) => choices[at]).every(Boolean)

  const take = (document: string) => {
    // One step of the history: undoing it brings back what was here.
    desk.writing.replace(document)
    desk.saver.settle({ name: desk.saver.wanted.name, document })
  }
  return (
    <Flex vertical gap="middle">
      <Alert
        type="warning"
        showIcon
        title={t('conflict.text', {
          who: who(theirs.changed_by),
          when: formats.moment(theirs.changed_at),
        })}
        description={count ? t('conflict.clashes', { count }) : t('conflict.none')}
      />
      <Tabs
        items={[
          {
            key: 'both',
            label: t('conflict.both'),
            children: (
              <Merging
                chunks={chunks}
                choices={choices}
                text={both}
                onChoose={(next) => {
                  setChoices(next)
                  setWritten(null)
                }}
                onWrite={setWritten}
              />
            ),
          },
          {
            key: 'difference',
            label: t('conflict.difference'),
            children: <TextDiff before={theirs.document} after={mine} />,
          },
          {
            key: 'theirs',
            label: t('conflict.theirChange'),
            children: <TextDiff before={base.document} after={theirs.document} />,
          },
          {
            key: 'mine',
            label: t('conflict.myChange'),
            children: <TextDiff before={base.document} after={mine} />,
          },
        ]}
      />
      <Flex gap="small" wrap justify="end">
        <Button onClick={() => take(theirs.document)}>{t('conflict.takeTheirs')}</Button>
        <Button onClick={() => take(mine)}>{t('conflict.keepMine')}</Button>
        <Button type="primary" disabled={!isChosen && written === null} onClick={() => take(both)}>
          {t('conflict.takeBoth')}
        </Button>
      </Flex>
    </Flex>
  )
}

interface MergingProps {
  chunks: Chunk[]
  choices: Choice[]
  text: string
  onChoose: (next: Choice[]) => void
  onWrite: (next: string) => void
}

function Merging({ chunks, choices, text, onChoose, onWrite }: MergingProps) {
  const { t } = useTranslation('program')
  const open = chunks.filter((chunk) => chunk.kind === 'clash')
  const choose = (at: number, next: Choice) => {
    const after = [...choices]
    after[at] = next
    onChoose(after)
  }
  return (
    <Flex vertical gap="small">
      {open.map((clash, at) => (
        <Card key={at} size="small" title={t('conflict.place', { number: at + 1 })}>
          <Radio.Group
            value={choices[at]}
            onChange={(event) => choose(at, event.target.value as Choice)}
            style={{ display: 'flex', flexDirection: 'column', gap: 8 }}
          >
            {(['mine', 'theirs', 'both'] as const).map((one) => (
              <Radio key={one} value={one}>
                {t(`conflict.choice.${one}`)}
                {one !== 'both' && (
                  <Typography.Text code style={{ whiteSpace: 'pre-wrap', marginInlineStart: 8 }}>
                    {clash[one].join('\n') || t('conflict.nothing')}
                  </Typography.Text>
                )}
              </Radio>
            ))}
          </Radio.Group>
        </Card>
      ))}
      <label htmlFor="merged">{t('conflict.byHand')}</label>
      <Input.TextArea
        id="merged"
        value={text}
        autoSize={{ minRows: 6, maxRows: 14 }}
        style={{ fontFamily: 'monospace', fontSize: 12 }}
        onChange={(event) => onWrite(event.target.value)}
      />
    </Flex>
  )
}
