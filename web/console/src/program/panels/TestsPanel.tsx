/** The document's own examples, played as the text stands. */
import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons'
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { keepPreviousData } from '@tanstack/react-query'
import {
  Alert,
  Button,
  Collapse,
  Flex,
  Skeleton,
  Spin,
  Table,
  Tag,
  theme,
  Tooltip,
  Typography,
} from 'antd'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../../shell/Nothing'
import { ProblemAlert } from '../../shell/ProblemAlert'
import { useSettled } from '../drafts/useReading'
import { useForm } from '../forms/context'
import type { PanelProps } from '../panel'
import { accept } from './accepting'
import { Explanation, useEarned, useRuleName, useTierName, type Given } from './Explanation'

type Trial = Schemas['TrialAnswer']
type Step = Schemas['StepAnswer']

/** The examples of a text, played; null while they cannot be. */
export function useTests(text: string, isEnabled: boolean) {
  const settled = useSettled(text, 500)
  return api.useQuery(
    'post',
    '/v1/programs:test',
    { body: { document: settled } },
    {
      enabled: isEnabled && settled !== '',
      placeholderData: keepPreviousData,
      staleTime: Infinity,
      retry: false,
      gcTime: 60_000,
    },
  )
}

export function TestsPanel({ text, reading, onShow }: PanelProps) {
  const { t } = useTranslation('program')
  const { value, edit, isReadOnly } = useForm()
  const isEnabled = reading.isReadable
  const found = useTests(text, isEnabled)
  const count = Array.isArray(value.examples) ? value.examples.length : 0
  const add = (
    <Button type="primary" onClick={() => onShow('try')}>
      {t('tests.add')}
    </Button>
  )
  if (!isEnabled) return <Alert type="warning" showIcon title={t('forms.unreadable')} />
  if (found.error)
    return <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
  if (!count) return <Nothing text={t('tests.none')} action={add} />
  if (!found.data) return <Skeleton active />
  const failing = found.data.items.filter((one) => !one.passed)
  const failed = failing.length
  const take = (trials: Trial[]) => edit((tree) => accept(tree, trials))
  return (
    <Flex vertical gap="middle">
      <Flex justify="space-between" wrap gap="small">
        <Alert
          type={failed ? 'error' : 'success'}
          showIcon
          role="status"
          title={
            failed
              ? t('tests.failed', { count: failed, total: found.data.items.length })
              : t('tests.passed', { count: found.data.items.length })
          }
        />
        <Flex gap="small" align="center">
          {found.isFetching && <Spin size="small" />}
          {failed > 0 && !isReadOnly && (
            <Tooltip title={t('tests.acceptHint')}>
              <Button onClick={() => take(failing)}>{t('tests.acceptAll')}</Button>
            </Tooltip>
          )}
          {add}
        </Flex>
      </Flex>
      <Collapse
        size="small"
        defaultActiveKey={found.data.items.flatMap((one, at) => (one.passed ? [] : [String(at)]))}
        items={found.data.items.map((trial, at) => ({
          key: String(at),
          label: <Head trial={trial} />,
          children: (
            <div style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: 8 }}>
              {!trial.passed && !isReadOnly && (
                <div>
                  <Button size="small" onClick={() => take([trial])}>
                    {t('tests.accept')}
                  </Button>
                </div>
              )}
              <Steps trial={trial} />
            </div>
          ),
        }))}
      />
    </Flex>
  )
}

function Head({ trial }: { trial: Trial }) {
  const { t } = useTranslation('program')
  const { token } = theme.useToken()
  const Icon = trial.passed ? CheckCircleFilled : CloseCircleFilled
  return (
    <Flex gap="small">
      <Icon
        aria-label={trial.passed ? t('tests.fine') : t('tests.wrong')}
        style={{ color: trial.passed ? token.colorSuccess : token.colorError }}
      />
      <span>{trial.name}</span>
    </Flex>
  )
}

function Steps({ trial }: { trial: Trial }) {
  const { t } = useTranslation(['program', 'document'])
  const formats = useFormats()
  const { value } = useForm()
  const earned = useEarned()
  const tier = useTierName()
  const expected = useExpected()
  const zone = typeof value.time_zone === 'string' ? value.time_zone : undefined
  return (
    <Table<Step>
      size="small"
      rowKey="pointer"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={trial.steps}
      expandable={{
        expandedRowRender: (step) => <Explanation rules={step.got.explanation as Given[]} />,
        rowExpandable: (step) => step.got.explanation.length > 0,
      }}
      columns={[
        {
          key: 'event',
          title: t('tests.event'),
          render: (_, step) => (
            <>
              {t(`document:events.${step.type}`, { defaultValue: step.type })}
              <br />
              <Typography.Text type="secondary">
                {safely(() => formats.moment(step.time, zone))}
              </Typography.Text>
            </>
          ),
        },
        {
          key: 'expected',
          title: t('tests.expected'),
          render: (_, step) => expected(step.expected).map((line) => <div key={line}>{line}</div>),
        },
        {
          key: 'got',
          title: t('tests.got'),
          render: (_, step) => (
            <>
              <div>
                {step.got.refused
                  ? t('tests.refused', { code: step.got.refused })
                  : earned(step.got.earned)}
              </div>
              {step.got.tier && <div>{t('tests.tier', { tier: tier(step.got.tier) })}</div>}
              {step.words.map((line) => (
                <Typography.Text key={line} type="danger" style={{ display: 'block' }}>
                  {line}
                </Typography.Text>
              ))}
            </>
          ),
        },
        {
          key: 'passed',
          title: t('tests.result'),
          render: (_, step) => (
            <Tag color={step.passed ? 'success' : 'error'}>
              {step.passed ? t('tests.fine') : t('tests.wrong')}
            </Tag>
          ),
        },
      ]}
    />
  )
}

function useExpected(): (expected: Schemas['ExpectedAnswer']) => string[] {
  const { t } = useTranslation(['program', 'document'])
  const formats = useFormats()
  const earned = useEarned()
  const rule = useRuleName()
  const tier = useTierName()
  return (expected) => [
    ...(expected.earned ? [earned(expected.earned)] : []),
    ...Object.entries(expected.rules ?? {}).map(
      ([id, points]) => `${rule(id)}: ${formats.signed(points)}`,
    ),
    ...Object.entries(expected.reasons ?? {}).map(
      ([id, why]) => `${rule(id)}: ${t(`document:choices.${why}`, { defaultValue: why })}`,
    ),
    ...(expected.tier ? [t('tests.tier', { tier: tier(expected.tier) })] : []),
    ...(expected.refused ? [t('tests.refused', { code: expected.refused })] : []),
  ]
}

/** A zone that is just being typed may be none yet. */
function safely(say: () => string): string {
  try {
    return say()
  } catch {
    return ''
  }
}
