/** What a draft changes, in words, and line by line. */
import { api } from '@regulars/shared/api/client'
import { keepPreviousData } from '@tanstack/react-query'
import { Alert, Card, Flex, Segmented, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../../shell/ProblemAlert'
import { TextDiff } from '../drafts/TextDiff'
import { useSettled } from '../drafts/useReading'
import type { PanelProps } from '../panel'
import { ChangeList } from './ChangeList'

export function DiffPanel({ text, reading }: PanelProps) {
  const { t } = useTranslation('program')
  const [view, setView] = useState('words')
  const current = api.useQuery('get', '/v1/programs/current', {}, { retry: false })
  const isEnabled = reading.isReadable && !reading.findings.some((one) => one.severity === 'error')
  return (
    <Flex vertical gap="middle">
      <div>
        <Segmented
          value={view}
          onChange={setView}
          options={['words', 'text'].map((one) => ({ value: one, label: t(`diff.${one}`) }))}
        />
      </div>
      <Card
        size="small"
        title={
          current.data ? t('diff.against', { version: current.data.version }) : t('diff.title')
        }
      >
        {view === 'words' ? (
          <Changes text={text} isEnabled={isEnabled} />
        ) : (
          <TextDiff before={current.data?.document ?? ''} after={text} />
        )}
      </Card>
    </Flex>
  )
}

/** The sentences, grouped by section. */
export function Changes({ text, isEnabled }: { text: string; isEnabled: boolean }) {
  const { t } = useTranslation('program')
  const document = useSettled(text, 500)
  const found = api.useQuery(
    'post',
    '/v1/programs:diff',
    { body: { document, against: null } },
    {
      enabled: isEnabled && document !== '',
      placeholderData: keepPreviousData,
      retry: false,
      staleTime: 30_000,
      gcTime: 60_000,
    },
  )
  if (!isEnabled) return <Alert type="warning" showIcon title={t('diff.errorsFirst')} />
  if (found.error)
    return <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Skeleton active />
  return <ChangeList changes={found.data.items} />
}
