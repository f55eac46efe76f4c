/** The way into force: what changes, whether it is right, from when on. */
import {
  BulbOutlined,
  CheckCircleFilled,
  CloseCircleFilled,
  ExclamationCircleFilled,
  LoadingOutlined,
} from '@ant-design/icons'
import { client, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Card, Flex, Input, Radio, Result, theme } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { useSecondFactor } from '../../shell/SecondFactor'
import { useMay } from '../../shell/session'
import { useSaving } from '../drafts/useDraft'
import { useForm } from '../forms/context'
import { plain } from '../forms/scalars'
import type { PanelProps } from '../panel'
import { Changes } from './DiffPanel'
import { Named } from './ReceiptForm'
import { instantOf } from './receipts'
import { useTests } from './TestsPanel'

type Outcome =
  | { kind: 'published'; version: Schemas['VersionAnswer'] }
  | { kind: 'waits'; approval: Schemas['ApprovalAnswer'] }

export function PublishPanel({ desk, text, reading, onShow }: PanelProps) {
  const { t } = useTranslation('program')
  const may = useMay()
  const guarded = useSecondFactor()
  const queries = useQueryClient()
  const { value } = useForm()
  const saving = useSaving(desk.saver)
  const tests = useTests(text, reading.isReadable)
  const zone = plain(value.time_zone) || 'UTC'
  const [isLater, setLater] = useState(false)
  const [local, setLocal] = useState('')
  const [note, setNote] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [outcome, setOutcome] = useState<Outcome | null>(null)

  const failed = tests.data?.items.filter((one) => !one.passed).length ?? 0
  const errors = reading.findings.filter((one) => one.severity === 'error').length
  const doubts = reading.findings.length - errors
  const isRight = reading.isPublishable && !!tests.data && !failed
  const mayPublish = may('program:publish')
  const isReady = isRight && (!isLater || local !== '') && mayPublish

  const publish = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await desk.saver.flush()
      const body = {
        document: desk.writing.text,
        draft: desk.draft,
        note: note.trim(),
        in_force_from: isLater ? instantOf(local, zone) : null,
      }
      const answer = await guarded(() => told(client.POST('/v1/programs:publish', { body })))
      setOutcome(
        'approval' in answer
          ? { kind: 'waits', approval: answer }
          : { kind: 'published', version: answer },
      )
      await queries.invalidateQueries()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  if (outcome) return <Told outcome={outcome} zone={zone} onAgain={() => setOutcome(null)} />
  return (
    <Flex vertical gap="middle">
      <Card size="small" title={t('publish.checklist')}>
        <Flex vertical gap="small" component="ul" style={{ margin: 0, padding: 0 }}>
          <Item
            state={!reading.isChecked ? 'waits' : errors ? 'wrong' : doubts ? 'doubt' : 'fine'}
            action={<More onClick={() => onShow('design')} />}
          >
            {errors
              ? t('lint.errors', { count: errors })
              : doubts
                ? t('publish.doubts', { count: doubts })
                : t('lint.fine')}
          </Item>
          <Item
            state={!tests.data ? 'waits' : failed ? 'wrong' : 'fine'}
            action={<More onClick={() => onShow('tests')} />}
          >
            {failed
              ? t('tests.failed', { count: failed, total: tests.data?.items.length ?? 0 })
              : t('tests.passed', { count: tests.data?.items.length ?? 0 })}
          </Item>
          <Item state={saving.phase === 'saved' ? 'fine' : 'waits'}>
            {t(`saving.${saving.phase}`)}
          </Item>
          <Item state="hint" action={<More onClick={() => onShow('simulate')} />}>
            {t('publish.simulate')}
          </Item>
        </Flex>
      </Card>
      <Card size="small" title={t('publish.changes')}>
        <Changes text={text} isEnabled={reading.isReadable && !errors} />
      </Card>
      <Card size="small" title={t('publish.when')}>
        <Flex vertical gap="middle">
          <Radio.Group
            value={isLater}
            aria-label={t('publish.when')}
            onChange={(event) => setLater(event.target.value as boolean)}
            options={[
              { value: false, label: t('publish.atOnce') },
              { value: true, label: t('publish.later') },
            ]}
          />
          {isLater && (
            <Named label={t('publish.instant', { zone })}>
              {(id) => (
                <Input
                  id={id}
                  type="datetime-local"
                  style={{ maxWidth: 260 }}
                  value={local}
                  onChange={(event) => setLocal(event.target.value)}
                />
              )}
            </Named>
          )}
          <Named label={t('publish.note')}>
            {(id) => (
              <Input.TextArea
                id={id}
                rows={2}
                maxLength={500}
                showCount
                value={note}
                placeholder={t('publish.noteHint')}
                onChange={(event) => setNote(event.target.value)}
              />
            )}
          </Named>
          {problem !== null && <ProblemAlert problem={problem} />}
          {!mayPublish && <Alert type="info" showIcon title={t('publish.mayNot')} />}
          <div>
            <Button
              type="primary"
              disabled={!isReady}
              loading={isBusy}
              onClick={() => void publish()}
            >
              {isLater ? t('publish.goLater') : t('publish.go')}
            </Button>
          </div>
        </Flex>
      </Card>
    </Flex>
  )
}

type State = 'fine' | 'doubt' | 'wrong' | 'waits' | 'hint'

interface ItemProps {
  state: State
  action?: ReactNode
  children: ReactNode
}

function Item({ state, action, children }: ItemProps) {
  const { t } = useTranslation('program')
  const { token } = theme.useToken()
  const label = t(`publish.states.${state}`)
  const icons: Record<State, ReactNode> = {
    fine: <CheckCircleFilled aria-label={label} style={{ color: token.colorSuccess }} />,
    doubt: <ExclamationCircleFilled aria-label={label} style={{ color: token.colorWarning }} />,
    wrong: <CloseCircleFilled aria-label={label} style={{ color: token.colorError }} />,
    waits: <LoadingOutlined aria-label={label} />,
    hint: <BulbOutlined aria-label={label} style={{ color: token.colorTextSecondary }} />,
  }
  return (
    <Flex component="li" gap="small" align="center" style={{ listStyle: 'none' }}>
      {icons[state]}
      <span>{children}</span>
      {action}
    </Flex>
  )
}

function More({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation('program')
  return (
    <Button type="link" size="small" onClick={onClick}>
      {t('publish.look')}
    </Button>
  )
}

interface ToldProps {
  outcome: Outcome
  zone: string
  onAgain: () => void
}

function Told({ outcome, zone, onAgain }: ToldProps) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const again = <Button onClick={onAgain}>{t('publish.again')}</Button>
  if (outcome.kind === 'waits')
    return (
      <Result
        status="info"
        title={t('publish.waits')}
        subTitle={t('publish.waitsText')}
        extra={[
          <Link key="approvals" to="/ledger/approvals">
            {t('publish.approvals')}
          </Link>,
        ]}
      />
    )
  const { version, in_force_from } = outcome.version
  return (
    <Result
      status="success"
      title={t('publish.done', { version })}
      subTitle={t('publish.from', { when: formats.moment(in_force_from, zone), zone })}
      extra={[
        <Link key="program" to="/program">
          {t('publish.toProgram')}
        </Link>,
        <span key="again">{again}</span>,
      ]}
    />
  )
}
