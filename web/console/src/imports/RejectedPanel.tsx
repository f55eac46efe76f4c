/** What an import rejected: with reasons, corrected here or in a file, and tried again. */
import { DownloadOutlined, RedoOutlined, UploadOutlined } from '@ant-design/icons'
import { api, type Schemas } from '@regulars/shared/api/client'
import { Alert, App, Button, Card, Flex, Skeleton, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { RejectedRecord, type Cells } from './RejectedRecord'
import type { Import } from './StateTag'
import { useFileProblem } from './fileProblems'
import type { Rejected } from './reasons'
import { useSending } from './sending'
import { Nothing } from '../shell/Nothing'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'

type Corrected = Schemas['CorrectionIn']['rows']

interface Props {
  file: Import
  onCorrected: () => void
}

export function RejectedPanel({ file, onCorrected }: Props) {
  const { t } = useTranslation('imports')
  const { message } = App.useApp()
  const [edited, setEdited] = useState<Record<string, Cells>>({})
  const path = { import_id: file.id }
  const cursor = useCursor()
  const found = api.useQuery('get', '/v1/imports/{import_id}/rejected', {
    params: { path, query: { limit: 20, cursor } },
  })
  const retry = api.useMutation('post', '/v1/imports/{import_id}/rejected:retry')
  const items = found.data?.items ?? []

  const again = (records: Rejected[]) => {
    const body: Schemas['CorrectionsIn'] = {
      records: records.map(({ id }) => ({ id, rows: (edited[id] ?? []) as Corrected })),
    }
    const onSuccess = (answer: Schemas['CorrectedPage']) => {
      const left = answer.items.filter((one) => one.result === 'rejected').length
      const taken = answer.items.length - left
      if (taken) message.success(t('rejected.taken', { count: taken }))
      if (left) message.warning(t('rejected.again', { count: left }))
      setEdited({})
      void found.refetch()
      onCorrected()
    }
    retry.mutate({ params: { path }, body }, { onSuccess })
  }
  return (
    <Card
      title={t('rejected.title')}
      extra={<FileDeeds file={file} />}
      styles={{ header: { flexWrap: 'wrap', paddingBlock: 8 } }}
    >
      <Flex vertical gap="middle">
        <Alert type="info" showIcon title={t('rejected.note')} />
        <ProblemAlert problem={found.error ?? retry.error} onRetry={() => void found.refetch()} />
        {!found.data && !found.error && <Skeleton active />}
        {found.data && !items.length && <Nothing text={t('rejected.none')} />}
        {items.map((one) => (
          <RejectedRecord
            key={one.id}
            columns={found.data?.columns ?? []}
            record={one}
            cells={edited[one.id] ?? one.rows}
            isBusy={retry.isPending}
            onChange={(cells) => setEdited({ ...edited, [one.id]: cells })}
            onRetry={() => again([one])}
          />
        ))}
        {items.length > 0 && (
          <Flex>
            <Button icon={<RedoOutlined />} loading={retry.isPending} onClick={() => again(items)}>
              {t('rejected.retryAll')}
            </Button>
          </Flex>
        )}
        <Pager next={found.data?.next} />
      </Flex>
    </Card>
  )
}

function FileDeeds({ file }: { file: Import }) {
  const { t } = useTranslation('imports')
  const navigate = useNavigate()
  const sending = useSending(file.id)
  const problem = useFileProblem(sending.problem)
  const send = async (chosen: File) => {
    const opened = await sending.send(chosen)
    if (opened) await navigate(`/imports/${opened.file.id}`)
  }
  return (
    <Flex gap="small" wrap>
      <Button
        icon={<DownloadOutlined />}
        href={`/v1/imports/${file.id}/rejected.csv`}
        download={`${file.id}-rejected.csv`}
      >
        {t('rejected.download')}
      </Button>
      {file.format !== 'ndjson' && (
        <Upload
          showUploadList={false}
          beforeUpload={(chosen) => {
            void send(chosen)
            return false
          }}
        >
          <Button icon={<UploadOutlined />} loading={sending.share !== undefined}>
            {t('rejected.upload')}
          </Button>
        </Upload>
      )}
      <ProblemAlert problem={problem} />
    </Flex>
  )
}
