/** One event under the draft: what it would bring, and why. Nothing is written. */
import { api } from '@regulars/shared/api/client'
import { Alert, App, Button, Card, Col, Flex, Input, Radio, Row } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { useMay } from '../../shell/session'
import { useForm } from '../forms/context'
import { digitsOf, plain } from '../forms/scalars'
import type { PanelProps } from '../panel'
import type { Given } from './Explanation'
import { ReceiptForm } from './ReceiptForm'
import { dataOf, EMPTY_LINE, instantOf, localOf, type Receipt } from './receipts'
import { EMPTY_SOMEBODY, SomebodyForm, somebodyOf, type Somebody } from './SomebodyForm'
import { Decision } from './Decision'

export function TryPanel({ text, reading }: PanelProps) {
  const { t } = useTranslation('program')
  const { message } = App.useApp()
  const may = useMay()
  const { value, edit, isReadOnly } = useForm()
  const zone = plain(value.time_zone) || 'UTC'
  const money = plain(value.money)
  const [receipt, setReceipt] = useState<Receipt>(() => ({
    type: 'purchase',
    time: localOf(new Date(), zone),
    total: 50,
    store: '',
    channel: '',
    payment: '',
    lines: [EMPTY_LINE],
  }))
  const [somebody, setSomebody] = useState<Somebody>(EMPTY_SOMEBODY)
  const [isRaw, setRaw] = useState(false)
  const [raw, setText] = useState('')
  const [fault, setFault] = useState('')
  const attempt = api.useMutation('post', '/v1/programs:try')

  const event = () => ({
    specversion: '1.0',
    id: `try-${receipt.time}`,
    source: 'designer',
    type: receipt.type,
    subject: 'card:try',
    time: instantOf(receipt.time, zone),
    data: dataOf(receipt, money, 10 ** digitsOf(money)),
  })
  const run = () => {
    let sent: unknown = event()
    try {
      if (isRaw) sent = JSON.parse(raw)
      setFault('')
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
      return
    }
    const member = somebodyOf(somebody)
    attempt.mutate({ body: { document: text, event: sent as never, ...member } as never })
  }
  const tried = attempt.data
  const sent = attempt.variables?.body as
    { document: string; event?: Record<string, unknown> } | undefined
  const keep = () => {
    if (!tried || !sent?.event) return
    const { type, time, data } = sent.event
    const explained = tried.explanation as Given[]
    const rules = Object.fromEntries(
      explained.filter((one) => one.applied).map((one) => [one.rule, one.points]),
    )
    const example = {
      name: t('try.exampleName', { number: examplesIn(value) + 1 }),
      ...startOf(somebody),
      events: [
        {
          type,
          time,
          data,
          expect: tried.refused
            ? { refused: tried.refused }
            : { earn: tried.earned, ...(Object.keys(rules).length ? { rules } : {}) },
        },
      ],
    }
    edit((tree) => tree.insert(['examples'], examplesIn(value), example))
    message.success(t('try.kept'))
  }
  if (!reading.isReadable) return <Alert type="warning" showIcon title={t('forms.unreadable')} />
  return (
    <Row gutter={[16, 16]}>
      <Col xs={24} xl={12}>
        <Flex vertical gap="middle">
          <Card size="small" title={t('try.what')}>
            <Flex vertical gap="middle">
              <Radio.Group
                value={isRaw}
                aria-label={t('try.how')}
                onChange={(change) => {
                  if (change.target.value) setText(JSON.stringify(event(), null, 2))
                  setRaw(change.target.value as boolean)
                }}
                options={[
                  { value: false, label: t('try.form') },
                  { value: true, label: t('try.raw') },
                ]}
              />
              {isRaw ? (
                <Input.TextArea
                  aria-label={t('try.raw')}
                  autoSize={{ minRows: 10, maxRows: 24 }}
                  style={{ fontFamily: 'monospace', fontSize: 12 }}
                  status={fault ? 'error' : ''}
                  value={raw}
                  onChange={(change) => setText(change.target.value)}
                />
              ) : (
                <ReceiptForm receipt={receipt} onChange={setReceipt} zone={zone} money={money} />
              )}
              {fault && <Alert type="error" role="alert" title={t('try.noJson', { fault })} />}
            </Flex>
          </Card>
          <Card size="small" title={t('try.whom')}>
            <SomebodyForm
              somebody={somebody}
              onChange={setSomebody}
              mayName={may('members:read')}
            />
          </Card>
          <Button type="primary" loading={attempt.isPending} onClick={run}>
            {t('try.go')}
          </Button>
        </Flex>
      </Col>
      <Col xs={24} xl={12}>
        <Flex vertical gap="middle">
          <ProblemAlert problem={attempt.error} />
          {tried && sent?.document !== text && (
            <Alert type="warning" showIcon title={t('try.earlier')} />
          )}
          <Decision tried={tried} />
          {tried && !isReadOnly && somebody.kind !== 'member' && (
            <div>
              <Button onClick={keep}>{t('try.keep')}</Button>
            </div>
          )}
        </Flex>
      </Col>
    </Row>
  )
}

function examplesIn(value: Record<string, unknown>): number {
  return Array.isArray(value.examples) ? value.examples.length : 0
}

/** How the member of an example begins. */
function startOf(somebody: Somebody): Record<string, unknown> {
  const { somebody: start } = somebodyOf(somebody)
  if (!start) return {}
  const { tier, purchases, attributes } = start
  const member = {
    ...(tier ? { tier } : {}),
    ...(purchases ? { purchases } : {}),
    ...(Object.keys(attributes).length ? { attributes } : {}),
  }
  return Object.keys(member).length ? { member } : {}
}
